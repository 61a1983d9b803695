public import Diagnostics
import Files
public import SystemPackage

/// The list of what a build changed, as JSON, in the order in which a host should get it: what
/// others refer to first, the log's checkpoint late, removals last.
///
/// It is written a piece at a time and gets its name when it is whole.
public struct ReceiptFile: ~Copyable {
  private let target: FilePath
  private let displayPath: String
  private let descriptor: FileDescriptor
  private var waiting: [UInt8]
  private var count = 0
  private var hasItsName = false

  /// Begins a receipt.
  ///
  /// - Throws: `MachineFailure` when it cannot be written there.
  public init(_ file: FilePath, displayPath path: String) throws(MachineFailure) {
    target = file
    displayPath = path
    waiting = Array(#"{"version":1,"files":["#.utf8)
    do {
      let opened = try FileDescriptor.open(
        FilePath(file.string + ".new"), .writeOnly, options: [.create, .truncate, .closeOnExec],
        // A receipt leads to every page that changed.
        permissions: [.ownerReadWrite])
      // An older file of this name keeps the permissions that it was made with.
      do {
        try opened.restrictToOwner()
      } catch {
        try opened.close()
        throw error
      }
      descriptor = opened
    } catch {
      throw MachineFailure("write \(path)", error as? Errno ?? .ioError)
    }
  }

  package mutating func append(_ change: FileChange) throws(MachineFailure) {
    waiting += count == 0 ? "\n".utf8 : ",\n".utf8
    waiting += change.json
    count += 1
    if waiting.count > 1 << 16 { try flush() }
  }

  /// Ends the receipt and gives it its name.
  ///
  /// - Parameters:
  ///   - logSize: entries of the site's log.
  ///   - followsInterruption: whether the build before was cut off, so that files are listed that
  ///     it may have written.
  package mutating func finish(
    logSize: Int, followsInterruption: Bool
  ) throws(MachineFailure) {
    let end =
      "\n],\"followsInterruption\":\(followsInterruption),\"logSize\":\(logSize)}\n"
    waiting += end.utf8
    try flush()
    do {
      try FileSystem.rename(FilePath(target.string + ".new"), to: target)
    } catch {
      throw MachineFailure("write \(displayPath)", error)
    }
    hasItsName = true
  }

  /// Ends the receipt of a build that had nothing to do.
  public mutating func finishEmpty(logSize: Int) throws(MachineFailure) {
    try finish(logSize: logSize, followsInterruption: false)
  }

  private mutating func flush() throws(MachineFailure) {
    do {
      _ = try descriptor.writeAll(waiting)
      waiting.removeAll(keepingCapacity: true)
    } catch {
      throw MachineFailure("write \(displayPath)", error as? Errno ?? .ioError)
    }
  }

  deinit {
    if !hasItsName { FileSystem.discard(FilePath(target.string + ".new")) }
    do { try descriptor.close() } catch {}
  }
}
