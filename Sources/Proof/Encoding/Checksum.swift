import CZlib

/// Checksums of picture files, through zlib.
package enum Checksum {
  /// Of a chunk of a PNG file (ISO 3309).
  package static func crc32(_ bytes: [UInt8]) -> UInt32 {
    UInt32(truncatingIfNeeded: CZlib.crc32(0, bytes, UInt32(bytes.count)))
  }

  /// Of what a zlib stream holds (RFC 1950).
  package static func adler32(_ bytes: [UInt8]) -> UInt32 {
    UInt32(truncatingIfNeeded: CZlib.adler32(1, bytes, UInt32(bytes.count)))
  }
}
