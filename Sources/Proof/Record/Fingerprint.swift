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
