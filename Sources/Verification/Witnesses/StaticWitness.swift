import Diagnostics
import Files
public import Proof
public import SystemPackage

/// A witness without a server: it looks at a site, and publishes the checkpoint that it cosigned as a file for any
/// static host, at the path of tlog-witness (“Monitor Retrieval Mechanism”).
///
/// It never signs two checkpoints of one size with different roots, nor a smaller one after a larger. What it is about
/// to sign is on the disk before it is signed, and both that memory and what was published last must be where the log
/// grew from.
public struct StaticWitness: Sendable {
  let signer: NoteSigner
  private let folder: FilePath
  private let displayPath: String

  /// - Parameter folder: what is uploaded to the witness's host.
  public init(_ signer: NoteSigner, folder: FilePath, displayPath path: String) {
    self.signer = signer
    self.folder = folder
    displayPath = path
  }

  private func name(ofLog origin: String) -> String {
    CosignedCheckpoint.path(ofLog: origin)
  }

  /// What was published of a log last; nil for nothing.
  func published(ofLog origin: String) throws(MachineFailure) -> [UInt8]? {
    let name = name(ofLog: origin)
    return try SourceFile.readBytes(
      folder.appending(name), displayPath: "\(displayPath)/\(name)", limit: SignedNote.longest)
  }

  /// Saves what a look saw, and then signs its checkpoint and publishes that.
  ///
  /// - Parameters:
  ///   - seconds: the moment, since 1970-01-01T00:00:00Z.
  ///   - files: the memory of the looks.
  /// - Returns: the published file as the user would name it; nil where another look has changed memory or file
  ///   meanwhile, and nothing was signed.
  public func publish(
    _ look: SiteMonitor.Outcome, at seconds: Int, files: MonitorFiles, earlier: [UInt8]?
  ) throws -> String? {
    guard let (seen, note) = look.keepsake, let log = look.log else { return nil }
    try makeFolder(folder, displayPath)
    let lock = try FolderLock(folder, displayPath: displayPath)
    // Two looks at the same time read the same memory, and one of them would sign after the other.
    guard try files.savedCheckpoint() == earlier,
      try published(ofLog: log.checkpoint.origin) == look.published
    else { return nil }
    try files.save(seen, checkpoint: note)
    let name = name(ofLog: log.checkpoint.origin)
    let file = folder.appending(name)
    try makeFolder(file.removingLastComponent(), "\(displayPath)/\(name)")
    let signed =
      try SignedNote(note).note(signedBy: log.verifier)
      + Array(try signer.cosign(log.checkpoint, at: seconds).utf8)
    try DurableFile.replace(file, with: signed, displayPath: "\(displayPath)/\(name)")
    _ = consume lock
    return "\(displayPath)/\(name)"
  }

  private func makeFolder(_ folder: FilePath, _ path: String) throws(MachineFailure) {
    do {
      try DurableFile.makeFolder(
        folder, mode: [.ownerReadWriteExecute, .groupReadExecute, .otherReadExecute])
    } catch {
      throw MachineFailure("make \(path)", error as? Errno ?? .ioError)
    }
  }
}

/// Keeps other looks out for as long as it lives, or the process does.
private struct FolderLock: ~Copyable {
  private let descriptor: FileDescriptor

  init(_ folder: FilePath, displayPath path: String) throws(MachineFailure) {
    do {
      let descriptor = try FileDescriptor.open(
        folder, .readOnly, options: [.directory, .closeOnExec])
      do {
        try descriptor.lock()
      } catch {
        try descriptor.close()
        throw error
      }
      self.descriptor = descriptor
    } catch {
      throw MachineFailure(
        "lock \(path)",
        reason: "another look is just being published there, or the folder cannot be locked;"
          + " run it again")
    }
  }

  deinit {
    do { try descriptor.close() } catch {}
  }
}
