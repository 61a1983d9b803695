import Crypto
import Foundation

/// An Ed25519 public key.
public struct PublicKey: Sendable, Hashable {
  /// 32 bytes.
  public let bytes: [UInt8]

  /// Takes the 32 bytes of RFC 8032, section 5.1.5.
  ///
  /// - Returns: nil for what is no point of the curve in its one encoding, and for points of low or
  ///   mixed order: anybody can sign for some of those.
  public init?(_ bytes: [UInt8]) {
    guard let point = EdwardsPoint(bytes), point.isInPrimeSubgroup else { return nil }
    self.bytes = bytes
  }

  /// The public half of a private key, which is always one.
  init(of key: Curve25519.Signing.PrivateKey) {
    bytes = Array(key.publicKey.rawRepresentation)
  }

  /// Reads a Multikey: `z` and base58 of `ed01` and the key.
  public init?(multikey: String) {
    guard multikey.hasPrefix("z"), let bytes = Base58.decode(multikey.dropFirst()),
      bytes.starts(with: [0xED, 0x01])
    else { return nil }
    self.init(Array(bytes.dropFirst(2)))
  }

  /// The key as Multikey, as in `z6Mk…`.
  public var multikey: String { "z" + Base58.encode([0xED, 0x01] + bytes) }

  /// The key as 64 hexadecimal digits.
  public var hex: String { String(decoding: Hex.encode(bytes), as: UTF8.self) }

  /// The key as PEM, which `openssl pkey -pubin` reads (RFC 8410).
  public var pem: String {
    let der = Data(
      [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00] + bytes)
    return "-----BEGIN PUBLIC KEY-----\n\(der.base64EncodedString())\n-----END PUBLIC KEY-----\n"
  }

  /// Whether a signature of 64 bytes is this key's over the message.
  public func isValid(_ signature: [UInt8], for message: [UInt8]) -> Bool {
    do {
      return try Curve25519.Signing.PublicKey(rawRepresentation: bytes)
        .isValidSignature(signature, for: message)
    } catch {
      return false
    }
  }
}
