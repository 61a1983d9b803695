import Diagnostics
import Files
import Foundation
import Synchronization
import SystemPackage

/// The program that speaks to hosts: object stores, SFTP, WebDAV and folders.
///
/// It finds credentials in its own configuration and environment.
struct Rclone: Sendable {
  private let program: ExternalProgram
  private let environment: [String: String]
  /// As rclone writes it, without a slash at its end.
  let remote: String
  /// A folder of this machine for lists and answers.
  let work: FilePath
  let transfers: Int

  /// What the target can do.
  struct Features: Decodable {
    struct Flags: Decodable {
      let BucketBased: Bool?
      let CanHaveEmptyDirectories: Bool?
    }
    let Hashes: [String]?
    let Features: Flags?

    /// Whether it tells hashes of what it has, so that bytes can be compared without fetching them.
    var comparesBytes: Bool { !(Hashes ?? []).isEmpty }
    var isObjectStore: Bool { Features?.BucketBased ?? false }
    var keepsEmptyFolders: Bool { Features?.CanHaveEmptyDirectories ?? true }
  }

  static let missing = Diagnostic(
    "missing-rclone", at: SourceLocation(path: "rclone"),
    message: "The site is uploaded by the program rclone, and it is not installed",
    hint: "install version 1.60 or newer: `apt-get install rclone` (Debian), `brew install rclone`"
      + " or https://rclone.org/downloads/")

  /// - Returns: nil where rclone is not installed.
  init?(remote: String, work: FilePath, transfers: Int) {
    let environment = ProcessInfo.processInfo.environment
    guard let program = ExternalProgram("rclone", environment: environment) else { return nil }
    self.program = program
    self.work = work
    self.transfers = transfers
    self.remote = remote.count > 1 && remote.hasSuffix("/") ? String(remote.dropLast()) : remote
    // A bucket is made by those who pay for it; a key for one bucket may not even ask for others.
    let ownBuckets = [
      "RCLONE_S3_NO_CHECK_BUCKET": "true", "RCLONE_GCS_NO_CHECK_BUCKET": "true",
      "RCLONE_AZUREBLOB_NO_CHECK_CONTAINER": "true", "RCLONE_B2_NO_CHECK_BUCKET": "true",
    ]
    self.environment = environment.merging(ownBuckets) { own, _ in own }
  }

  /// A path at the target.
  private func place(_ path: String) -> String {
    if path.isEmpty { return remote }
    return remote.hasSuffix(":") || remote.hasSuffix("/") ? remote + path : "\(remote)/\(path)"
  }

  // MARK: Reading

  /// The bytes of a file at the target; nil where there is none.
  func read(_ path: String, limit: Int) throws -> [UInt8]? {
    let answer = try run(["cat", "--count", "\(limit + 1)", "--", place(path)])
    if answer.isMissing { return nil }
    guard answer.status == 0 else { throw failure("read \(path) at the target", answer) }
    // What a bucket does not have is an empty answer, and no file of the program is empty.
    if answer.output.isEmpty { return nil }
    guard answer.output.count <= limit else {
      throw MachineFailure("read \(path) at the target", reason: "it is longer than it can be")
    }
    return answer.output
  }

  /// Copies small files of a folder of the target to this machine; none where there is no such folder.
  ///
  /// - Parameter patterns: what rclone takes for the names of these files.
  func fetch(_ patterns: [String], of folder: String, limit: Int) throws -> [String: [UInt8]] {
    let local = work.appending("fetched")
    if FileManager.default.fileExists(atPath: local.string) {
      try FileManager.default.removeItem(atPath: local.string)
    }
    let answer = try run(
      ["copy", "--max-depth", "1", "--max-size", "\(limit)B", "--local-no-check-updated"]
        + patterns.flatMap { ["--include", "/\($0)"] } + ["--", place(folder), local.string])
    if answer.isMissing { return [:] }
    guard answer.status == 0 else { throw failure("read \(folder) at the target", answer) }
    var files: [String: [UInt8]] = [:]
    guard FileManager.default.fileExists(atPath: local.string) else { return files }
    for name in try FileManager.default.contentsOfDirectory(atPath: local.string) {
      files[name] = try SourceFile.readBytes(local.appending(name), displayPath: name)
    }
    return files
  }

  func features() throws -> Features {
    let answer = try run(["backend", "features", "--", remote])
    guard answer.status == 0 else { throw failure("ask the target what it can do", answer) }
    return try JSONDecoder().decode(Features.self, from: Data(answer.output))
  }

