import Input

/// The issuer's public keys as a verifier meets them: in the DID document, with their days beside.
public struct KeyDirectory: Sendable {
  /// As in `did:web:verify.example.org`.
  public let issuer: String
  /// By verification method; those listed under `assertionMethod` alone.
  public let keys: [String: PublicKey]

  /// Reads a DID document.
  ///
  /// - Throws: `DataIntegrity.Failure` when it is no DID document with Ed25519 keys.
  public init(_ bytes: [UInt8]) throws(DataIntegrity.Failure) {
    let json: JSONValue
    do {
      json = try JSONParser.parse(bytes)
    } catch {
      throw DataIntegrity.Failure("did.json is not JSON: \(error)")
    }
    guard let issuer = json["id"]?.string, issuer.hasPrefix("did:web:"),
      let methods = json["verificationMethod"]?.array,
      let assertions = json["assertionMethod"]?.array
    else { throw DataIntegrity.Failure("did.json is no DID document") }
    let allowed = Set(assertions.compactMap(\.string))
    var keys: [String: PublicKey] = [:]
    for method in methods {
      guard let id = method["id"]?.string, id.hasPrefix(issuer + "#"), allowed.contains(id),
        method["controller"]?.string == issuer, method["type"]?.string == "Multikey",
        let key = method["publicKeyMultibase"]?.string.flatMap({ PublicKey(multikey: $0) })
      else { continue }
      keys[id] = key
    }
    guard !keys.isEmpty else { throw DataIntegrity.Failure("did.json names no key") }
    self.issuer = issuer
    self.keys = keys
  }

  /// A directory of one key that the user brought along; any method that ends in it will do.
  public init(pinned key: PublicKey, issuer: String) {
    self.issuer = issuer
    keys = ["\(issuer)#\(key.multikey)": key]
  }

  /// A directory of the keys of a history.
  public init(_ history: KeyHistory, issuer: String) {
    self.issuer = issuer
    keys = Dictionary(
      history.entries.map { ("\(issuer)#\($0.key.multikey)", $0.key) }, uniquingKeysWith: { $1 })
  }

  /// The host that the issuer's DID stands for.
  public var host: String { Self.host(of: issuer) }

  /// The host that a DID of the method `web` stands for.
  public static func host(of issuer: String) -> String {
    issuer.dropFirst("did:web:".count).split(separator: "%3A").joined(separator: ":")
  }

  /// The keys as verifiers of the log's notes.
  public func verifiers(origin: String) throws(NoteFailure) -> [NoteVerifier] {
    var verifiers: [NoteVerifier] = []
    for key in keys.values {
      verifiers.append(try NoteVerifier(name: origin, publicKey: key.bytes))
    }
    return verifiers
  }
}
