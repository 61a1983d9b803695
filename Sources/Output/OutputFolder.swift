public import Diagnostics
import Files
import Foundation
package import Layout
public import Proof
public import SystemPackage

/// The folder that the site is written into, and what the last build left there.
///
/// Every file appears whole or not at all: its bytes are written beside the site and then renamed
/// into place. What the program wrote is remembered in `.canting/manifest`, as hashes of paths,
/// since a list of certificate addresses must not lie on a public host.
public struct OutputFolder: Sendable {
  let folder: FilePath
  package let displayPath: String
  package let previous: OutputManifest

  package static let manifestPath = OutputPath("\(OutputPath.stateFolder)/manifest")
  /// Files that people keep in an otherwise empty output folder.
  private static let harmless: Set<String> = [".gitkeep", ".gitignore", ".DS_Store"]

  /// Looks at the folder without changing it.
  ///
  /// - Returns: nil, with a finding, for a folder with files that the program did not make.
  public static func open(
    _ folder: FilePath, displayPath path: String, findings: inout Findings
  ) throws(MachineFailure) -> OutputFolder? {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: folder.string, isDirectory: &isFolder),
      !isFolder.boolValue
    {
      findings.add(
        Diagnostic(
          "foreign-output", at: SourceLocation(path: path),
          message: "The site is written into a folder of its own, and this is a file",
          hint: "choose a folder with --output"))
      return nil
    }
    let manifestFile = folder.appending(OutputPath.stateFolder).appending("manifest")
    let shownManifest = "\(path)/\(OutputPath.stateFolder)/manifest"
    if let bytes = try SourceFile.readBytes(manifestFile, displayPath: shownManifest) {
      if let manifest = OutputManifest(bytes) {
        return OutputFolder(folder: folder, displayPath: path, previous: manifest)
      }
      findings.add(
        Diagnostic(
          "damaged-manifest", at: SourceLocation(path: shownManifest),
          message: "The manifest says which files of the output folder are the program's own",
          hint:
            "it was cut or changed, or another version of Canting wrote it: move \(path) away and"
            + " build into an empty folder"))
      return nil
    }
    if let foreign = try foreignEntry(in: folder, displayPath: path) {
      findings.add(
        Diagnostic(
          "foreign-output", at: SourceLocation(path: path),
          message: "The site is written into a folder of its own, and this one holds `\(foreign)`",
          hint: "choose another folder with --output, or empty this one"))
      return nil
    }
    return OutputFolder(folder: folder, displayPath: path, previous: OutputManifest(paths: []))
  }

  private static func foreignEntry(
    in folder: FilePath, displayPath path: String
  ) throws(MachineFailure) -> String? {
    guard FileManager.default.fileExists(atPath: folder.string) else { return nil }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder.string).sorted()
        .first { !harmless.contains($0) && $0 != OutputPath.stateFolder }
    } catch {
      throw MachineFailure("read \(path)", reason: error.localizedDescription)
    }
  }

  /// Finds files that people put where the site is about to have one of its own.
  ///
  /// - Parameter paths: the paths of a part of the planned site.
  package func findForeignFiles<Paths: Sequence<OutputPath>>(
    of planned: OutputManifest, findings: inout Findings, paths: (OutputManifest) -> Paths
  ) throws(MachineFailure) {
    guard !previous.isEmpty else { return }
    let added = planned.subtracting(previous)
    guard !added.isEmpty else { return }
    for path in paths(added) where !previous.contains(path) {
      guard try status(of: path) != nil else { continue }
      findings.add(
        Diagnostic(
          "foreign-file", at: SourceLocation(path: "\(displayPath)/\(path)"),
          message: "The site needs this place, and somebody put another file there",
          hint: "move it out of \(displayPath)"))
    }
  }

  /// A file of the last build, if it is there.
  package func published(_ path: OutputPath) throws(MachineFailure) -> [UInt8]? {
    try SourceFile.readBytes(folder.appending(path.text), displayPath: "\(displayPath)/\(path)")
  }

  /// The signed checkpoint of the log that the folder carries, if it carries one.
  public func publishedCheckpoint() throws(MachineFailure) -> [UInt8]? {
    try published(LogFile.checkpoint.path)
  }

  /// The file of that checkpoint as it is named in findings.
  public var shownCheckpoint: String { "\(displayPath)/\(LogFile.checkpoint.path)" }

  /// The record that the last build published under a fingerprint, if it is there and whole.
  public func publishedRecord(_ fingerprint: Fingerprint) -> Record? {
    let path = "\(fingerprint.code.folder)/record.json"
    do {
      let bytes = try SourceFile.readBytes(folder.appending(path), displayPath: path)
      let record = try bytes.map { try Record($0) }
      return record?.fingerprint == fingerprint ? record : nil
    } catch {
      // It only makes a finding more telling; without it the finding stands all the same.
      return nil
    }
  }

  /// The folder to look at, not to write to.
  package var lookingAt: OutputWriter {
    OutputWriter(folder, displayPath: displayPath, isStaging: false)
  }

  // MARK: Writing

  /// Makes the folder ready, and remembers what it is about to hold before anything is written.
  ///
  /// A site that is not there yet is built beside its place and moved there when it is whole.
  ///
  /// - Parameter listsChanges: whether the writer gives digests of what changed.
  package func begin(
    _ planned: OutputManifest, listsChanges: Bool
  ) throws(MachineFailure) -> OutputWriter {
    if try canBeReplaced() {
      let staging = stagingFolder
      try removeTree(staging)
      do {
        try FileSystem.makeFolder(staging)
        return OutputWriter(
          staging, displayPath: displayPath, isStaging: true, listsChanges: listsChanges)
      } catch {
        // A folder that nothing can be made beside is written in place.
      }
    }
    try makeFolder(folder.appending(OutputPath.stateFolder))
    try removeTemporaryFiles()
    let earlier = try markInProgress()
    let union = previous.union(planned)
    if union != previous || previous.isEmpty { try writeManifest(union, in: folder) }
    return OutputWriter(
      folder, displayPath: displayPath, isStaging: false, followsInterruption: earlier != nil,
      listsChanges: listsChanges, unreportedRemovals: earlier ?? [])
  }

  /// A file that is there while a build changes the site, and after one that was cut off. It has
  /// the paths of the files that the build removes, for the next one's receipt.
  private static let inProgressMarker = "unfinished"

  /// Whether the last build was cut off.
  package var isUnfinished: Bool {
    FileManager.default.fileExists(
      atPath: folder.appending(OutputPath.stateFolder).appending(Self.inProgressMarker).string)
  }

  /// - Returns: what the last build was about to remove, if it was cut off; nil if it was not.
  private func markInProgress() throws(MachineFailure) -> [OutputPath]? {
    let name = "\(OutputPath.stateFolder)/\(Self.inProgressMarker)"
    if let bytes = try SourceFile.readBytes(
      folder.appending(name), displayPath: "\(displayPath)/\(name)")
    {
      return bytes.split(separator: UInt8(ascii: "\n")).map {
        OutputPath(String(decoding: $0, as: UTF8.self))
      }
    }
    try writeState(Self.inProgressMarker, [], in: folder)
    return nil
  }

  /// Says that the site is whole, and that its receipt, if one was wanted, has its name.
  package func endProgress() throws(MachineFailure) {
    let marker = folder.appending(OutputPath.stateFolder).appending(Self.inProgressMarker)
    do {
      try FileSystem.remove(marker)
    } catch .noSuchFileOrDirectory {
    } catch {
      throw MachineFailure(
        "remove \(displayPath)/\(OutputPath.stateFolder)/\(Self.inProgressMarker)", error)
    }
  }

  /// Gives back the room of a first site that could not be written whole.
  package func abandon(_ writer: OutputWriter) {
    guard writer.isStaging else { return }
    do {
      try removeTree(stagingFolder)
    } catch {
      // The reason why the build failed is what is said; the next build removes the rest.
    }
  }

  private var stagingFolder: FilePath {
    let name = folder.lastComponent?.string ?? "site"
    return folder.removingLastComponent().appending(".\(name).canting-new")
  }

  /// Whether the folder is absent or empty, and no link or mount that must stay what it is.
  private func canBeReplaced() throws(MachineFailure) -> Bool {
    guard previous.isEmpty, folder.lastComponent != nil else { return false }
    let above = folder.removingLastComponent()
    let here: FileStatus?
    let there: FileStatus?
    do {
      here = try FileStatus(folder, followsLinks: false)
      there = try FileStatus(above, followsLinks: false)
    } catch {
      return false
    }
    guard let here else {
      try makeFolder(above)
      return true
    }
    guard here.kind == .folder, here.identity.device == there?.identity.device else { return false }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder.string).isEmpty
    } catch {
      throw MachineFailure("read \(displayPath)", reason: error.localizedDescription)
    }
  }

  /// How many files a build of a planned site would remove.
  package func removals(for planned: OutputManifest) -> Int {
    previous.subtracting(planned).count
  }

  /// How many files the last build left.
  public var fileCount: Int { previous.count }

  /// Removes the files of earlier builds that are no longer produced, and remembers the rest.
  ///
  /// - Parameters:
  ///   - folders: of certificates that the last build made, so that they need not be looked for.
  ///   - files: the other files that it made.
  /// - Returns: the paths of the files that were removed, by this build or one that was cut off.
  package func finish(
    _ planned: OutputManifest, by writer: OutputWriter, folders: some Sequence<[UInt8]>,
    files: some Sequence<String>
  ) throws(MachineFailure) -> [OutputPath] {
    if writer.isStaging {
      try writeManifest(planned, in: stagingFolder)
      try writeState(Self.inProgressMarker, [], in: stagingFolder)
      do {
        try FileSystem.rename(stagingFolder, to: folder)
      } catch {
        throw MachineFailure("move the site to \(displayPath)", error)
      }
      return []
    }
    let stale = previous.subtracting(planned)
    var toDelete: [OutputPath] = []
    if !stale.isEmpty {
      toDelete = files.filter { stale.contains($0) }.sorted().map { OutputPath($0) }
      for folder in folders {
        // The page goes before what it offers.
        toDelete += stale.files(ofFolder: folder).names.reversed().map {
          OutputPath(folder: folder, name: $0)
        }
      }
      if toDelete.count < stale.count { toDelete = try found(stale) }
    }
    let known = Set(toDelete)
    let unreported = writer.unreportedRemovals.filter {
      !known.contains($0) && !planned.contains($0)
    }
    let all = unreported + toDelete
    if !toDelete.isEmpty {
      let list = all.flatMap { $0.bytes + [UInt8(ascii: "\n")] }
      try writeState(Self.inProgressMarker, list, in: folder)
    }
    for path in toDelete { try remove(path) }
    if planned != previous { try writeManifest(planned, in: folder) }
    return all
  }

  private func writeManifest(
    _ manifest: OutputManifest, in folder: FilePath
  ) throws(MachineFailure) {
    try writeState("manifest", in: folder) { write in try manifest.forEachPiece(write) }
  }

  private func writeState(
    _ name: String, _ bytes: [UInt8], in folder: FilePath
  ) throws(MachineFailure) {
    try writeState(name, in: folder) { write in try write(bytes) }
  }

  /// Writes a file of the program's own, whole or not at all.
  ///
  /// - Parameter content: hands over its bytes in pieces.
  private func writeState(
    _ name: String, in folder: FilePath, content: (_ write: ([UInt8]) throws -> Void) throws -> Void
  ) throws(MachineFailure) {
    let state = folder.appending(OutputPath.stateFolder)
    let temporary = state.appending("new-\(name)")
    do {
      try makeFolder(state)
      let descriptor = try FileDescriptor.open(
        temporary, .writeOnly, options: [.create, .truncate, .closeOnExec],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
      try descriptor.closeAfter {
        try content { piece in _ = try descriptor.writeAll(piece) }
      }
      try FileSystem.rename(temporary, to: state.appending(name))
    } catch {
      FileSystem.discard(temporary)
      throw failure("write \(displayPath)/\(OutputPath.stateFolder)/\(name)", error)
    }
  }

  private func makeFolder(_ folder: FilePath) throws(MachineFailure) {
    do {
      try FileManager.default.createDirectory(
        atPath: folder.string, withIntermediateDirectories: true)
    } catch {
      throw MachineFailure("make \(folder)", reason: error.localizedDescription)
    }
  }

  /// Files that a killed build left half-written; none of them ever had its name.
  private func removeTemporaryFiles() throws(MachineFailure) {
    let state = folder.appending(OutputPath.stateFolder)
    do {
      for name in try FileManager.default.contentsOfDirectory(atPath: state.string)
      where name.hasPrefix("new-") {
        try FileManager.default.removeItem(atPath: state.appending(name).string)
      }
    } catch {
      throw MachineFailure("tidy \(displayPath)", reason: error.localizedDescription)
    }
  }

  // MARK: Removing

  /// Removes what a killed first build left beside the site's place.
  private func removeTree(_ folder: FilePath) throws(MachineFailure) {
    guard FileManager.default.fileExists(atPath: folder.string) else { return }
    do {
      try FileManager.default.removeItem(atPath: folder.string)
    } catch {
      throw MachineFailure("remove \(folder.string)", reason: error.localizedDescription)
    }
  }

  /// Looks through the whole folder for files of a manifest.
  private func found(_ wanted: OutputManifest) throws(MachineFailure) -> [OutputPath] {
    guard let walk = FileManager.default.enumerator(atPath: folder.string) else {
      throw MachineFailure("read \(displayPath)", reason: "the folder cannot be listed")
    }
    var found: [OutputPath] = []
    while let path = walk.nextObject() as? String {
      if wanted.contains(path) { found.append(OutputPath(path)) }
    }
    return found.sorted()
  }

  private func remove(_ path: OutputPath) throws(MachineFailure) {
    let file = folder.appending(path.text)
    do {
      try FileSystem.remove(file)
    } catch .noSuchFileOrDirectory, .notDirectory {
      // It is gone.
    } catch {
      // A folder in its place is somebody's own.
      let isFolder = try status(of: path)?.kind == .folder
      if !isFolder { throw MachineFailure("remove \(displayPath)/\(path)", error) }
    }
    removeEmptyFolders(above: file)
  }

  /// Removes folders that lost their last file; a folder that holds anything stays.
  private func removeEmptyFolders(above file: FilePath) {
    var parent = file.removingLastComponent()
    while parent != folder, parent.starts(with: folder), FileSystem.removeEmptyFolder(parent) {
      parent.removeLastComponent()
    }
  }

  /// What is at a path of the site; nil where nothing is.
  func status(of path: OutputPath) throws(MachineFailure) -> FileStatus? {
    do {
      return try FileStatus(folder.appending(path.text), followsLinks: false)
    } catch {
      throw MachineFailure("read \(displayPath)/\(path)", error)
    }
  }

  private func failure(_ action: String, _ error: any Error) -> MachineFailure {
    if let errno = error as? Errno { return MachineFailure(action, errno) }
    return error as? MachineFailure ?? MachineFailure(action, reason: "\(error)")
  }
}
