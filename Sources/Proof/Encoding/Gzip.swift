import CZlib

/// RFC 1952, through zlib.
package enum Gzip {
  struct Failure: Error {}

  /// The version of zlib that is in use: another may compress to other bytes.
  package static var library: String { String(cString: zlibVersion()) }

  /// zlib's format flag for gzip, added to the largest window.
  private static let gzipWindow: Int32 = 15 + 16

  /// Bytes as one gzip member without a name or a time in it: the same bytes give the same member.
  package static func compress(_ bytes: [UInt8]) throws -> [UInt8] {
    var stream = z_stream()
    guard
      deflateInit2_(
        &stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzipWindow, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw Failure() }
    defer { deflateEnd(&stream) }
    let bound = Int(deflateBound(&stream, UInt(bytes.count)))
    var input = bytes
    return try input.withUnsafeMutableBufferPointer { source in
      try [UInt8](unsafeUninitializedCapacity: bound) { target, count in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(bound)
        guard deflate(&stream, Z_FINISH) == Z_STREAM_END else { throw Failure() }
        count = bound - Int(stream.avail_out)
      }
    }
  }

  /// The content of one gzip member.
  ///
  /// - Throws: `Failure` when it is damaged, followed by anything, or longer than `limit`.
  package static func decompress(_ bytes: [UInt8], limit: Int) throws -> [UInt8] {
    var stream = z_stream()
    guard
      inflateInit2_(&stream, gzipWindow, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw Failure() }
    defer { inflateEnd(&stream) }
    var input = bytes
    return try input.withUnsafeMutableBufferPointer { source in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(source.count)
      var result: [UInt8] = []
      var status = Z_OK
      while status == Z_OK {
        let chunk = try [UInt8](unsafeUninitializedCapacity: 1 << 16) { target, count in
          stream.next_out = target.baseAddress
          stream.avail_out = 1 << 16
          status = inflate(&stream, Z_NO_FLUSH)
          guard status == Z_OK || status == Z_STREAM_END else { throw Failure() }
          count = (1 << 16) - Int(stream.avail_out)
        }
        result += chunk
        guard result.count <= limit else { throw Failure() }
        if status == Z_OK, chunk.isEmpty { throw Failure() }
      }
      guard stream.avail_in == 0 else { throw Failure() }
      return result
    }
  }
}
