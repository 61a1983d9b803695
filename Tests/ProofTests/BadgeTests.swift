import Diagnostics
import Proof
import Registry
import RegistrySupport
import SystemPackage
import TestSupport
import Testing

/// Badges as they are written, held against those that follow from the record.
@Suite struct BadgeTests {
  private static let rows = #"""
    number,revision,registration,holder,scheme,issued
    13134 7318 2 0001234 2025,,BTK.0000.01234.2025,"Renée ""Neng"" d'Arc\Putri",PBT,2025-03-04
    13134 7318 2 0001234 2025,2,,Renée Putri 𝄞,PBT,2025-04-05
    13134 7318 2 0000001 2019,,,Sri,PBT,2019-05-06
    13134 7318 2 0000002 2019,,,Sari,PBC,2019-05-06

    """#

  private let registry: Registry
  private let records: RecordFormat
  private let badges: BadgeFormat
  private let keys: SigningKeys
  private let addresses = CredentialAddresses(
    site: "https://verify.example:8443", host: "verify.example:8443", offset: "+07:00")

  /// - Throws: where the specimen's own keys cannot be read.
  init() throws {
    let small = try SmallRegistry()
    registry = try #require(try small.load(Self.rows).0)
    let folder = KeyFolder(
      Repository.root.appending("seeds/keys"), displayPath: "seeds/keys")
    var findings = Findings()
    keys = try #require(try folder.keys(findings: &findings))
    let secret = try #require(try folder.secret(findings: &findings))
    records = RecordFormat(registry: registry, secret: secret)
    badges = try BadgeFormat(registry: registry, addresses: addresses, keys: keys) {
      "/schemes/\($0.slug)/"
    }
  }

  /// The badge, record and position in the log of every certificate.
  private func all() throws -> [(badge: JSONValue, record: Record, index: Int)] {
    try registry.allCertificates().map { certificate in
      let record = try Record(records.bytes(of: certificate))
      let index = StatusList.length - 2 + certificate.ordinal
      let bytes = try badges.bytes(
        of: certificate, fingerprint: record.fingerprint, index: index)
      let badge = try JSONParser.parse(bytes)
      #expect(CanonicalJSON.encode(badge) == bytes)
      return (badge, record, index)
    }
  }

  private func key(for method: String) -> PublicKey? {
    method == "\(addresses.issuer)#\(keys.signing.publicKey.multikey)"
      ? keys.signing.publicKey : nil
  }

  @Test func everyBadgeFollowsFromItsRecordAndIsSigned() throws {
    let all = try all()
    #expect(all.count == 4)
    for (badge, record, index) in all {
      let expected = try #require(record.badge(index: index, as: badge, addresses: addresses))
      #expect(badge.withoutProof.isSame(as: expected), "\(record.number)")
      #expect(throws: Never.self) { try DataIntegrity.verify(badge, .rdfc, keys: key) }
      let claimed = try #require(Record(claimedByBadge: badge, record.fingerprint))
      #expect(
        claimed.badge(index: index, as: badge, addresses: addresses)?.isSame(as: expected) == true)
    }
    // The lists of both sides of a border, and editions with one unit and with two.
    let lists = all.compactMap { $0.badge["credentialStatus"]?["statusListCredential"]?.string }
    #expect(Set(lists.compactMap(\.last)) == ["0", "1"])
    let units = all.map {
      $0.badge["credentialSubject"]?["achievement"]?["alignment"]?.array?.count
    }
    #expect(Set(units) == [1, 2])
  }

  /// One after the other, every text of a badge is changed; each change is seen.
  @Test func noChangedFieldIsAccepted() throws {
    let badge = try #require(try all().first?.badge)
    var count = 0
    func change(_ value: JSONValue, _ replace: (JSONValue) -> JSONValue) {
      switch value {
      case .object(let members):
        for (name, member) in members where name != "proofValue" {
          change(member) { changed in
            replace(.object(members.merging([name: changed]) { $1 }))
          }
        }
      case .array(let items):
        for (position, item) in items.enumerated() {
          change(item) { changed in
            var items = items
            items[position] = changed
            return replace(.array(items))
          }
        }
      case .string(let text): check(replace(.string(text + "x")))
      case .boolean(let flag): check(replace(.boolean(!flag)))
      case .integer: break
      }
    }
    func check(_ changed: JSONValue) {
      count += 1
      #expect(throws: DataIntegrity.Failure.self, "\(changed)") {
        try DataIntegrity.verify(changed, .rdfc, keys: key)
      }
    }
    change(badge) { $0 }
    #expect(count > 50)
    #expect(throws: DataIntegrity.Failure.self) { try DataIntegrity.verify(badge, keys: key) }
  }

  @Test func theListOfBadgesIsSignedAsTheyAreAndNamesRevokedAndSuspended() throws {
    let date = try #require(registry.allCertificates().first?.issued)
    for event in [LedgerEntry.Event.revoked(date), .suspended(date)] {
      #expect(event.sets(.badges))
    }
    #expect(!LedgerEntry.Event.issued.sets(.badges))
    #expect(!LedgerEntry.Event.reinstated(date).sets(.badges))
    let documents = IssuerDocuments(addresses: addresses, keys: keys)
    let list = try JSONParser.parse(
      documents.statusList(StatusList(), .badges, number: 3, today: date))
    #expect(list["id"]?.string == "https://verify.example:8443/status/badges/3")
    #expect(list["credentialSubject"]?["statusPurpose"]?.string == "revocation")
    #expect(throws: Never.self) { try DataIntegrity.verify(list, .rdfc, keys: key) }
    #expect(throws: DataIntegrity.Failure.self) { try DataIntegrity.verify(list, keys: key) }
  }

  @Test(arguments: [
    ("C.13BTK01.001.2", "C.13BTK01.001.2"), ("A b/#\"é", "A%20b%2F%23%22%C3%A9"),
    ("\t~_-", "%09~_-"),
  ])
  func aUnitsAnchorCanStandInAnAddress(code: String, anchor: String) {
    #expect(Badge.anchor(ofUnit: code) == anchor)
  }
}
