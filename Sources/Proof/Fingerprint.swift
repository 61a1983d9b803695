import Crypto

/// SHA-256 of a certificate's record: its identity, whatever page or paper shows it.
public struct Fingerprint: Sendable, Hashable {
  // Four words instead of an array: a million of them lie in one block of memory.
  private let words: (UInt64, UInt64, UInt64, UInt64)

  /// The fingerprint of a record's exact bytes.
  public init(of record: some Collection<UInt8>) {
    var hash = SHA256()
    if record.withContiguousStorageIfAvailable({ hash.update(bufferPointer: .init($0)) }) == nil {
      hash.update(data: Array(record))
    }
    self.init(digest: hash.finalize().withUnsafeBytes { Array($0) })
  }

  /// Reads 64 lowercase hexadecimal digits and nothing else.
  public init?(hex: some StringProtocol) {
    guard hex.utf8.count == 64, let bytes = Hex.decode(Array(hex.utf8)) else { return nil }
    self.init(digest: bytes)
  }

  private init(digest: [UInt8]) {
    func word(_ index: Int) -> UInt64 {
      digest[index * 8..<index * 8 + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }
    words = (word(0), word(1), word(2), word(3))
  }

  /// The 32 bytes.
  public var bytes: [UInt8] {
    [words.0, words.1, words.2, words.3].flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }
    }
  }

  /// 64 lowercase hexadecimal digits in ASCII.
  public var hex: [UInt8] { Hex.encode(bytes) }

  /// What is printed and in the QR code.
  public var code: CertificateCode { CertificateCode(high: words.0, low: words.1) }

  public static func == (left: Fingerprint, right: Fingerprint) -> Bool {
    left.words == right.words
  }

  public func hash(into hasher: inout Hasher) {
    // The words are a hash already; two of them tell fingerprints apart in any table.
    hasher.combine(words.0)
    hasher.combine(words.1)
  }
}

extension Fingerprint: CustomStringConvertible {
  public var description: String { String(decoding: hex, as: UTF8.self) }
}

/// The first 32 digits of a fingerprint.
public struct CertificateCode: Sendable, Hashable {
  private let high: UInt64
  private let low: UInt64

  init(high: UInt64, low: UInt64) {
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
    Hex.encode(
      [high, low].flatMap { word in
        (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }
      })
  }

  /// The folder of the certificate's page on the site: `c/<2 digits>/<30 digits>`.
  public var folder: String {
    let digits = hex
    return "c/\(String(decoding: digits[..<2], as: UTF8.self))/"
      + String(decoding: digits[2...], as: UTF8.self)
  }
}

extension CertificateCode: CustomStringConvertible {
  public var description: String { String(decoding: hex, as: UTF8.self) }
}
