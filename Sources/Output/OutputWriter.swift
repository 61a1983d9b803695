package import Diagnostics
package import Files
package import Layout
import Proof
import SystemPackage

/// Writes the files of a site into a folder, each whole or not at all.
package struct OutputWriter: Sendable {
  /// What became of a file.
  package enum Change: Sendable { case added, changed, unchanged }

  /// A file that is there now.
  package struct Written: Sendable {
    package let change: Change
    package let signature: StatSignature
    /// For the receipt: the file's path, size and SHA-256, where it may be news to a host.
    package let news: FileChange?

    package init(change: Change, signature: StatSignature, news: FileChange?) {
      self.change = change
      self.signature = signature
      self.news = news
    }
  }

  /// The folder itself: names are looked up from there, whatever becomes of the way to it.
  let root: FolderHandle
  /// The folder as people see it.
  let displayPath: String
  /// Whether nobody sees the folder before it is whole, so that files need no second name.
  package let isStaging: Bool
  /// Whether the build before this one was cut off, so that files it wrote may be news as well.
  package let followsInterruption: Bool
  /// Whether changes are listed with their digests.
  let listsChanges: Bool
  /// What that build may have removed, and no receipt says.
  let unreportedRemovals: [OutputPath]

  init(
    _ folder: FilePath, displayPath path: String, isStaging: Bool,
    followsInterruption: Bool = false,
    listsChanges: Bool = false, unreportedRemovals: [OutputPath] = []
  ) {
    root = FolderHandle(folder)
    displayPath = path
    self.isStaging = isStaging
    self.followsInterruption = followsInterruption
    self.listsChanges = listsChanges
    self.unreportedRemovals = unreportedRemovals
  }

  /// Writes a file unless it is there with the same bytes.
  ///
  /// - Parameters:
  ///   - worker: tells concurrent writers apart; each writes one file at a time.
  ///   - isFirst: whether it is the first in a folder of its own, which then is there only if the site
  ///     is.
  package func write(
    _ path: OutputPath, _ bytes: [UInt8], worker: Int, isFirst: Bool = false
  ) throws(MachineFailure) -> Written {
    do throws(Errno) {
      let (change, signature) = try write(path.bytes, bytes, worker: worker, isFirst: isFirst)
      let isNews = listsChanges && (change != .unchanged || followsInterruption)
      return Written(
        change: change, signature: signature,
        news: isNews
          ? FileChange(
            path: path, kind: change == .added ? .added : .changed, size: bytes.count,
            digest: Digest(hashing: bytes)) : nil)
    } catch {
      throw MachineFailure("write \(displayPath)/\(path)", reason: reason(error, at: path))
    }
  }

  /// Why no file can be written where a folder with files lies.
  var folderInPlace: String {
    "a folder with files lies in its place; move that out of \(displayPath)"
  }

  /// Why a file could not be written, with what stands in its way.
  func reason(_ error: Errno, at path: OutputPath) -> String {
    switch error {
    case .directoryNotEmpty: return folderInPlace
    case .notDirectory, .noSuchFileOrDirectory:
      do {
        guard let obstacle = try root.obstacle(above: path.bytes) else { return error.description }
        let name = String(decoding: obstacle, as: UTF8.self)
        return "\(displayPath)/\(name) is no folder; move it out of \(displayPath)"
      } catch {
        return error.description
      }
    default: return error.description
    }
  }

  private func write(
    _ path: [UInt8], _ bytes: [UInt8], worker: Int, isFirst: Bool
  ) throws(Errno) -> (Change, StatSignature) {
    if isStaging { return (.added, try root.write(bytes, to: path, isNew: true, isFirst: isFirst)) }
    guard let existing = try root.status(of: path) else {
      return (.added, try replace(path, with: bytes, worker: worker))
    }
    // What its owner may not read, no host can serve.
    if existing.isReadableFile, existing.size == bytes.count,
      try root.holds(bytes, at: path)
    {
      return (.unchanged, existing.signature)
    }
    return (.changed, try replace(path, with: bytes, worker: worker))
  }

  private func replace(
    _ path: [UInt8], with bytes: [UInt8], worker: Int
  ) throws(Errno) -> StatSignature {
    let temporary = Array("\(OutputPath.stateFolder)/new-\(worker)".utf8)
    let signature = try root.write(bytes, to: temporary, isNew: false)
    try root.rename(temporary, to: path)
    return signature
  }

  /// The signature of a file; nil where there is none.
  package func signature(of path: OutputPath) throws(MachineFailure) -> StatSignature? {
    do throws(Errno) {
      return try root.status(of: path.bytes)?.signature
    } catch {
      throw MachineFailure("look at \(displayPath)/\(path)", error)
    }
  }
}
