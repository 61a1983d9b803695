public import Input

/// The issuer's public keys: those that sign documents, each in its days, and the log's.
public struct IssuerKeys: Sendable, Hashable {
  /// What the log's key is called in the DID document, behind the issuer's DID.
  public static let logFragment = "#log"

  public let history: KeyHistory
  /// Signs checkpoints and nothing else; nil for a log that began without one, whose checkpoints the
  /// signing key in use signs.
  public let log: PublicKey?

  public init(history: KeyHistory, log: PublicKey?) {
    self.history = history
    self.log = log
  }

  /// Verifiers of a checkpoint of any age.
  ///
  /// - Parameter origin: the log's name.
  public func logVerifiers(origin: String) throws(NoteFailure) -> [NoteVerifier] {
    try Self.verifiers(of: origin, log: log, signing: history.entries.map(\.key))
  }

  /// The log's key signs every checkpoint; in a log without one, each signing key did in its days.
  static func verifiers(
    of origin: String, log: PublicKey?, signing: [PublicKey]
  ) throws(NoteFailure) -> [NoteVerifier] {
    var verifiers: [NoteVerifier] = []
    for key in log.map({ [$0] }) ?? signing {
      verifiers.append(try NoteVerifier(name: origin, key: key))
    }
    return verifiers
  }

  /// What contradicts that these are earlier ones with nothing but more signing keys at the end.
  public func contradiction(to earlier: IssuerKeys) -> String? {
    guard log == earlier.log else {
      return "the log has another key than before, and a log keeps its key"
    }
    return history.contradiction(to: earlier.history)
  }
}

/// The institution's private keys, with what it publishes of them.
public struct SigningKeys: Sendable {
  /// Signs credentials and status lists.
  public let signing: SigningKey
  /// Signs checkpoints; nil for a log that began without one.
  public let log: SigningKey?
  public let issuer: IssuerKeys

  init(signing: SigningKey, log: SigningKey?, history: KeyHistory) {
    self.signing = signing
    self.log = log
    issuer = IssuerKeys(history: history, log: log?.publicKey)
  }

  /// Keys that are kept nowhere, for pages that are looked at and never published.
  public static func madeForThisRun(today: CalendarDate) -> SigningKeys {
    let key = SigningKey()
    return SigningKeys(
      signing: key, log: SigningKey(), history: KeyHistory([]).adding(key.publicKey, from: today))
  }

  /// Whether a file marks its key as the specimen's.
  public var areSpecimen: Bool { signing.isSpecimen || log?.isSpecimen ?? false }

  /// Signs checkpoints of the log with a name.
  public func noteSigner(origin: String) throws(NoteFailure) -> NoteSigner {
    try NoteSigner(name: origin, key: log ?? signing)
  }
}

// MARK: Published

extension IssuerKeys {
  /// Reads `keys.json`.
  ///
  /// - Parameter origin: the log's name.
  /// - Throws: `NoteFailure` when it is no history in which one key follows the other, or writes a
  ///   key in two ways that disagree.
  public init(published bytes: [UInt8], origin: String) throws(NoteFailure) {
    let json: JSONValue
    do {
      json = try JSONParser.parse(bytes)
    } catch {
      throw NoteFailure("keys.json is not JSON: \(error)")
    }
    try self.init(json, origin: origin)
  }

  /// Reads the document that `published` makes.
  public init(_ json: JSONValue, origin: String) throws(NoteFailure) {
    history = try KeyHistory(published: json["keys"])
    if let entry = json["log"] {
      guard let key = entry["key"]?.string.flatMap({ PublicKey(multikey: $0) }) else {
        throw NoteFailure("keys.json has no key for the log where one belongs")
      }
      log = key
    } else {
      log = nil
    }
    guard CanonicalJSON.encode(try published(origin: origin)) == CanonicalJSON.encode(json) else {
      throw NoteFailure("keys.json says more than its keys and their days, or something else")
    }
  }

  /// `/keys.json`: when each key was in use, and how the log's notes are verified.
  ///
  /// - Parameter origin: the log's name.
  public func published(origin: String) throws(NoteFailure) -> JSONValue {
    func verifier(_ key: PublicKey) throws(NoteFailure) -> JSONValue {
      .string(try NoteVerifier(name: origin, key: key).description)
    }
    var keys: [JSONValue] = []
    for entry in history.entries.reversed() {
      var members: [String: JSONValue] = [
        "key": .string(entry.key.multikey), "from": .string(entry.from.description),
      ]
      if let until = entry.until { members["until"] = .string(until.description) }
      if log == nil { members["verifierKey"] = try verifier(entry.key) }
      keys.append(.object(members))
    }
    var members: [String: JSONValue] = ["keys": .array(keys)]
    if let log {
      members["log"] = .object([
        "key": .string(log.multikey), "verifierKey": try verifier(log),
      ])
    }
    return .object(members)
  }

  /// `/.well-known/did.json`: every key, retired ones included, so that old credentials verify. The
  /// log's key stands outside `assertionMethod`. No other document belongs to these keys.
  ///
  /// - Parameter issuer: as in `did:web:verify.example.org`.
  public func didDocument(issuer: String) -> JSONValue {
    func method(_ id: String, _ key: PublicKey) -> JSONValue {
      .object([
        "id": .string(id), "type": .string("Multikey"), "controller": .string(issuer),
        "publicKeyMultibase": .string(key.multikey),
      ])
    }
    let signing = history.entries.reversed().map { ("\(issuer)#\($0.key.multikey)", $0.key) }
    let log = log.map { [method(issuer + Self.logFragment, $0)] } ?? []
    return .object([
      "@context": .array([
        .string("https://www.w3.org/ns/did/v1"), .string("https://w3id.org/security/multikey/v1"),
      ]),
      "id": .string(issuer),
      "verificationMethod": .array(signing.map(method) + log),
      "assertionMethod": .array(signing.map { .string($0.0) }),
    ])
  }
}
