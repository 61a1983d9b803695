import Input

extension Record {
  /// The record that a credential claims, as far as it can be told without the record's salt; nil for
  /// a credential that lacks a part of it.
  ///
  /// - Parameter fingerprint: the record's, as the credential names it.
  package init?(claimedBy document: JSONValue, _ fingerprint: Fingerprint) {
    let subject = document["credentialSubject"]
    let certificate = subject?["certificate"]
    let scheme = certificate?["scheme"]
    guard let number = certificate?["number"]?.string, let holder = subject?["name"]?.string,
      let issued = certificate?["issued"]?.string, let expires = certificate?["expires"]?.string,
      let licence = certificate?["licence"]?.string,
      let issuer = document["issuer"]?["name"]?.string, let code = scheme?["code"]?.string,
      let english = scheme?["title"]?["en"]?.string,
      let indonesian = scheme?["title"]?["id"]?.string,
      let units = scheme?["units"]?.array?.compactMap(\.string)
    else { return nil }
    self.number = number
    revision = certificate?["revision"]?.integer ?? 1
    registration = certificate?["registration"]?.string
    self.holder = holder
    schemeCode = code
    schemeTitle = ["en": english, "id": indonesian]
    self.units = units
    self.issued = issued
    self.expires = expires
    issuerName = issuer
    issuerLicence = licence
    self.fingerprint = fingerprint
  }

  /// The credential that follows from the record, without its proof: every member of it.
  ///
  /// `CredentialFormat` writes the same from a registry's row. A verifier holds what it was given
  /// against this, so that nothing a credential says is left unchecked.
  ///
  /// - Parameters:
  ///   - index: the certificate's position in the log.
  ///   - addresses: those of the site that published it.
  package func credential(index: Int, addresses: CredentialAddresses) -> JSONValue {
    let folder = "\(addresses.site)/\(fingerprint.code.folder)"
    func moment(_ day: String, _ time: String) -> JSONValue { .string(day + time) }
    var certificate: [String: JSONValue] = [
      "type": .string("CompetencyCertificate"), "number": .string(number),
      "issued": .string(issued), "expires": .string(expires), "licence": .string(issuerLicence),
      "scheme": .object([
        "code": .string(schemeCode), "title": .object(schemeTitle.mapValues { .string($0) }),
        "units": .array(units.map { .string($0) }),
      ]),
    ]
    if let registration { certificate["registration"] = .string(registration) }
    if revision >= 2 { certificate["revision"] = .integer(revision) }
    return .object([
      "@context": .array([
        .string("https://www.w3.org/ns/credentials/v2"), .string(addresses.context),
      ]),
      "id": .string("\(folder)/credential.json"),
      "type": .array([.string("VerifiableCredential"), .string("CompetencyCredential")]),
      "issuer": .object(["id": .string(addresses.issuer), "name": .string(issuerName)]),
      "validFrom": moment(issued, addresses.dayStart),
      "validUntil": moment(expires, addresses.dayEnd),
      "credentialSubject": .object([
        "type": .string("Person"), "name": .string(holder), "certificate": .object(certificate),
      ]),
      "credentialStatus": .array(
        StatusList.Purpose.allCases.map { status($0, index: index, addresses) }),
      "relatedResource": .array([
        .object([
          "id": .string("\(folder)/record.json"), "mediaType": .string("application/json"),
          "digestSRI": .string(
            "sha256-" + String(decoding: fingerprint.base64, as: UTF8.self)),
        ])
      ]),
    ])
  }

  private func status(
    _ purpose: StatusList.Purpose, index: Int, _ addresses: CredentialAddresses
  ) -> JSONValue {
    let (number, bit) = index.quotientAndRemainder(dividingBy: StatusList.length)
    let list = addresses.statusList(.credentials(purpose), number)
    return .object([
      "id": .string("\(list)#\(bit)"), "type": .string("BitstringStatusListEntry"),
      "statusPurpose": .string(purpose.rawValue), "statusListIndex": .string(String(bit)),
      "statusListCredential": .string(list),
    ])
  }
}

extension CredentialAddresses {
  /// The addresses that a document of a host was made with, as its `id` and `validFrom` tell: a site
  /// is of http or https, and its days begin where the institution is.
  ///
  /// - Returns: nil for a document that has another host's address.
  package init?(of document: JSONValue, host: String) {
    guard let id = document["id"]?.string,
      let site = ["https://\(host)", "http://\(host)"].first(where: { id.hasPrefix($0 + "/") })
    else { return nil }
    let start = document["validFrom"]?.string ?? ""
    let offset = CalendarDate(moment: start) == nil ? "" : start.dropFirst(19)
    self.init(site: site, host: host, offset: String(offset))
  }
}
