public import Diagnostics
import Files
public import Input
public import Registry
import SystemPackage
public import TestSupport

/// A registry of a few rows, loaded as a project's would be.
public struct SmallRegistry {
  public let folder: TemporaryFolder
  public var today: CalendarDate
  public var columns: [Column: String] = [:]
  public var ignored: [String] = []
  public var table: String?
  /// Whether its rows were sealed before, so that nothing more is said of their texts.
  public var isSealed = false

  public static let schemesYAML = """
    - code: PBT
      slug: hand-drawn-batik
      editions:
        - from: 2019-01-01
          title: {en: "Hand-Drawn Batik Maker", id: "Pembatik Tulis"}
          level: 2
          years: 3
          standard: "SKKNI 104/2018"
          summary: {en: "Draws.", id: "Menggambar."}
          units:
            - {code: C.13BTK01.001.2, title: {id: "Sketsa", en: "Sketches"}}
        - from: 2023-01-01
          title: {en: "Hand-Drawn Batik Artisan", id: "Perajin Batik Tulis"}
          level: 2
          years: 3
          standard: "SKKNI 104/2018"
          summary: {en: "Draws.", id: "Menggambar."}
          units:
            - {code: C.13BTK01.001.2, title: {id: "Sketsa", en: "Sketches"}}
            - {code: C.13BTK01.902.2, title: {id: "Canting", en: "Canting"}, specimen: true}
    - code: PBC
      slug: stamped-batik
      editions:
        - from: 2019-01-01
          title: {en: "Stamped Batik Maker", id: "Pembatik Cap"}
          level: 2
          years: 3
          standard: "SKKNI 104/2018"
          summary: {en: "Stamps.", id: "Mencap."}
          units: [{code: C.13BTK01.903.2, title: {id: "Cap", en: "Stamp"}, specimen: true}]
    """

  public init() throws {
    folder = try TemporaryFolder()
    guard let day = CalendarDate(iso: "2026-11-23") else { throw Unreadable() }
    today = day
  }

  struct Unreadable: Error {}

  /// Loads rows written under the given header, as if none of them were sealed yet; nil with errors.
  public func load(_ bytes: [UInt8], file: String = "registry.csv") throws -> (Registry?, Findings)
  {
    let path = try folder.write(file, bytes)
    return try load(
      RegistrySettings(
        file: path, displayPath: "seeds/\(file)", table: table, columns: columns, ignored: ignored))
  }

  public func load(_ text: String) throws -> (Registry?, Findings) {
    try load(Array(text.utf8))
  }

  public func load(_ settings: RegistrySettings) throws -> (Registry?, Findings) {
    var findings = Findings()
    let schemesFile = SourceFile(path: "seeds/schemes.yml", text: Self.schemesYAML)
    guard let yaml = YAMLValue.parse(schemesFile, findings: &findings),
      let first = CalendarDate(iso: "2019-01-01"), let second = CalendarDate(iso: "2024-01-01"),
      let issuer = Editions([
        .init(from: first, value: Issuer(name: "LSP Contoh", licence: "BNSP-LSP-0000-ID")),
        .init(from: second, value: Issuer(name: "LSP Contoh", licence: "BNSP-LSP-0000.1-ID")),
      ])
    else { throw Unreadable() }
    let schemes = Scheme.load(yaml, findings: &findings)
    guard findings.diagnostics.isEmpty else { throw Unreadable() }
    let registry = try Registry.load(
      settings, schemes: schemes, issuer: issuer, batches: nil, today: today, findings: &findings)
    try registry?.reportDoubts(isSealed: { _ in isSealed }, findings: &findings)
    return (findings.hasErrors ? nil : registry, findings)
  }
}

extension Registry {
  /// Every certificate, in the order of the registry.
  public func allCertificates() -> [Certificate] {
    shards.flatMap { certificates(in: $0) }
  }
}
