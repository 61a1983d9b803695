package import Diagnostics
import Input
import Layout
import Project
package import Proof
package import Registry
import Theme

/// Makes the pages of certificates: one template for each variant, filled for each certificate.
///
/// A class, since workers would spend a tenth of their time on counting who holds a copy's parts.
package final class CertificatePages: Sendable {
  let renderer: PageRenderer
  let registry: Registry
  let fingerprints: Fingerprints
  private let languages: [SiteStrings]
  /// The names of months by the languages' positions, escaped for HTML.
  private let months: SharedByteTable
  private let qrCodes: CertificateQRCodes

  /// - Throws: `MachineFailure` when the site's address is too long for a QR code.
  package convenience init(
    renderer: PageRenderer, registry: Registry, fingerprints: Fingerprints
  ) throws(MachineFailure) {
    self.init(
      renderer: renderer, registry: registry, fingerprints: fingerprints,
      qrCodes: try CertificateQRCodes(site: renderer.configuration.url))
  }

  /// - Parameter qrCodes: those of the site's address.
  package init(
    renderer: PageRenderer, registry: Registry, fingerprints: Fingerprints,
    qrCodes: CertificateQRCodes
  ) {
    self.qrCodes = qrCodes
    self.renderer = renderer
    self.registry = registry
    self.fingerprints = fingerprints
    languages = SiteLanguages.whole.compactMap { renderer.theme.strings[$0] }
    months = SharedByteTable(
      languages.map { strings in
        strings.months.map { Array(HTML.escaped($0).utf8) }
      })
  }

  package func variant(of certificate: Certificate) -> PageVariant {
    PageVariant(
      certificate, schemes: registry.schemes,
      publishesReasons: renderer.configuration.publishesReasons)
  }

  /// The page of a certificate, by the template of its variant.
  ///
  /// - Parameter salt: the one in its record, so that the page alone gives the record.
  /// - Throws: `MachineFailure` when its QR code cannot be made.
  package func page(
    _ certificate: Certificate, record: [UInt8], salt: ArraySlice<UInt8>, logIndex: Int,
    template: CertificateTemplate
  ) throws(MachineFailure) -> [UInt8] {
    var page: [UInt8] = []
    try write(
      certificate, record: record, salt: salt, logIndex: logIndex, template: template, into: &page)
    return page
  }

  /// Writes the same into a buffer, instead of what is in it.
  package func write(
    _ certificate: Certificate, record: [UInt8], salt: ArraySlice<UInt8>, logIndex: Int,
    template: CertificateTemplate, into page: inout [UInt8]
  ) throws(MachineFailure) {
    let fingerprint = fingerprints[certificate.ordinal]
    let hex = fingerprint.hex
    let successor = certificate.successor
    template.fill(
      certificate,
      CertificateTemplate.Values(
        fingerprintHex: hex, folder: fingerprint.code.folderBytes, logIndex: logIndex,
        record: record, salt: salt,
        qrCode: template.hasQRCode ? try qrCodes.code(hex) : nil,
        successorFolder: successor.map { fingerprints[$0].code.folderBytes } ?? [],
        successorNumber: successor.map { registry.number(of: $0) }),
      months: months, into: &page)
  }

  /// Renders the designers' template once for a variant.
  package func template(for variant: PageVariant) -> CertificateTemplate {
    var placeholders = CertificateTemplate.Placeholders()
    let page = rendered(variant) { placeholders.placeholder($0) }
    return CertificateTemplate(
      page: page, placeholders: placeholders,
      words: [renderer.configuration.url] + languages.flatMap(\.months))
  }

  /// The page of a variant by the template engine alone, with `text` in every slot.
  package func rendered(
    _ variant: PageVariant, text: (CertificateSlot) -> String
  ) -> String {
    let url = renderer.configuration.url + "/" + text(.folder) + "/"
    let title = languages[0].format(
      "certificate.page_title", ["number": text(.number), "holder": text(.holder)])
    var head = PageContext(
      title: title, description: languages[0].format("certificate.page_description", [:]),
      path: "/" + text(.folder) + "/", url: url, isIndexed: variant.isListed)
    head.jsonLD = JSONLD.certificate(
      title: registry.schemes[variant.scheme].editions.all[variant.schemeEdition].value.title[
        languages[0].language],
      url: url, recognizedBy: registry.issuer.all[variant.issuerEdition].value.name,
      identifier: text(.code), issued: text(.isoDate(.issued)),
      expires: text(.isoDate(.expires)))
    var page = renderer.context(language: renderer.configuration.languages[0], page: head)
    page["certificate"] = certificate(variant, url: url, text)
    return renderer.render(page, template: "certificate")
  }

  private func certificate(
    _ variant: PageVariant, url: String, _ text: (CertificateSlot) -> String
  ) -> TemplateContext {
    let scheme = registry.schemes[variant.scheme]
    let edition = scheme.editions.all[variant.schemeEdition].value
    let issuer = registry.issuer.all[variant.issuerEdition].value
    let folder = "/" + text(.folder) + "/"
    let files = renderer.configuration.certificateFiles
    var context: TemplateContext = [
      "number": text(.number),
      "holder": text(.holder),
      "schemeCode": scheme.code,
      "schemeTitle": TemplateContext(edition.title.texts),
      "schemePath": TemplateContext(
        Dictionary(
          uniqueKeysWithValues: SiteLanguages.whole.map { language in
            (language, renderer.configuration.address("schemes/\(scheme.slug)/", in: language))
          })),
      "units": edition.units.map { unit in
        var texts = TemplateContext(unit.title.texts)
        texts["code"] = unit.code
        texts["specimen"] = unit.isSpecimen
        return texts
      },
      "issued": date(.issued, text),
      "expires": date(.expires, text),
      "issuer": ["name": issuer.name, "licence": issuer.licence] as TemplateContext,
      "fingerprint": text(.fingerprint),
      "fingerprintGroups": (0..<16).map { text(.fingerprintGroup($0)) },
      "code": text(.code),
      "codeGroups": (0..<8).map { text(.codeGroup($0)) },
      "salt": text(.salt),
      "qr": [
        "picture": "data:image/png;base64," + text(.qrPicture), "pixels": qrCodes.size * 4,
      ] as TemplateContext,
      "path": folder,
      "recordPath": files.contains(.record)
        ? folder + "record.json" : CertificatePageMetadata.recordStart + text(.record),
      "isSignedByLogAlone": !files.contains(.credential),
      "logIndex": text(.logIndex),
      "logOrigin": renderer.configuration.host + "/log",
      "url": url,
      "status": variant.status.name,
      "verdict": verdict(variant.status.name, text),
      "by": inEachLanguage { _, strings in
        strings.format("certificate.by", ["issuer": issuer.name])
      },
      "printedDigest": printedDigest(edition),
    ]
    if !edition.units.isEmpty { context["unitCount"] = String(edition.units.count) }
    for status in Status.allCases { context[status.name] = status == variant.status }
    if files.contains(.credential) { context["credentialPath"] = folder + "credential.json" }
    if files.contains(.badge) { context["badgePath"] = folder + "badge.json" }
    if variant.hasRegistration { context["registration"] = text(.registration) }
    if variant.hasRevision { context["revision"] = text(.revision) }
    if variant.hasStatusDate { context["statusDate"] = date(.statusDate, text) }
    if variant.hasStatusDate, variant.status == .valid {
      context["reinstated"] = inEachLanguage { position, strings in
        strings.format(
          "certificate.reinstated", ["date": text(.date(.statusDate, language: position))])
      }
    }
    if variant.status != .valid {
      context["stamp"] = languages.compactMap { $0.text("status.\(variant.status.name)") }
        .joined(separator: "\n")
    }
    if variant.hasReason { context["reason"] = text(.reason) }
    if variant.holdsForYears { context["years"] = String(edition.years) }
    if variant.hasSuccessor {
      context["successor"] =
        [
          "path": "/" + text(.successorFolder) + "/",
          "number": text(.successorNumber),
        ] as TemplateContext
    }
    return context
  }

  /// A text in each of the site's languages.
  ///
  /// - Parameter text: gets the language's position and its strings.
  private func inEachLanguage(_ text: (Int, SiteStrings) -> String) -> TemplateContext {
    TemplateContext(
      Dictionary(
        uniqueKeysWithValues: languages.enumerated().map { ($1.language, text($0, $1)) }))
  }

  /// What the page's script holds against the texts that are printed and stand in no record: the first 16
  /// digits of the SHA-256 of them all in the page's order, with LF between them.
  private func printedDigest(_ edition: SchemeEdition) -> String {
    let printed = ["en", "id"]
    let area = printed.compactMap { renderer.strings($0)?.text("certificate.area_value") }
    let units = edition.units.flatMap { unit in printed.compactMap { unit.title.texts[$0] } }
    let digest = Digest(hashing: (area + units).joined(separator: "\n").utf8)
    return String(decoding: digest.hex.prefix(16), as: UTF8.self)
  }

  private func date(
    _ field: CertificateSlot.DateField, _ text: (CertificateSlot) -> String
  ) -> TemplateContext {
    var context: TemplateContext = ["iso": text(.isoDate(field))]
    for (position, strings) in languages.enumerated() {
      context[strings.language] = text(.date(field, language: position))
    }
    return context
  }

  /// The verdict's title and sentence in every language, with the certificate's days in it.
  private func verdict(
    _ name: String, _ text: (CertificateSlot) -> String
  ) -> TemplateContext {
    func part(
      _ part: String, _ slot: (CertificateSlot.DateField, Int) -> CertificateSlot
    ) -> TemplateContext {
      inEachLanguage { position, strings in
        strings.format(
          "verdict.\(name).\(part)",
          [
            "issued": text(slot(.issued, position)), "expires": text(slot(.expires, position)),
            "date": text(slot(.statusDate, position)),
          ])
      }
    }
    return [
      "title": part("title") { .unbrokenDate($0, language: $1) },
      "sentence": part("sentence") { .date($0, language: $1) },
    ]
  }
}
