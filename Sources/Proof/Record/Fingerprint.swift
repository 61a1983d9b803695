/// SHA-256 of a certificate's record: its identity, whatever page or paper shows it.
public struct Fingerprint: Sendable, Hashable {
  private let digest: Digest

  /// The fingerprint of a record's exact bytes.
  public init(of record: [UInt8]) {
    digest = Digest(hashing: record)
  }

  /// Reads 64 lowercase hexadecimal digits and nothing else.
  public init?(hex: some StringProtocol) {
    self.init(hexDigits: Array(hex.utf8)[...])
  }

  /// The same in ASCII.
  init?(hexDigits digits: ArraySlice<UInt8>) {
    guard let digest = Digest(hexDigits: digits) else { return nil }
    self.digest = digest
  }

  /// 64 lowercase hexadecimal digits in ASCII.
  public var hex: [UInt8] { digest.hex }

  var bytes: [UInt8] { digest.bytes }

  /// The 32 bytes in padded base64, as subresource integrity writes them.
  var base64: [UInt8] {
    // 32 bytes are 43 digits, and one that says that there are no more.
    Base64URL.encode(digest.bytes, alphabet: Base64URL.standardAlphabet) + [UInt8(ascii: "=")]
  }

  /// What is printed and in the QR code.
  public var code: CertificateCode { CertificateCode(high: digest.high, low: digest.low) }

  /// What the public log calls the certificate.
  public var logID: LogID { LogID(self) }
}

extension Fingerprint: CustomStringConvertible {
  public var description: String { digest.description }
}

/// A certificate's name in the public log.
///
/// Whoever holds the certificate can compute it; nobody can go from it to the certificate's page.
public struct LogID: Sendable, Hashable {
  /// SHA-256 of `canting/v1/log`, a newline and the fingerprint's digits.
  public let digest: Digest

  private static let prefix = Array("canting/v1/log\n".utf8)

  init(_ fingerprint: Fingerprint) {
    digest = Digest(prefix: Self.prefix, hashing: fingerprint.hex)
  }

  init(digest: Digest) {
    self.digest = digest
  }

  /// Reads 64 lowercase hexadecimal digits and nothing else.
  public init?(hex: some StringProtocol) {
    guard let digest = Digest(hex: hex) else { return nil }
    self.init(digest: digest)
  }
}

extension LogID: Comparable {
  /// By their bytes.
  public static func < (left: Self, right: Self) -> Bool { left.digest < right.digest }
}

extension LogID: CustomStringConvertible {
  public var description: String { digest.description }
}

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
