import Crypto
public import Diagnostics
import Files
import Foundation
public import SystemPackage

/// The institution's Ed25519 key, which signs credentials, status lists and checkpoints.
public struct SigningKey: Sendable {
  /// The line above a key that everybody has.
  static let specimenMark = "SPECIMEN: published with the program, worth nothing as a key"

  private let key: Curve25519.Signing.PrivateKey
  /// Whether the file marks itself as the specimen's.
  public let isSpecimen: Bool

  /// A new key from the system's random number generator.
  init() {
    key = Curve25519.Signing.PrivateKey()
    isSpecimen = false
  }

  /// Reads a Multikey secret: `z` and base58 of `8026` and 32 bytes.
  public init?(secretMultikey text: String) {
    guard text.hasPrefix("z"), let bytes = Base58.decode(text.dropFirst()),
      bytes.starts(with: [0x80, 0x26])
    else { return nil }
    self.init(seed: Array(bytes.dropFirst(2)), isSpecimen: false)
  }

  private init?(seed: [UInt8], isSpecimen: Bool) {
    do {
      key = try Curve25519.Signing.PrivateKey(rawRepresentation: seed)
    } catch {
      return nil
    }
    self.isSpecimen = isSpecimen
  }

  public var publicKey: PublicKey { PublicKey(of: key) }

  /// The signature of 64 bytes over a message; the same every time (RFC 8032).
  ///
  /// - Throws: what the cryptographic library throws, which for Ed25519 is nothing known.
  public func sign(_ message: [UInt8]) throws -> [UInt8] {
    Array(try key.signature(for: message))
  }

  // MARK: Files

  /// RFC 8410: version 0, algorithm 1.3.101.112, and the seed in an octet string in another.
  private static let derPrefix: [UInt8] = [
    0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
  ]
  private static let header = "-----BEGIN PRIVATE KEY-----"
  private static let footer = "-----END PRIVATE KEY-----"

  /// The key as PKCS#8 PEM, which `openssl pkey` reads.
  var pem: String {
    let der = Data(Self.derPrefix) + key.rawRepresentation
    return "\(Self.header)\n\(der.base64EncodedString())\n\(Self.footer)\n"
  }

  /// Reads PKCS#8 PEM; lines above it are comments, one of which may mark a specimen.
  init?(pem: String) {
    let lines = pem.split(whereSeparator: \.isNewline).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    guard let start = lines.firstIndex(of: Self.header),
      let end = lines[start...].firstIndex(of: Self.footer),
      let der = Data(base64Encoded: lines[(start + 1)..<end].joined()),
      der.count == Self.derPrefix.count + 32, der.starts(with: Self.derPrefix)
    else { return nil }
    self.init(
      seed: Array(der.dropFirst(Self.derPrefix.count)),
      isSpecimen: lines[..<start].contains(Self.specimenMark))
  }

  /// Reads a key file.
  ///
  /// - Returns: nil, with findings, when the file is missing, malformed, or readable by others.
  public static func load(
    _ file: FilePath, displayPath path: String, findings: inout Findings
  ) throws(MachineFailure) -> SigningKey? {
    try SecretFile(file: file, path: path).load(
      SecretFile.Words(
        missing: "missing-key-file",
        purpose: "Credentials and the log are signed with the institution's key",
        wayOut: "where it is lost for good, run `canting keys rotate`;"
          + " for a new registry alone, run `canting keys new`",
        malformed: "bad-key-file",
        form: "A signing key is an Ed25519 private key in PKCS#8 PEM"),
      isSpecimen: { $0.isSpecimen }, findings: &findings
    ) {
      SigningKey(pem: String(decoding: $0, as: UTF8.self))
    }
  }
}

/// A signing key under the name that its notes carry.
public struct NoteSigner: Sendable {
  private let key: SigningKey
  public let verifier: NoteVerifier

  /// - Throws: `NoteFailure` when the name cannot be one.
  public init(
    name: String, key: SigningKey, kind: NoteVerifier.Kind = .text
  ) throws(NoteFailure) {
    self.key = key
    verifier = try NoteVerifier(name: name, key: key.publicKey, kind: kind)
  }

  /// The signed note over a text that ends in a newline.
  public func sign(_ text: String) throws -> [UInt8] {
    let line = line(of: try key.sign(Array(text.utf8)))
    return Array("\(text)\n\(line)".utf8)
  }

  /// The line of a witness below a checkpoint.
  ///
  /// - Parameter seconds: since 1970-01-01T00:00:00Z.
  public func cosign(_ checkpoint: Checkpoint, at seconds: Int) throws -> String {
    let message = Cosignature.message(checkpoint.text, at: UInt64(seconds))
    let signature = try key.sign(message)
    return line(of: Cosignature.bytes(of: UInt64(seconds)) + signature)
  }

  private func line(of signature: [UInt8]) -> String {
    SignedNote.Signature(
      name: verifier.name, keyID: verifier.keyID, signature: signature
    ).line
  }
}
