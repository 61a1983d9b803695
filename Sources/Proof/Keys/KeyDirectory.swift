/// The issuer's public keys as a verifier meets them, in the DID document.
public struct KeyDirectory: Sendable {
  /// As in `did:web:verify.example.org`.
  public let issuer: String
  /// By verification method; those listed under `assertionMethod` alone.
  public let keys: [String: PublicKey]
  /// The key in use, which is the first that is listed: it alone signs today's lists.
  public let current: PublicKey
  /// The log's key; nil for a log that began without one.
  public let log: PublicKey?

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
      let assertions = json["assertionMethod"]?.array?.compactMap(\.string)
    else { throw DataIntegrity.Failure("did.json is no DID document") }
    var listed: [String: PublicKey] = [:]
    for method in methods {
      guard let id = method["id"]?.string, id.hasPrefix(issuer + "#"),
        method["controller"]?.string == issuer, method["type"]?.string == "Multikey"
      else { continue }
      guard let key = method["publicKeyMultibase"]?.string.flatMap({ PublicKey(multikey: $0) })
      else { throw DataIntegrity.Failure("did.json has a key that cannot be trusted, \(id)") }
      guard listed.updateValue(key, forKey: id) == nil else {
        throw DataIntegrity.Failure("did.json names two keys \(id)")
      }
    }
    let log = issuer + IssuerKeys.logFragment
    guard !assertions.contains(log) else {
      throw DataIntegrity.Failure("did.json lets the log's key sign more than checkpoints")
    }
    guard let current = assertions.first.flatMap({ listed[$0] }) else {
      throw DataIntegrity.Failure("did.json names no key")
    }
    self.init(
      issuer: issuer, keys: listed.filter { assertions.contains($0.key) }, current: current,
      log: listed[log])
  }

  /// A directory of keys that the user brought along, where no site says which is for what.
  ///
  /// - Returns: nil where there is none.
  public init?(named keys: [PublicKey], issuer: String) {
    guard let first = keys.first else { return nil }
    self.init(
      issuer: issuer,
      keys: Dictionary(
        keys.map { ("\(issuer)#\($0.multikey)", $0) }, uniquingKeysWith: { $1 }),
      current: first, log: nil)
  }

  private init(issuer: String, keys: [String: PublicKey], current: PublicKey, log: PublicKey?) {
    self.issuer = issuer
    self.keys = keys
    self.current = current
    self.log = log
  }

  /// A directory of keys that are known.
  ///
  /// - Returns: nil for a history without keys.
  public init?(_ known: IssuerKeys, issuer: String) {
    guard let current = known.history.current?.key else { return nil }
    self.init(
      issuer: issuer,
      keys: Dictionary(
        known.history.entries.map { ("\(issuer)#\($0.key.multikey)", $0.key) },
        uniquingKeysWith: { $1 }),
      current: current, log: known.log)
  }

  /// The host that the issuer's DID stands for.
  public var host: String { Self.host(of: issuer) }

  /// The host that a DID of the method `web` stands for.
  public static func host(of issuer: String) -> String {
    issuer.dropFirst("did:web:".count).split(separator: "%3A").joined(separator: ":")
  }

  /// The name of the issuer's log.
  public var logOrigin: String { host + "/log" }

  /// The key that signs today's checkpoint.
  public var logKey: PublicKey { log ?? current }

  /// Verifiers of a checkpoint that somebody saved: the log's key, or for a log without one each key
  /// that ever signed.
  public func earlierLogVerifiers() throws(NoteFailure) -> [NoteVerifier] {
    try IssuerKeys.verifiers(of: logOrigin, log: log, signing: Array(keys.values))
  }
}
