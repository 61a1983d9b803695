package import Diagnostics
import Input
import Layout
import Project
package import Proof
package import Registry
import Theme

/// Makes the pages of certificates: one template for each shape, filled for each certificate.
///
/// A class, since workers would spend a tenth of their time on counting who holds a copy's parts.
package final class CertificatePages: Sendable {
  let renderer: PageRenderer
  let registry: Registry
  let fingerprints: Fingerprints
  private let languages: [SiteStrings]
  /// The names of months by the languages' positions, escaped for HTML.
  private let months: FixedTexts
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
    languages = renderer.configuration.languages.compactMap { renderer.theme.strings[$0] }
    months = FixedTexts(
      languages.map { strings in
        strings.months.map { month in
          var escaped: [UInt8] = []
          HTML.append(month.utf8, to: &escaped)
          return escaped
        }
      })
  }

  package func shape(of certificate: Certificate) -> CertificateShape {
    CertificateShape(
      certificate, schemes: registry.schemes,
      publishesReasons: renderer.configuration.publishesReasons)
  }

  /// The page of a certificate, by the template of its shape.
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

  /// Renders the designers' template once for a shape.
  package func template(for shape: CertificateShape) -> CertificateTemplate {
    var marks = CertificateTemplate.Marks()
    let page = rendered(shape) { marks.mark($0) }
    return CertificateTemplate(
      page: page, marks: marks,
      words: [renderer.configuration.url] + languages.flatMap(\.months))
  }

  /// The page of a shape by the template engine alone, with `text` in every hole.
  package func rendered(
    _ shape: CertificateShape, text: (CertificateHole) -> String
  ) -> String {
    let url = renderer.configuration.url + "/" + text(.folder) + "/"
    let title = languages[0].format(
      "certificate.page_title", ["number": text(.number), "holder": text(.holder)])
    var head = PageContext(
      title: title, description: languages[0].format("certificate.page_description", [:]),
      path: "/" + text(.folder) + "/", url: url, isIndexed: shape.isListed)
    head.jsonLD = JSONLD.certificate(
      title: registry.schemes[shape.scheme].editions.all[shape.schemeEdition].value.title[
        languages[0].language],
      url: url, recognizedBy: registry.issuer.all[shape.issuerEdition].value.name,
      identifier: text(.code), issued: text(.isoDate(.issued)),
      expires: text(.isoDate(.expires)))
    var page = renderer.context(language: renderer.configuration.languages[0], page: head)
    page["certificate"] = certificate(shape, url: url, text)
    page["expiredVerdict"] = verdict("expired", text)
    return renderer.render(page, template: "certificate")
  }

  private func certificate(
    _ shape: CertificateShape, url: String, _ text: (CertificateHole) -> String
  ) -> TemplateContext {
    let scheme = registry.schemes[shape.scheme]
    let edition = scheme.editions.all[shape.schemeEdition].value
    let issuer = registry.issuer.all[shape.issuerEdition].value
    let folder = "/" + text(.folder) + "/"
    let files = renderer.configuration.certificateFiles
    var context: TemplateContext = [
      "number": text(.number),
      "holder": text(.holder),
      "schemeCode": scheme.code,
      "schemeTitle": TemplateContext(edition.title.texts),
      "schemePath": TemplateContext(
        Dictionary(
          uniqueKeysWithValues: renderer.configuration.languages.map { language in
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
      "qr": ["path": text(.qrPath), "size": qrCodes.size] as TemplateContext,
      "path": folder,
      "recordPath": files.contains(.record)
        ? folder + "record.json" : SavedPage.recordStart + text(.record),
      "isSignedByLogAlone": !files.contains(.credential),
      "logIndex": text(.logIndex),
      "logOrigin": renderer.configuration.host + "/log",
      "url": url,
      "status": shape.status.name,
      "verdict": verdict(shape.status.name, text),
    ]
    for status in Status.allCases { context[status.name] = status == shape.status }
    if files.contains(.credential) { context["credentialPath"] = folder + "credential.json" }
    if shape.hasRegistration { context["registration"] = text(.registration) }
    if shape.hasRevision { context["revision"] = text(.revision) }
    if shape.hasStatusDate { context["statusDate"] = date(.statusDate, text) }
    if shape.hasReason { context["reason"] = text(.reason) }
    if shape.holdsForYears { context["years"] = String(edition.years) }
    if shape.hasSuccessor {
      context["successor"] =
        [
          "path": "/" + text(.successorFolder) + "/",
          "number": text(.successorNumber),
        ] as TemplateContext
    }
    return context
  }

  private func date(
    _ field: CertificateHole.DateField, _ text: (CertificateHole) -> String
  ) -> TemplateContext {
    var context: TemplateContext = ["iso": text(.isoDate(field))]
    for (position, strings) in languages.enumerated() {
      context[strings.language] = text(.date(field, language: position))
    }
    return context
  }

  /// The verdict's title and sentence in every language, with the certificate's days in it.
  private func verdict(
    _ name: String, _ text: (CertificateHole) -> String
  ) -> TemplateContext {
    var titles: TemplateContext = [:]
    var sentences: TemplateContext = [:]
    for (position, strings) in languages.enumerated() {
      func format(_ part: String, _ hole: (CertificateHole.DateField) -> CertificateHole) -> String
      {
        strings.format(
          "verdict.\(name).\(part)",
          [
            "issued": text(hole(.issued)), "expires": text(hole(.expires)),
            "date": text(hole(.statusDate)),
          ])
      }
      titles[strings.language] = format("title") { .unbrokenDate($0, language: position) }
      sentences[strings.language] = format("sentence") { .date($0, language: position) }
    }
    return ["title": titles, "sentence": sentences]
  }
}
