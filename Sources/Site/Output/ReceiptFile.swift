public import Diagnostics
public import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The list of what a build changed, as JSON, in the order in which a host should get it: what
/// others refer to first, the log's checkpoint late, removals last.
///
/// It is written a piece at a time and gets its name when it is whole.
public struct ReceiptFile: ~Copyable {
  private let target: FilePath
  private let shownAs: String
  private let descriptor: FileDescriptor
  private var waiting: [UInt8]
  private var count = 0
  private var hasItsName = false

  /// Begins a receipt.
  ///
  /// - Throws: `MachineFailure` when it cannot be written there.
  public init(_ file: FilePath, shownAs path: String) throws(MachineFailure) {
    target = file
    shownAs = path
    waiting = Array(#"{"version":1,"files":["#.utf8)
    do {
      let opened = try FileDescriptor.open(
        FilePath(file.string + ".new"), .writeOnly, options: [.create, .truncate, .closeOnExec],
        // A receipt leads to every page that changed.
        permissions: [.ownerReadWrite])
      // An older file of this name keeps the permissions that it was made with.
      if fchmod(opened.rawValue, 0o600) != 0 {
        let reason = Errno(rawValue: errno)
        try opened.close()
        throw reason
      }
      descriptor = opened
    } catch {
      throw MachineFailure("write \(path)", error as? Errno ?? .ioError)
    }
  }

  mutating func append(_ change: FileChange) throws(MachineFailure) {
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
  mutating func finish(
    logSize: Int, followsInterruption: Bool
  ) throws(MachineFailure) {
    let end =
      "\n],\"followsInterruption\":\(followsInterruption),\"logSize\":\(logSize)}\n"
    waiting += end.utf8
    try flush()
    if rename(target.string + ".new", target.string) != 0 {
      throw MachineFailure("write \(shownAs)", Errno(rawValue: errno))
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
      throw MachineFailure("write \(shownAs)", error as? Errno ?? .ioError)
    }
  }

  deinit {
    if !hasItsName { unlink(target.string + ".new") }
    do { try descriptor.close() } catch {}
  }
}
