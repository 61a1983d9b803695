#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the system says of a file of the site, in eight bytes: number, kind, whether its owner may read
/// it, size and time of writing.
///
/// A file with the stamp that it had when the program wrote it was not touched since, so that its
/// bytes need not be read. With another stamp it proves nothing, and the file is read.
package struct FileStamp: Sendable, Hashable {
  let value: UInt64

  /// That of a file which is not there.
  static let nothing = FileStamp(value: 0)

  package init(value: UInt64) {
    self.value = value
  }

  init(_ status: stat) {
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    var value = Self.mixed(0, UInt64(truncatingIfNeeded: status.st_ino))
    value = Self.mixed(value, UInt64(status.st_mode & (S_IFMT | S_IRUSR)))
    value = Self.mixed(value, UInt64(truncatingIfNeeded: status.st_size))
    value = Self.mixed(value, UInt64(truncatingIfNeeded: time.tv_sec))
    self.value = Self.mixed(value, UInt64(truncatingIfNeeded: time.tv_nsec))
  }

  /// One stamp for several files, in their order.
  init(joining stamps: some Sequence<FileStamp>) {
    self = stamps.reduce(.nothing) { $0.joined(with: $1) }
  }

  /// One stamp for the files of this one, and for another behind them.
  func joined(with next: FileStamp) -> FileStamp {
    FileStamp(value: Self.mixed(value, next.value))
  }

  /// Spreads every bit of a word over the sum (the finalizer of SplitMix64).
  private static func mixed(_ sum: UInt64, _ word: UInt64) -> UInt64 {
    var value = (sum ^ word) &+ 0x9E37_79B9_7F4A_7C15
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}
