import Crypto
import Foundation

/// An Ed25519 public key.
public struct PublicKey: Sendable, Hashable {
  /// 32 bytes.
  public let bytes: [UInt8]

  /// Takes exactly 32 bytes.
  public init?(_ bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
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
