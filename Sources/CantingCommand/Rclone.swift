import Diagnostics
import Foundation
import Synchronization
import SystemPackage

/// The program that speaks to hosts: object stores, SFTP, WebDAV and folders.
///
/// It is started with its arguments as they are, never through a shell, and finds credentials in
/// its own configuration and environment.
struct Rclone: Sendable {
  /// The program's file.
  private let program: FilePath
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
    let folders = (environment["PATH"] ?? "").split(separator: ":").map { FilePath(String($0)) }
    let found = folders.map { $0.appending("rclone") }.first {
      $0.isAbsolute && FileManager.default.isExecutableFile(atPath: $0.string)
    }
    guard let found else { return nil }
    program = found
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

  /// Whether the target has nothing at all.
  func isEmpty() throws -> Bool {
    let answer = try run(["lsf", "--max-depth", "1", "--", remote])
    guard answer.status == 0 || answer.isMissing else { throw failure("list the target", answer) }
    return answer.output.isEmpty
  }

  // MARK: Writing

  /// How an upload ended.
  struct Copied {
    /// The paths of files that are there for sure.
    var paths: Set<String> = []
    /// nil when all are there.
    var problem: MachineFailure?
    var isLost = false
  }

  /// Uploads files of a folder.
  ///
  /// - Parameters:
  ///   - comparing: whether what is there with the same bytes stays; everything is sent otherwise.
  ///   - done: is called for each file that arrived.
  func copy(
    _ paths: [String], of folder: FilePath, contentType: String, cacheControl: String,
    comparing: Bool, done: @Sendable () -> Void = {}
  ) throws -> Copied {
    let list = try write(paths, to: "files")
    let arguments =
      ["copy", "--files-from-raw", list.string, "--no-traverse"]
      + [comparing ? "--checksum" : "--no-check-dest"]
      + ["--header-upload", "Content-Type: \(contentType)"]
      + ["--header-upload", "Cache-Control: \(cacheControl)"]
      + ["--transfers", "\(transfers)", "--checkers", "\(transfers)", "--retries", "1"]
      + ["--", folder.string, remote]
    var copied = Copied()
    let answer = try run(arguments) { line in
      guard line.msg.hasPrefix("Copied"), let path = line.object else { return }
      copied.paths.insert(path)
      done()
    }
    if answer.status == 0, comparing || copied.paths.count == paths.count {
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
  func delete(_ paths: [String]) throws {
    let list = try write(paths, to: "files")
    let answer = try run([
      "delete", "--files-from-raw", list.string, "--no-traverse", "--checkers", "\(transfers)",
      "--",
      remote,
    ])
    guard answer.status == 0 || answer.isMissing else {
      throw failure("delete files at the target", answer)
    }
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
  }

  private struct Answer {
    let status: Int32
    let isKilled: Bool
    let output: [UInt8]
    let problems: [String]

    /// No such folder, no such file.
    var isMissing: Bool { !isKilled && (status == 3 || status == 4) }
    /// Another try would end in the same way.
    var isFinal: Bool { isKilled || status == 7 }
  }

  private func run(
    _ arguments: [String], onLine: (Line) -> Void = { _ in }
  ) throws -> Answer {
    let output = work.appending("answer")
    guard FileManager.default.createFile(atPath: output.string, contents: nil),
      let answer = FileHandle(forWritingAtPath: output.string)
    else { throw MachineFailure("write \(output)", reason: "the folder cannot be written") }
    let log = Pipe()
    let process = Process()
    process.executableURL = URL(filePath: program.string)
    let usual = [
      "--use-json-log", "--log-level", "INFO", "--stats", "0", "--ask-password=false",
    ]
    process.arguments = [arguments[0]] + usual + arguments.dropFirst()
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = answer
    process.standardError = log
    do {
      try process.run()
    } catch {
      throw MachineFailure("start rclone", reason: error.localizedDescription)
    }
    var problems: [String] = []
    var rest: [UInt8] = []
    func take(_ bytes: ArraySlice<UInt8>) {
      guard !bytes.isEmpty else { return }
      do {
        let line = try JSONDecoder().decode(Line.self, from: Data(bytes))
        onLine(line)
        if line.level == "error" || line.level == "critical" {
          problems.append([line.object, line.msg].compactMap(\.self).joined(separator: ": "))
        }
      } catch {
        // Before its log is set up, rclone writes plain lines.
        problems.append(String(decoding: bytes, as: UTF8.self))
      }
      if problems.count > 20 { problems.removeFirst() }
    }
    while let piece = try log.fileHandleForReading.read(upToCount: 1 << 16), !piece.isEmpty {
      rest += piece
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        take(rest[..<end])
        rest.removeSubrange(...end)
      }
    }
    take(rest[...])
    process.waitUntilExit()
    try answer.close()
    return Answer(
      status: process.terminationStatus, isKilled: process.terminationReason == .uncaughtSignal,
      output: try SourceFile.readBytes(output, shownAs: output.string) ?? [], problems: problems)
  }

  private func failure(_ action: String, _ answer: Answer) -> MachineFailure {
    let last = answer.problems.last.map { visible($0) }
    return MachineFailure(
      action,
      reason: answer.isKilled
        ? "rclone was stopped" : "rclone says: \(last ?? "nothing, and ends with \(answer.status)")"
    )
  }

  private func write(_ paths: [String], to name: String) throws -> FilePath {
    let file = work.appending(name)
    try Data(paths.map { $0 + "\n" }.joined().utf8).write(to: URL(filePath: file.string))
    return file
  }
}
