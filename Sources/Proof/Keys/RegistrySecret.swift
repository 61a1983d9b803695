import Crypto
public import Diagnostics
import Files
public import Registry
public import SystemPackage

/// The institution's secret that makes certificate addresses unguessable.
///
/// Numbers can be guessed; without the secret nobody can compute a record from a guess. It is not
/// a signing key: whoever holds it can find pages, not make certificates.
public struct RegistrySecret: Sendable {
  /// The first line of every secret file.
  static let heading = "canting registry secret, version 1"
  /// The line that marks a secret as public.
  static let specimenMark = "SPECIMEN: published with the program, worth nothing as a secret"

  private let key: SymmetricKey
  /// Keyed, and with what every salt begins with.
  private let saltStart: HMAC<SHA256>
  /// Whether the file marks itself as the specimen's, which everybody has.
  public let isSpecimen: Bool

  init(bytes: [UInt8], isSpecimen: Bool) {
    key = SymmetricKey(data: bytes)
    var start = HMAC<SHA256>(key: key)
    start.update(data: Array("canting/v1/salt\n".utf8))
    saltStart = start
    self.isSpecimen = isSpecimen
  }

  /// A secret that is kept nowhere, for pages that are looked at and never published.
  public static func madeForThisRun() -> RegistrySecret {
    RegistrySecret(
      bytes: SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }, isSpecimen: false)
  }

  /// The salt of a record: 16 bytes that nobody without the secret can compute.
  ///
  /// - Parameter revision: from 2 up it is part of what is hashed.
  public func salt(number: Text, revision: Int) -> [UInt8] {
    var hmac = saltStart
    number.bytes.withUnsafeBytes { hmac.update(data: $0) }
    if revision >= 2 { hmac.update(data: Array("\n\(revision)".utf8)) }
    return hmac.finalize().withUnsafeBytes { Array($0.prefix(16)) }
  }

  /// Twelve digits that change when the secret does and tell nothing of it.
  var digest: String {
    var hmac = HMAC<SHA256>(key: key)
    hmac.update(data: Array("canting/v1/secret-mark\n".utf8))
    return PublishedIndex.editionDigest(hmac.finalize().withUnsafeBytes { Array($0) })
  }

  /// Reads a secret file: the heading, the specimen's mark if it is one, 64 hexadecimal digits.
  ///
  /// - Returns: nil, with findings, when the file is missing, malformed, or readable by others.
  public static func load(
    _ file: FilePath, displayPath path: String, findings: inout Findings
  ) throws(MachineFailure) -> RegistrySecret? {
    try SecretFile(file: file, path: path).load(
      SecretFile.Words(
        missing: "missing-secret",
        purpose: "Certificates are hashed with the registry secret",
        wayOut: "for a new registry alone, run `canting keys new`",
        malformed: "bad-secret",
        form: "A registry secret is the line “\(heading)” and 64 hexadecimal digits"),
      isSpecimen: { $0.isSpecimen }, findings: &findings
    ) {
      RegistrySecret(file: $0)
    }
  }

  private init?(file bytes: [UInt8]) {
    var lines = bytes.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
    guard lines.first == Self.heading else { return nil }
    lines.removeFirst()
    let isSpecimen = lines.first == Self.specimenMark
    if isSpecimen { lines.removeFirst() }
    guard lines.count == 1, let key = Hex.decode(Array(lines[0].utf8)), key.count == 32 else {
      return nil
    }
    self.init(bytes: key, isSpecimen: isSpecimen)
  }

  /// The text of a new secret file, from the system's random number generator.
  static func newFile() -> String {
    let key = SymmetricKey(size: .bits256).withUnsafeBytes { Hex.encode($0) }
    return heading + "\n" + String(decoding: key, as: UTF8.self) + "\n"
  }
}
