import Content
public import Diagnostics
import Input
import Layout
public import Project
public import Proof
import Registry
import Theme

/// Draws certificates as they are printed, from the templates `certificate.svg` (the front) and
/// `certificate-back.svg` (the list of units, on as many pages as it needs).
public struct CertificateDrawing: Sendable {
  /// What differs between two prints of the same certificate.
  public struct Form: Sendable {
    /// Whether the form is printed already, and only what differs between certificates is wanted.
    public var isOverlay = false
    /// How far everything is moved, in millimetres to the right and down.
    public var offset = (x: 0.0, y: 0.0)
    public var hasCropMarks = false

    public init() {}
  }

  /// A template is no page, or asks for what cannot be done.
  package struct BadTemplate: Error {
    package let diagnostic: Diagnostic
  }

  private static let front = "certificate.svg"
  private static let back = "certificate-back.svg"
  /// The language in which printed certificates say everything first.
  public static let language = "id"

  private let renderer: PageRenderer
  private let registry: Registry
  private let parts: PrintParts
  private let languages: [SiteStrings]
  private let form: Form

  /// - Returns: nil, with a finding, where the project has no template for certificates.
  /// - Throws: `MachineFailure` when the site's address is too long for a QR code.
  public init?(
    _ project: Project, fingerprints: Fingerprints, form: Form, findings: inout Findings
  ) throws(MachineFailure) {
    guard project.theme.templateNames.contains(Self.front) else {
      findings.add(
        Diagnostic(
          "missing-template", at: SourceLocation(path: "templates/\(Self.front).mustache"),
          message: "Certificates are printed by this template",
          hint: "restore print/\(Self.front).mustache from the program's own repository"))
      return nil
    }
    self.form = form
    registry = project.registry
    parts = try PrintParts(site: project.configuration.url, fingerprints: fingerprints)
    renderer = PageRenderer(
      configuration: project.configuration, theme: project.theme, pages: project.content.pages,
      registry: project.registry)
    languages = SiteLanguages.whole.compactMap { project.theme.strings[$0] }
  }

  /// The title of a document with all of them.
  public var title: String {
    let heading = renderer.strings(Self.language)?.text("certificate.heading") ?? ""
    return "\(heading) – \(renderer.issuer.name)"
  }

  /// Printed pages in their order, each drawn when it is wanted, and where each certificate begins.
  public struct Book {
    public fileprivate(set) var pages: [() throws -> String] = []
    /// By the holders' names; pages count from 0.
    public fileprivate(set) var outline: [(title: String, page: Int)] = []
  }

  /// The pages of certificates: of each the front, then the backs.
  ///
  /// - Throws: `BadTemplate`; `MachineFailure` when a QR code cannot be made. Drawing a page throws the same.
  public func book(of choice: CertificateChoice) throws -> Book {
    var book = Book()
    guard let first = choice.certificates.first else { return book }
    // A template that is no page is told before anything is written.
    _ = try page(first, template: Self.front, units: 0..<0)
    let rows = try unitsOnABack(of: first)
    var last: Int?
    for certificate in choice.certificates {
      if certificate.ordinal != last {
        let title = "\(certificate.holder.string) · \(certificate.number.string)"
        book.outline.append((title, book.pages.count))
      }
      last = certificate.ordinal
      book.pages.append {
        try document(page(certificate, template: Self.front, units: 0..<0))
      }
      guard let rows else { continue }
      let count = edition(of: certificate).units.count
      for start in stride(from: 0, to: count, by: rows) {
        let units = start..<min(start + rows, count)
        book.pages.append {
          try document(page(certificate, template: Self.back, units: units))
        }
      }
    }
    let keys = book.outline.map { Array($0.title.lowercased().unicodeScalars.map(\.value)) }
    book.outline = keys.indices.sorted {
      keys[$0] == keys[$1] ? $0 < $1 : keys[$0].lexicographicallyPrecedes(keys[$1])
    }.map { book.outline[$0] }
    return book
  }

  /// How many units the template for the back has room for; nil where there is no such template.
  private func unitsOnABack(of certificate: Certificate) throws -> Int? {
    guard renderer.theme.templateNames.contains(Self.back) else { return nil }
    return try page(certificate, template: Self.back, units: 0..<0).rows ?? Int.max / 2
  }

  private func document(_ page: PrintedPage) -> String {
    page.document(offset: form.offset, hasCropMarks: form.hasCropMarks)
  }

  private func page(
    _ certificate: Certificate, template: String, units: Range<Int>
  ) throws -> PrintedPage {
    let head = PageContext(title: title, description: "", path: "", url: nil, isIndexed: false)
    var context = renderer.context(language: Self.language, page: head)
    context["certificate"] = try self.context(of: certificate, units: units)
    context["overlay"] = form.isOverlay
    do {
      return try PrintedPage(renderer.render(context, template: template))
    } catch {
      throw BadTemplate(
        diagnostic: Diagnostic(
          "bad-print-template",
          at: SourceLocation(path: renderer.theme.path(ofTemplate: template)),
          message: error.message, hint: error.hint))
    }
  }

  private func edition(of certificate: Certificate) -> SchemeEdition {
    registry.schemes[certificate.scheme].editions.all[certificate.schemeEdition].value
  }

  private func context(
    of certificate: Certificate, units: Range<Int>
  ) throws -> TemplateContext {
    let scheme = edition(of: certificate)
    let issuer = registry.issuer.all[certificate.issuerEdition].value
    let groups = parts.codeGroups(certificate)
    let code = try parts.qrCode(certificate)
    var context: TemplateContext = [
      "number": certificate.number.string,
      "holder": certificate.holder.string,
      "schemeCode": registry.schemes[certificate.scheme].code,
      "schemeTitle": TemplateContext(scheme.title.texts),
      "issued": days(certificate.issued),
      "expires": days(certificate.expires),
      "issuer": ["name": issuer.name, "licence": issuer.licence] as TemplateContext,
      "code1": groups[..<4].joined(separator: " "),
      "code2": groups[4...].joined(separator: " "),
      "qr": ["path": code.path, "size": String(code.size)] as TemplateContext,
      "units": units.map { index in
        let unit = scheme.units[index]
        return [
          "row": String(index - units.lowerBound), "number": String(index + 1), "code": unit.code,
          "en": unit.title["en"], "id": unit.title["id"], "specimen": unit.isSpecimen,
        ] as TemplateContext
      },
    ]
    if !scheme.units.isEmpty { context["unitCount"] = String(scheme.units.count) }
    context["registration"] = certificate.registration?.string
    if certificate.revision > 1 { context["revision"] = String(certificate.revision) }
    if certificate.expires == certificate.issued.adding(years: scheme.years) {
      context["years"] = String(scheme.years)
    }
    return context
  }

  private func days(_ day: CalendarDate) -> TemplateContext {
    var context: TemplateContext = ["iso": day.description]
    for strings in languages { context[strings.language] = strings.format(day) }
    return context
  }
}
