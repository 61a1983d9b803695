/// The first 32 digits of a fingerprint.
public struct CertificateCode: Sendable, Hashable {
  /// The first sixteen digits.
  package let high: UInt64
  /// The last sixteen digits.
  package let low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Reads 32 lowercase hexadecimal digits and nothing else.
  public init?(hex: some StringProtocol) {
    let digits = Array(hex.utf8)
    guard digits.count == 32, let bytes = Hex.decode(digits) else { return nil }
    high = bytes[0..<8].reduce(0) { $0 << 8 | UInt64($1) }
    low = bytes[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// 32 lowercase hexadecimal digits in ASCII.
  public var hex: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
      for position in 0..<32 { buffer[position] = digit(position) }
      count = 32
    }
  }

  /// The folder of the certificate's page on the site: `c/<2 digits>/<30 digits>`.
  public var folder: String { String(decoding: folderBytes, as: UTF8.self) }

  /// The same in ASCII.
  public var folderBytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 35) { buffer, count in
      buffer[0] = UInt8(ascii: "c")
      buffer[1] = UInt8(ascii: "/")
      buffer[4] = UInt8(ascii: "/")
      for position in 0..<2 { buffer[2 + position] = digit(position) }
      for position in 2..<32 { buffer[3 + position] = digit(position) }
      count = 35
    }
  }

  private func digit(_ position: Int) -> UInt8 {
    let word = position < 16 ? high : low
    return Hex.digit(UInt8(truncatingIfNeeded: word >> UInt64(60 - position % 16 * 4)) & 15)
  }
}

extension CertificateCode: CustomStringConvertible {
  public var description: String { String(decoding: hex, as: UTF8.self) }
}
