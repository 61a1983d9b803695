import Diagnostics
import Foundation
import Input
import Pages
import Project
import Proof
import Registry
import RegistrySupport
import SystemPackage
import TestSupport
import Testing
import Theme

@Suite struct CertificateTemplateTests {
  /// Certificates of many variants, with names that try to be something else.
  private func randomRows(_ count: Int, using generator: inout SeededGenerator) -> String {
    let names = [
      "\"\"\u{301} onclick=x", "<\u{338}script>",
      "Siti Aminah", "Nur'aini", "</script><script>alert(1)</script>", "A & B", "\"\"Q\"\"",
      "{{holder}}", "{{{page.body}}}", "Renée", "日本 名前", "a<b>c", "&amp;", "<!--", "]]>",
    ]
    var text =
      "number,revision,registration,holder,scheme,issued,expires,status,status_date,status_reason,"
      + "superseded_by,listed\n"
    for index in 0..<count {
      let year = Int.random(in: 2019...2025, using: &generator)
      let status =
        ["", "", "valid", "revoked", "suspended", "superseded"]
        .randomElement(using: &generator) ?? ""
      let date = status.isEmpty ? "" : "2026-01-0\(Int.random(in: 1...9, using: &generator))"
      let fields = [
        "N<\(index)>", "", Bool.random(using: &generator) ? "R & \(index)" : "",
        "\"\(names.randomElement(using: &generator) ?? "") \(index)\"",
        Bool.random(using: &generator) ? "PBT" : "PBC", "\(year)-05-06",
        Bool.random(using: &generator) ? "2030-01-02" : "", status, date,
        Bool.random(using: &generator) ? "because <i>" : "",
        status == "superseded" ? "LAST" : "", Bool.random(using: &generator) ? "yes" : "no",
      ]
      text += fields.joined(separator: ",") + "\n"
    }
    return text + "LAST,,,Last One,PBT,2025-06-07,,,,,,\nLAST,2,,Last One,PBT,2025-07-08,,,,,,\n"
  }

  @Test(arguments: [false, true])
  func fillingHolesGivesTheSameBytesAsThePlainTemplate(publishesReasons: Bool) async throws {
    var generator = SeededGenerator(seed: publishesReasons ? 11 : 12)
    var small = try SmallRegistry()
    small.isSealed = true
    let (loaded, findings) = try small.load(randomRows(400, using: &generator))
    #expect(findings.diagnostics.isEmpty)
    let registry = try #require(loaded)
    let (renderer, secret) = try renderer(
      registry, folder: small.folder, publishesReasons: publishesReasons)
    let fingerprints = try await Fingerprints.compute(
      of: registry, format: RecordFormat(registry: registry, secret: secret), jobs: 2)
    let format = RecordFormat(registry: registry, secret: secret)
    let pages = try CertificatePages(
      renderer: renderer, registry: registry, fingerprints: fingerprints)
    let codes = try CertificateQRCodes(site: renderer.configuration.url)
    var templates: [PageVariant: CertificateTemplate] = [:]
    for certificate in registry.allCertificates() {
      let variant = pages.variant(of: certificate)
      let template = templates[variant] ?? pages.template(for: variant)
      templates[variant] = template
      let filled = String(
        decoding: try pages.page(
          certificate, record: format.bytes(of: certificate),
          salt: format.salt(in: format.bytes(of: certificate), of: certificate),
          logIndex: 4711, template: template), as: UTF8.self)
      let qrCode = try picture(of: codes.code(fingerprints[certificate.ordinal].hex))
      let plain = pages.rendered(variant) { slot in
        text(of: slot, certificate, registry, fingerprints, renderer, secret, qrCode)
      }
      #expect(filled == plain)
    }
    #expect(templates.count > 20)
  }

  private func renderer(
    _ registry: Registry, folder: TemporaryFolder, publishesReasons: Bool
  ) throws -> (PageRenderer, RegistrySecret) {
    var findings = Findings()
    let site = try String(
      contentsOfFile: Repository.root.appending("content/site.yml").string, encoding: .utf8)
    try folder.write(
      "content/site.yml",
      site.replacing("publish_reasons: false", with: "publish_reasons: \(publishesReasons)"))
    let configuration = try SiteConfiguration.load(root: folder.path, findings: &findings)
    let theme = try Theme.load(
      Repository.root.appending("templates"), languages: ["en", "id"], findings: &findings)
    let secret = try RegistrySecret.load(
      Repository.root.appending("seeds/keys/registry.secret"), displayPath: "s", findings: &findings
    )
    #expect(findings.diagnostics.isEmpty)
    let renderer = PageRenderer(
      configuration: try #require(configuration), theme: try #require(theme), pages: [],
      registry: registry)
    return (renderer, try #require(secret))
  }

  private func picture(of code: QRCode) -> String {
    Data(code.png).base64EncodedString()
  }

  /// What stands in a slot, said another way than the template says it.
  private func text(
    of slot: CertificateSlot, _ certificate: Certificate, _ registry: Registry,
    _ fingerprints: Fingerprints, _ renderer: PageRenderer, _ secret: RegistrySecret,
    _ qrCode: String
  ) -> String {
    let fingerprint = fingerprints[certificate.ordinal]
    let hex = fingerprint.description
    func day(_ field: CertificateSlot.DateField) -> CalendarDate? {
      switch field {
      case .issued: certificate.issued
      case .expires: certificate.expires
      case .statusDate: certificate.statusDate
      }
    }
    switch slot {
    case .number: return certificate.number.string
    case .holder: return certificate.holder.string
    case .registration: return certificate.registration?.string ?? "absent"
    case .reason: return certificate.statusReason?.string ?? "absent"
    case .revision: return "\(certificate.revision)"
    case .isoDate(let field): return day(field)?.description ?? ""
    case .date(let field, let language):
      let strings = renderer.theme.strings[["en", "id"][language]]
      return day(field).flatMap { strings?.format($0) } ?? ""
    case .unbrokenDate(let field, let language):
      let strings = renderer.theme.strings[["en", "id"][language]]
      return day(field).flatMap { strings?.format($0) }?.replacing(" ", with: "\u{A0}") ?? ""
    case .fingerprint: return hex
    case .code: return fingerprint.code.description
    case .logIndex: return "4711"
    case .record:
      return Data(RecordFormat(registry: registry, secret: secret).bytes(of: certificate))
        .base64EncodedString()
    case .salt:
      let salt = secret.salt(number: certificate.number, revision: certificate.revision)
      return Data(salt).base64EncodedString().replacing("=", with: "")
        .replacing("+", with: "-").replacing("/", with: "_")
    case .qrPicture: return qrCode
    case .folder: return fingerprint.code.folder
    case .fingerprintGroup(let group), .codeGroup(let group):
      return String(hex.dropFirst(group * 4).prefix(4))
    case .successorFolder:
      return certificate.successor.map { fingerprints[$0].code.folder } ?? "absent"
    case .successorNumber:
      return certificate.successor.map { registry.number(of: $0).string } ?? "absent"
    }
  }
}
