import Diagnostics
import Proof
import Registry
import RegistrySupport
import SystemPackage
import TestSupport
import Testing

/// Frozen: if one of these changes, printed certificates are broken.
@Suite struct RecordTests {
  static let secretFile = """
    canting registry secret, version 1
    SPECIMEN: published with the program, worth nothing as a secret
    000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f

    """

  static let rows = #"""
    number,revision,registration,holder,scheme,issued
    13134 7318 2 0001234 2025,,BTK.0000.01234.2025,"Renée ""Neng"" d'Arc\Putri",PBT,2025-03-04
    13134 7318 2 0001234 2025,2,,Renée Putri,PBT,2025-04-05

    """#

  static let golden = [
    #"{"expires":"2028-03-04","holder":"Renée \"Neng\" d'Arc\\Putri","issued":"2025-03-04","#
      + #""issuer":{"licence":"BNSP-LSP-0000.1-ID","name":"LSP Contoh"},"#
      + #""number":"13134 7318 2 0001234 2025","registration":"BTK.0000.01234.2025","#
      + #""salt":"0PWhrY_jacn30-BYVPmTtQ","scheme":{"code":"PBT","title":"#
      + #"{"en":"Hand-Drawn Batik Artisan","id":"Perajin Batik Tulis"},"#
      + #""units":["C.13BTK01.001.2","C.13BTK01.902.2"]},"version":1}"#,
    #"{"expires":"2028-04-05","holder":"Renée Putri","issued":"2025-04-05","#
      + #""issuer":{"licence":"BNSP-LSP-0000.1-ID","name":"LSP Contoh"},"#
      + #""number":"13134 7318 2 0001234 2025","revision":2,"#
      + #""salt":"bXhmVEKFfObt56OZKyN71Q","scheme":{"code":"PBT","title":"#
      + #"{"en":"Hand-Drawn Batik Artisan","id":"Perajin Batik Tulis"},"#
      + #""units":["C.13BTK01.001.2","C.13BTK01.902.2"]},"version":1}"#,
  ]

  static let fingerprints = [
    "4c14b690b7b5452947a1d8e4bb77f28cd82631745663bf439bac1da90c803eda",
    "875921ef41831dbd06def6da019152377e0e5ccf1eda38e9d808fe99d68d3d69",
  ]

  private let small: SmallRegistry

  init() throws {
    small = try SmallRegistry()
  }

  private func load() throws -> (Registry, RecordFormat) {
    let (registry, _) = try small.load(Self.rows)
    let file = try small.folder.write("registry.secret", Self.secretFile)
    var findings = Findings()
    let secret = try RegistrySecret.load(file, displayPath: "registry.secret", findings: &findings)
    let found = try #require(registry)
    return (found, RecordFormat(registry: found, secret: try #require(secret)))
  }

  @Test func recordsAreTheirGoldenBytes() throws {
    let (registry, format) = try load()
    let records = registry.allCertificates().map { format.bytes(of: $0) }
    #expect(records.map { String(decoding: $0, as: UTF8.self) } == Self.golden)
    #expect(records.map { Fingerprint(of: $0).description } == Self.fingerprints)
  }

  @Test func fingerprintsComeInTheRegistrysOrderWhateverTheJobs() async throws {
    let (registry, format) = try load()
    for jobs in [1, 2, 7] {
      let all = try await Fingerprints.compute(of: registry, format: format, jobs: jobs)
      #expect((0..<all.count).map { all[$0].description } == Self.fingerprints)
    }
  }

  @Test func codeAndFolderAreMadeOfTheFingerprint() throws {
    let fingerprint = try #require(Fingerprint(hex: Self.fingerprints[0]))
    #expect(fingerprint.code.description == "4c14b690b7b5452947a1d8e4bb77f28c")
    #expect(fingerprint.code.folder == "c/4c/14b690b7b5452947a1d8e4bb77f28c")
    #expect(CertificateCode(hex: "4c14b690b7b5452947a1d8e4bb77f28c") == fingerprint.code)
    #expect(Fingerprint(hex: Self.fingerprints[0].uppercased()) == nil)
    #expect(CertificateCode(hex: "4c14b690b7b5452947a1d8e4bb77f28") == nil)
  }

  @Test func readsItsOwnRecordsBack() throws {
    let record = try Record(Array(Self.golden[1].utf8))
    #expect(record.holder == "Renée Putri")
    #expect(record.revision == 2)
    #expect(record.registration == nil)
    #expect(record.units == ["C.13BTK01.001.2", "C.13BTK01.902.2"])
    #expect(record.fingerprint.description == Self.fingerprints[1])
  }

  @Test func everyChangedByteIsNoticed() throws {
    let bytes = Array(Self.golden[0].utf8)
    for index in bytes.indices {
      for flip in [UInt8(1), 0x20, 0x80] {
        var changed = bytes
        changed[index] ^= flip
        #expect(Fingerprint(of: changed).description != Self.fingerprints[0])
      }
    }
  }

  @Test(arguments: [
    (#"{"version":1}"#, "expires"),
    (#"{ "version":1}"#, "canonical"),
    (#"{"version":1.0}"#, "JSON"),
    (#"[]"#, "record"),
  ])
  func refusesWhatIsNoRecord(text: String, reason: String) {
    do {
      _ = try Record(Array(text.utf8))
      Issue.record("accepted \(text)")
    } catch {
      #expect("\(error)".contains(reason))
    }
  }

  @Test func refusesARecordWithOneFieldMoreOrChanged() {
    let record = Self.golden[0]
    let changes = [
      (#""version":1}"#, #""version":2}"#), (#""version":1}"#, #""version":1,"z":1}"#),
      (#""salt":"0P"#, #""salt":"P"#), ("2025-03-04", "2025-02-30"),
      (#""units":["C.13BTK01.001.2","#, #""units":[1,"#),
      (#""licence":"BNSP-LSP-0000.1-ID","#, ""),
    ]
    for (from, to) in changes {
      let changed = record.replacing(from, with: to)
      #expect(changed != record)
      #expect(throws: Record.Failure.self) { try Record(Array(changed.utf8)) }
    }
  }
}
