import Input

/// What a badge says of a certificate
/// ([Open Badges 3.0](https://www.imsglobal.org/spec/ob/v3p0), section 4).
///
/// Everything follows from the record, the place in the log and the address of the scheme's page, so a
/// verifier can make it anew and compare.
package struct Badge: Sendable {
  /// The folder of the certificate, as in `c/4c/14b6…`.
  let folder: String
  let number: String
  let holder: String
  let issuerName: String
  let schemeCode: String
  /// In English: a badge has one language.
  let title: String
  /// Codes of the units.
  let units: [String]
  /// The address of the scheme's page, with a slash at its end.
  let schemePage: String
  /// As in `2026-04-20T00:00:00+07:00`.
  let validFrom: String
  let validUntil: String
  /// Number of the status list, and the bit in it.
  let list: String
  let bit: String
  /// The record's SHA-256 in base64.
  let digest: String

  /// The contexts, in the order that Open Badges 3.0 demands (section B.1.1).
  static let context = JSONValue.array([
    .string("https://www.w3.org/ns/credentials/v2"),
    .string("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"),
  ])

  /// The context of a status list.
  static let listContext = JSONValue.array([.string("https://www.w3.org/ns/credentials/v2")])

  /// The members of the credential, all but its proof.
  func members(_ addresses: CredentialAddresses) -> [String: JSONValue] {
    let folder = "\(addresses.site)/\(self.folder)"
    return [
      "@context": Self.context, "id": .string("\(folder)/badge.json"),
      "type": .array([.string("VerifiableCredential"), .string("OpenBadgeCredential")]),
      "name": .string(title),
      "issuer": .object([
        "id": .string(addresses.issuer), "type": .array([.string("Profile")]),
        "name": .string(issuerName), "url": .string("\(addresses.site)/"),
      ]),
      "validFrom": .string(validFrom), "validUntil": .string(validUntil),
      "credentialSubject": .object([
        "id": .string("\(folder)/#holder"), "type": .array([.string("AchievementSubject")]),
        "licenseNumber": .string(number), "achievement": achievement,
        // The one node without an id: the JSON Schema of Open Badges 3.0 allows it none.
        "identifier": .array([
          .object([
            "type": .string("IdentityObject"), "hashed": .boolean(false),
            "identityHash": .string(holder), "identityType": .string("name"),
          ])
        ]),
      ]),
      "credentialStatus": status(addresses),
      "relatedResource": .array([
        .object([
          "id": .string("\(folder)/record.json"), "mediaType": .string("application/json"),
          "digestSRI": .string("sha256-\(digest)"),
        ])
      ]),
    ]
  }

  private var achievement: JSONValue {
    var members: [String: JSONValue] = [
      "id": .string(schemePage), "type": .array([.string("Achievement")]),
      "achievementType": .string("Certification"), "name": .string(title),
      "description": .string("Competency certificate of a scheme licensed by BNSP."),
      "criteria": .object(["id": .string(schemePage)]), "humanCode": .string(schemeCode),
    ]
    if !units.isEmpty {
      members["alignment"] = .array(
        units.map { code in
          let address = JSONValue.string("\(schemePage)#\(Self.anchor(ofUnit: code))")
          return .object([
            "id": address, "type": .array([.string("Alignment")]), "targetCode": .string(code),
            "targetName": .string(code), "targetUrl": address,
          ])
        })
    }
    return .object(members)
  }

  /// The entry in the badges' own list
  /// ([Bitstring Status List](https://www.w3.org/TR/vc-bitstring-status-list/), section 2.1). The
  /// messages have an `id`, which makes them nodes with a name.
  private func status(_ addresses: CredentialAddresses) -> JSONValue {
    let list = "\(addresses.site)/status/\(StatusList.Series.badges.name)/\(self.list)"
    func message(_ name: String, _ status: String, _ message: String) -> JSONValue {
      .object([
        "id": .string("\(list)#\(name)"), "status": .string(status), "message": .string(message),
      ])
    }
    return .object([
      "id": .string("\(list)#\(bit)"), "type": .string("BitstringStatusListEntry"),
      "statusPurpose": .string(StatusList.Series.badges.purpose.rawValue),
      "statusListIndex": .string(bit), "statusListCredential": .string(list),
      "statusMessage": .array([
        message("unset", "0x0", "neither revoked nor suspended"),
        message("set", "0x1", "revoked, or suspended for the time being"),
      ]),
    ])
  }

  /// The part behind `#` that leads to a unit on the scheme's page: its code, with everything but the
  /// unreserved characters of RFC 3986, section 2.3, as `%` and two digits.
  package static func anchor(ofUnit code: String) -> String {
    code.utf8.reduce(into: "") { anchor, byte in
      let scalar = Unicode.Scalar(byte)
      if byte < 0x80, scalar.properties.isAlphabetic || "0123456789-._~".utf8.contains(byte) {
        anchor.unicodeScalars.append(scalar)
      } else {
        anchor += (byte < 0x10 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
      }
    }
  }
}

extension JSONValue {
  /// Whether a document says that it is a badge.
  package var isBadge: Bool {
    self["type"]?.array?.contains { $0.string == "OpenBadgeCredential" } ?? false
  }
}

extension Record {
  /// The record that a badge claims, as far as it can be told: neither its salt nor the licence of the
  /// issuer stands in a badge. Nil for a badge that lacks a part of it.
  ///
  /// - Parameter fingerprint: the record's, as the badge names it.
  package init?(claimedByBadge document: JSONValue, _ fingerprint: Fingerprint) {
    let subject = document["credentialSubject"]
    let achievement = subject?["achievement"]
    guard let number = subject?["licenseNumber"]?.string,
      let holder = subject?["identifier"]?.array?.first?["identityHash"]?.string,
      let code = achievement?["humanCode"]?.string, let title = achievement?["name"]?.string,
      let issuer = document["issuer"]?["name"]?.string,
      let start = document["validFrom"]?.string, let end = document["validUntil"]?.string,
      let issued = CalendarDate(moment: start), let expires = CalendarDate(moment: end)
    else { return nil }
    self.number = number
    revision = 1
    registration = nil
    self.holder = holder
    schemeCode = code
    schemeTitle = ["en": title]
    units = achievement?["alignment"]?.array?.compactMap { $0["targetCode"]?.string } ?? []
    self.issued = issued.description
    self.expires = expires.description
    issuerName = issuer
    issuerLicence = ""
    self.fingerprint = fingerprint
  }

  /// The badge that follows from the record, without its proof: every member of it.
  ///
  /// `BadgeFormat` writes the same from a registry's row.
  ///
  /// - Parameters:
  ///   - index: the certificate's position in the log.
  ///   - claimed: the badge to compare with, from which the address of the scheme's page is taken:
  ///     no record has it.
  /// - Returns: nil where that address is no page of the site.
  package func badge(
    index: Int, as claimed: JSONValue, addresses: CredentialAddresses
  ) -> JSONValue? {
    guard let schemePage = claimed["credentialSubject"]?["achievement"]?["id"]?.string,
      schemePage.hasPrefix(addresses.site + "/"), schemePage.hasSuffix("/")
    else { return nil }
    let badge = Badge(
      folder: fingerprint.code.folder, number: number, holder: holder, issuerName: issuerName,
      schemeCode: schemeCode, title: schemeTitle["en"] ?? "", units: units,
      schemePage: schemePage, validFrom: issued + addresses.dayStart,
      validUntil: expires + addresses.dayEnd, list: String(index / StatusList.length),
      bit: String(index % StatusList.length),
      digest: String(decoding: fingerprint.base64, as: UTF8.self)
    )
    return .object(badge.members(addresses))
  }
}
