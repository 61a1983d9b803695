public import Input

/// The signed and unsigned documents that the issuer publishes beside the credentials.
public struct IssuerDocuments: Sendable {
  private let addresses: CredentialAddresses
  private let keys: SigningKeys

  public init(addresses: CredentialAddresses, keys: SigningKeys) {
    self.addresses = addresses
    self.keys = keys
  }

  /// `/.well-known/did.json`
  public var didDocument: [UInt8] {
    CanonicalJSON.encode(keys.issuer.didDocument(issuer: addresses.issuer))
  }

  /// `/keys.json`
  ///
  /// - Parameter origin: the log's name.
  public func keyHistory(origin: String) throws -> [UInt8] {
    CanonicalJSON.encode(try keys.issuer.published(origin: origin))
  }

  /// How long a status list may be relied on, in days after it was made.
  public static let statusListDays = 31

  /// `/status/<series>/<n>`: a signed list, good from the day of the build.
  public func statusList(
    _ list: StatusList, _ series: StatusList.Series, number: Int, today: CalendarDate
  ) throws -> [UInt8] {
    let document = Self.statusList(
      try list.encoded(), series, number: number, addresses: addresses,
      from: .string(addresses.start(of: today)),
      until: .string(addresses.end(of: today.adding(days: Self.statusListDays))))
    let signed = try DataIntegrity.sign(
      document, key: keys.signing, verificationMethod: addresses.key(keys.signing.publicKey),
      created: addresses.start(of: today), series.cryptosuite)
    return CanonicalJSON.encode(signed)
  }

  /// A status list without its proof: what makers write and verifiers expect.
  ///
  /// - Parameters:
  ///   - encoded: the bits, as `StatusList.encoded` gives them.
  ///   - from: `validFrom`, where there is one.
  ///   - until: `validUntil`, where there is one.
  package static func statusList(
    _ encoded: String, _ series: StatusList.Series, number: Int,
    addresses: CredentialAddresses, from: JSONValue?, until: JSONValue?
  ) -> JSONValue {
    let id = addresses.statusList(series, number)
    var members: [String: JSONValue] = [
      "@context": Badge.listContext,
      "id": .string(id),
      "type": .array([.string("VerifiableCredential"), .string("BitstringStatusListCredential")]),
      "issuer": .string(addresses.issuer),
      "credentialSubject": .object([
        "id": .string("\(id)#list"), "type": .string("BitstringStatusList"),
        "statusPurpose": .string(series.purpose.rawValue), "encodedList": .string(encoded),
      ]),
    ]
    members["validFrom"] = from
    members["validUntil"] = until
    return .object(members)
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
