#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the system says of a file, in eight bytes: number, kind, whether its owner may read it, size and
/// time of writing.
///
/// A file with the signature that it had when it was read or written was not touched since, so that its
/// bytes need not be read. With another one it proves nothing, and the file is read.
package struct StatSignature: Sendable, Hashable {
  package let value: UInt64

  /// Stands for a file that is not there.
  package static let nothing = StatSignature(value: 0)

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

  /// One signature for several files, in their order.
  package init(joining signatures: some Sequence<StatSignature>) {
    value = signatures.reduce(0) { Self.mixed($0, $1.value) }
  }

  /// Spreads every bit of a word over the sum (the finalizer of SplitMix64).
  private static func mixed(_ sum: UInt64, _ word: UInt64) -> UInt64 {
    var value = (sum ^ word) &+ 0x9E37_79B9_7F4A_7C15
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}
