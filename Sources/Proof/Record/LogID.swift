/// A certificate's name in the public log.
///
/// Whoever holds the certificate can compute the log id. The log id leads nobody to the certificate's page.
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