  /// The paths of all files at the target.
  ///
  /// - Parameter certificates: whether those of certificates are among them, which are many.
  func list(certificates: Bool) throws -> [String] {
    let filter = certificates ? [] : ["--exclude", "/c/**"]
    let answer = try run(["lsf", "--recursive", "--files-only"] + filter + ["--", remote])
    if answer.isMissing { return [] }
    guard answer.status == 0 else { throw failure("list the target", answer) }
    return String(decoding: answer.output, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// The names in a folder of the target, those of folders with a slash; none where there is no
  /// such folder.
  func names(in folder: String) throws -> [String] {
    let answer = try run(["lsf", "--max-depth", "1", "--", place(folder)])
    if answer.isMissing { return [] }
    guard answer.status == 0 else { throw failure("list the target", answer) }
    return String(decoding: answer.output, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  // MARK: Writing

  /// How an upload ended.
  struct Copied {
    /// The paths of files that are there for sure.
    var paths: Set<String> = []
    /// The paths of those that travelled.
    var sent: Set<String> = []
    /// How many of those were not there before; known only where rclone compared.
    var added = 0
    /// nil when all are there.
    var problem: MachineFailure?
    var isLost = false
    /// Why the caller ended it.
    var stop: (any Error)?
  }

  /// Uploads files of a folder.
  ///
  /// - Parameters:
  ///   - comparing: whether what is there with the same bytes stays; everything is sent otherwise.
  ///   - done: is called with the number of files that are there, at least once a second; what it
  ///     throws ends the upload and is its `stop`.
  func copy(
    _ paths: [String], of folder: FilePath, contentType: String, cacheControl: String,
    comparing: Bool, done: (Int) throws -> Void = { _ in }
  ) throws -> Copied {
    let list = try write(paths, to: "files")
    let arguments =
      ["copy", "--files-from-raw", list.string, "--no-traverse"]
      + [comparing ? "--checksum" : "--no-check-dest", "--stats", "1s"]
      + ["--header-upload", "Content-Type: \(contentType)"]
      + ["--header-upload", "Cache-Control: \(cacheControl)"]
      + ["--transfers", "\(transfers)", "--checkers", "\(transfers)", "--retries", "1"]
      + ["--", folder.string, remote]
    var copied = Copied()
    var compared = 0
    let answer = try run(arguments) { line in
      if line.msg.hasPrefix("Copied"), let path = line.object, copied.sent.insert(path).inserted,
        line.msg.hasPrefix("Copied (new)")
      {
        copied.added += 1
      }
      compared = line.stats?.checks ?? compared
      guard copied.stop == nil else { return }
      do {
        try done(min(paths.count, max(copied.sent.count, compared + copied.added)))
      } catch {
        copied.stop = error
        throw error
      }
    }
    copied.paths = copied.sent
    if copied.stop != nil { return copied }
    if answer.status == 0, comparing || copied.sent.count == paths.count {
      copied.paths = Set(paths)
      return copied
    }
    copied.problem =
      answer.status == 0
      ? MachineFailure("upload", reason: "files of the site went missing while they were uploaded")
      : failure("upload", answer)
    copied.isLost = answer.isFinal
    return copied
  }

  /// Deletes files at the target.
  ///
  /// - Returns: how many of them were there.
  @discardableResult
  func delete(_ paths: [String]) throws -> Int {
    guard !paths.isEmpty else { return 0 }
    let list = try write(paths, to: "files")
    var count = 0
    let answer = try run([
      "delete", "--files-from-raw", list.string, "--no-traverse", "--checkers", "\(transfers)",
      "--", remote,
    ]) { line in
      if line.msg == "Deleted" { count += 1 }
    }
    guard answer.status == 0 || answer.isMissing else {
      throw failure("delete files at the target", answer)
    }
    return count
  }

  /// Removes folders that became empty; one that did not stays.
  func removeEmptyFolders(_ folders: [String]) throws {
    for folder in folders { _ = try run(["rmdir", "--", place(folder)]) }
  }

  // MARK: Running

  /// A line of rclone's log.
  private struct Line: Decodable {
    let level: String?
    let msg: String
    let object: String?
    let stats: Stats?

    struct Stats: Decodable {
      let checks: Int?
    }
  }

  private struct Answer {
    let ending: ExternalProgram.Outcome
    let problems: [String]

    var status: Int32 { ending.status }
    var isKilled: Bool { ending.isKilled }
    var output: [UInt8] { ending.output }

    /// No such folder, no such file.
    var isMissing: Bool { !isKilled && (status == 3 || status == 4) }
    /// Another try would end in the same way.
    var isFinal: Bool { isKilled || status == 7 }
  }

  private func run(
    _ arguments: [String], onLine: (Line) throws -> Void = { _ in }
  ) throws -> Answer {
    var problems: [String] = []
    let ending = try program.run(
      [arguments[0]] + Self.usual + arguments.dropFirst(), environment: environment
    ) { bytes in
      guard !bytes.isEmpty else { return true }
      let line: Line
      do {
        line = try JSONDecoder().decode(Line.self, from: Data(bytes))
      } catch {
        // Before its log is set up, rclone writes plain lines.
        line = Line(
          level: "error", msg: String(decoding: bytes, as: UTF8.self), object: nil, stats: nil)
      }
      if line.level == "error" || line.level == "critical" {
        problems.append([line.object, line.msg].compactMap(\.self).joined(separator: ": "))
      }
      if problems.count > 20 { problems.remove(at: 10) }
      do {
        try onLine(line)
        return true
      } catch {
        // The caller has kept why.
        return false
      }
    }
    return Answer(ending: ending, problems: problems)
  }

  private static let usual = [
    "--use-json-log", "--log-level", "INFO", "--stats", "0", "--ask-password=false",
    // With a shell at the other end, rclone would run a command there for each file, to compare a
    // hash with what it sent a moment ago.
    "--sftp-disable-hashcheck", "--sftp-shell-type", "none",
  ]

  /// What rclone says, whole: the last problem alone is often that there were some.
  private func failure(_ action: String, _ answer: Answer) -> MachineFailure {
    if answer.isKilled { return MachineFailure(action, reason: "rclone was stopped") }
    var said: [String] = []
    for problem in answer.problems {
      for line in problem.split(whereSeparator: \.isNewline).map({ visible(String($0)) })
      where !said.contains(line) { said.append(line) }
    }
    return MachineFailure(
      action,
      reason: said.isEmpty
        ? "rclone says nothing, and ends with \(answer.status)"
        : "rclone says: " + said.joined(separator: "\n  "))
  }

  private func write(_ paths: [String], to name: String) throws -> FilePath {
    let file = work.appending(name)
    try Data(paths.map { $0 + "\n" }.joined().utf8).write(to: URL(filePath: file.string))
    return file
  }
}
