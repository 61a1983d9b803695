public import Diagnostics
import Files
public import SystemPackage

/// A witness's private key, in a file with its name: PKCS#8 PEM, and above it a line `witness: NAME`.
public struct WitnessKey: Sendable {
  public let signer: NoteSigner

  private static let heading = "witness: "

  /// Reads a key file.
  ///
  /// - Returns: nil, with findings, when the file is missing, malformed, or readable by others.
  public static func load(
    _ file: FilePath, displayPath path: String, findings: inout Findings
  ) throws(MachineFailure) -> WitnessKey? {
    try SecretFile(file: file, path: path).load(
      SecretFile.Words(
        missing: "missing-key-file",
        purpose: "A witness signs with a key of its own",
        wayOut: "to begin as a witness, run `canting keys witness`",
        malformed: "bad-key-file",
        form: "A witness's key is an Ed25519 private key in PKCS#8 PEM, below a line with its name"),
      isSpecimen: { _ in false }, findings: &findings
    ) {
      WitnessKey(String(decoding: $0, as: UTF8.self))
    }
  }

  private init?(_ text: String) {
    let lines = text.split(whereSeparator: \.isNewline)
    guard let name = lines.first(where: { $0.hasPrefix(Self.heading) }),
      let key = SigningKey(pem: text)
    else { return nil }
    do {
      signer = try NoteSigner(
        name: String(name.dropFirst(Self.heading.count)), key: key, kind: .cosignature)
    } catch {
      return nil
    }
  }

  /// Makes a key in a file that must not exist yet.
  ///
  /// - Returns: its public half; nil, with a finding, where the file is there.
  /// - Throws: `NoteFailure` when the name cannot be one.
  public static func make(
    named name: String, in file: FilePath, displayPath path: String, findings: inout Findings
  ) throws -> NoteVerifier? {
    let key = SigningKey()
    let verifier = try NoteVerifier(name: name, key: key.publicKey, kind: .cosignature)
    let text = "\(heading)\(name)\n\(key.pem)"
    guard
      try DurableFile.create(file, with: Array(text.utf8), displayPath: path, isSecret: true)
    else {
      findings.add(
        Diagnostic(
          "keys-exist", at: SourceLocation(path: path),
          message: "Keys are never overwritten: policies name a witness by its key",
          hint: "choose another file"))
      return nil
    }
    return verifier
  }
}
