import Diagnostics
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What changes when a file is replaced or written into.
struct FileIdentity: Sendable, Equatable {
  /// In bytes.
  let size: Int
  private let number: UInt64
  private let seconds: Int
  private let nanoseconds: Int

  /// - Throws: `MachineFailure` when the file cannot be looked at.
  init(_ file: FilePath, shownAs path: String) throws(MachineFailure) {
    var status = stat()
    guard stat(file.string, &status) == 0 else {
      throw MachineFailure("read \(path)", Errno(rawValue: errno))
    }
    size = Int(status.st_size)
    number = UInt64(status.st_ino)
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    seconds = time.tv_sec
    nanoseconds = time.tv_nsec
  }
}
