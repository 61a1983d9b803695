public import Input

/// The signed and unsigned documents that the issuer publishes beside the credentials.
public struct IssuerDocuments: Sendable {
  private let addresses: CredentialAddresses
  private let key: SigningKey
  private let history: KeyHistory

  public init(addresses: CredentialAddresses, key: SigningKey, history: KeyHistory) {
    self.addresses = addresses
    self.key = key
    self.history = history
  }

  /// `/.well-known/did.json`: every key, retired ones included, so that old credentials verify.
  public var didDocument: [UInt8] {
    CanonicalJSON.encode(Self.didDocument(issuer: addresses.issuer, history: history))
  }

  /// The DID document that a history of keys makes; no other belongs to it.
  public static func didDocument(issuer: String, history: KeyHistory) -> JSONValue {
    let methods = history.entries.reversed().map { entry in
      JSONValue.object([
        "id": .string("\(issuer)#\(entry.key.multikey)"), "type": .string("Multikey"),
        "controller": .string(issuer),
        "publicKeyMultibase": .string(entry.key.multikey),
      ])
    }
    return .object([
      "@context": .array([
        .string("https://www.w3.org/ns/did/v1"), .string("https://w3id.org/security/multikey/v1"),
      ]),
      "id": .string(issuer),
      "verificationMethod": .array(methods),
      "assertionMethod": .array(
        history.entries.reversed().map { .string("\(issuer)#\($0.key.multikey)") }),
    ])
  }

  /// `/keys.json`: when each key was in use, and how it verifies the log's notes.
  public func keyHistory(origin: String) throws -> [UInt8] {
    let keys = try history.entries.reversed().map { try $0.published(origin: origin) }
    return CanonicalJSON.encode(.object(["keys": .array(keys)]))
  }

  /// How long a status list may be relied on, in days after it was made.
  public static let statusListDays = 31

  /// `/status/<purpose>/<n>`: a signed list, good from the day of the build.
  public func statusList(
    _ list: StatusList, _ purpose: StatusList.Purpose, number: Int, today: CalendarDate
  ) throws -> [UInt8] {
    let id = addresses.statusList(purpose, number)
    let document = JSONValue.object([
      "@context": .array([.string("https://www.w3.org/ns/credentials/v2")]),
      "id": .string(id),
      "type": .array([.string("VerifiableCredential"), .string("BitstringStatusListCredential")]),
      "issuer": .string(addresses.issuer),
      "validFrom": .string(addresses.start(of: today)),
      "validUntil": .string(addresses.end(of: today.adding(days: Self.statusListDays))),
      "credentialSubject": .object([
        "id": .string("\(id)#list"), "type": .string("BitstringStatusList"),
        "statusPurpose": .string(purpose.rawValue), "encodedList": .string(try list.encoded()),
      ]),
    ])
    let signed = try DataIntegrity.sign(
      document, key: key, verificationMethod: key.publicKey.map(addresses.key) ?? "",
      created: addresses.start(of: today))
    return CanonicalJSON.encode(signed)
  }

  /// `/contexts/certificate-v1.jsonld`: what the credentials' own words mean.
  public var context: [UInt8] {
    let vocabulary = "\(addresses.site)/contexts/certificate-v1.jsonld#"
    func term(_ name: String) -> JSONValue { .string(vocabulary + name) }
    let date = JSONValue.object([
      "@id": .string("https://schema.org/dateIssued"),
      "@type": .string("http://www.w3.org/2001/XMLSchema#date"),
    ])
    let scheme = JSONValue.object([
      "@id": term("scheme"),
      "@context": .object([
        "code": term("schemeCode"),
        "title": .object(["@id": term("schemeTitle"), "@container": .string("@language")]),
        "units": .object(["@id": term("units"), "@container": .string("@list")]),
      ]),
    ])
    return CanonicalJSON.encode(
      .object([
        "@context": .object([
          "@protected": .boolean(true),
          "Person": .string("https://schema.org/Person"),
          "CompetencyCredential": term("CompetencyCredential"),
          "CompetencyCertificate": term("CompetencyCertificate"),
          "certificate": term("certificate"), "number": term("number"),
          "registration": term("registration"), "revision": term("revision"),
          "licence": term("licence"), "scheme": scheme, "issued": date,
          "expires": .object([
            "@id": .string("https://schema.org/expires"),
            "@type": .string("http://www.w3.org/2001/XMLSchema#date"),
          ]),
        ])
      ]))
  }
}
