package import Content
package import Diagnostics
import Foundation
import Layout
import Proof
import Theme

/// Resolves the links of Markdown texts to addresses of the site, and finds those that lead nowhere.
package struct LinkCheck {
  private let outline: SiteOutline
  private let certificates: CertificateAddresses?
  /// Addresses of pages by the files they are made from.
  private let addresses: [String: String]
  private let known: Set<String>

  /// - Parameter certificates: where links to certificates lead; without it they are passed over.
  package init(outline: SiteOutline, certificates: CertificateAddresses? = nil) {
    self.outline = outline
    self.certificates = certificates
    addresses = Dictionary(
      outline.pages.filter(\.isOfAText).map { ($0.source, $0.address) },
      uniquingKeysWith: { first, _ in first })
    known = Set(outline.pages.map(\.address))
      .union(outline.otherFiles.map { "/\($0.text)" })
      .union(outline.theme.assets.all.map { "/\($0.path.text)" })
      .union(outline.documents.map { "/\($0.path.text)" })
  }

  private struct Source {
    let path: String
    let text: Markdown
    let links: [Markdown.Link]
  }

  private var texts: [Source] {
    outline.content.pages.map { Source(path: $0.path, text: $0.text, links: $0.text.links) }
      + outline.content.announcements.map {
        Source(path: $0.path, text: $0.text, links: $0.links)
      }
  }

  /// Checks every link but those to certificates.
  func run(findings: inout Findings) {
    for source in texts {
      for link in source.links {
        check(link, in: source.text, at: source.path, findings: &findings)
      }
    }
  }

  /// What becomes of a link of a file.
  package func resolve(_ link: Markdown.Link, in path: String) -> LinkResolution {
    switch target(of: link, in: path) {
    case .elsewhere:
      let isWeb = ["http", "https", nil].contains(LinkSafety.scheme(of: link.destination))
      let isOwn =
        link.destination == outline.configuration.url
        || link.destination.hasPrefix(outline.configuration.url + "/")
      return isWeb && !isOwn && !link.isImage ? .elsewhere(link.destination) : .asWritten
    case .page(let file, let rest):
      return addresses[file].map { .address($0 + rest) } ?? .textAlone
    case .file(let file):
      guard let found = outline.content.files[file] else { return .textAlone }
      let address = { "/" + SiteOutline.path(of: $0).text }
      if link.isImage { return .picture(ShownPicture(found, address: address)) }
      return ContentFile.isPicture(file)
        ? .address(address(found.publicName))
        : .document(address(found.publicName), found.details(in: language(of: path)))
    case .table(let file):
      return outline.content.tables[file].map { .table($0) } ?? .textAlone
    case .certificate(let written):
      return certificates?.address(of: written).map { .address($0) } ?? .textAlone
    case .address where link.isImage: return .picture(ShownPicture(address: link.destination))
    case .heading, .address, .unknown: return .asWritten
    }
  }

  /// The language that a text's name says.
  private func language(of path: String) -> String {
    let languages = outline.configuration.languages
    return languages.first { path.hasSuffix(".\($0).md") } ?? languages[0]
  }

  private enum Target {
    case elsewhere
    /// A heading of the same text.
    case heading(String)
    /// An address of this site, without query and fragment.
    case address(String)
    /// A Markdown file of the project, and the query and fragment behind it.
    case page(String, rest: String)
    /// A picture or document beside the texts.
    case file(String)
    /// A CSV file that is shown as a table.
    case table(String)
    case certificate(String)
    case unknown
  }

  private func target(of link: Markdown.Link, in path: String) -> Target {
    let destination = link.destination
    if let certificate = link.certificate { return .certificate(certificate) }
    if destination.hasPrefix("//") || LinkSafety.scheme(of: destination) != nil {
      return .elsewhere
    }
    if destination.hasPrefix("#") {
      let fragment = String(destination.dropFirst())
      return .heading(fragment.removingPercentEncoding ?? fragment)
    }
    let end = destination.firstIndex { $0 == "?" || $0 == "#" } ?? destination.endIndex
    let written = String(destination[..<end])
    let plain = written.removingPercentEncoding ?? written
    if plain.hasPrefix("/") { return .address(plain) }
    guard let file = link.file(from: path) else { return .unknown }
    if let table = link.table(from: path) { return .table(table) }
    if file.hasSuffix(".md") { return .page(file, rest: String(destination[end...])) }
    if link.isImage, !ContentFile.isPicture(file) { return .unknown }
    return ContentFile.isPublishable(file) ? .file(file) : .unknown
  }

  private func check(
    _ link: Markdown.Link, in text: Markdown, at path: String, findings: inout Findings
  ) {
    func broken(_ message: String, _ hint: String) {
      findings.add(
        text.diagnostic(
          "broken-link", at: link, message: message, hint: hint))
    }
    switch target(of: link, in: path) {
    case .elsewhere, .certificate: return
    case .heading(let id):
      guard !text.headingIDs.contains(id) else { return }
      broken(
        "A link to a heading leads to one of this text",
        LinkAdvice.heading(id, among: text.headingIDs, of: "here"))
    case .address(let address):
      if known.contains(address) {
        checkFragment(fragment(of: link), ofPageAt: address, broken: broken)
        return
      }
      guard code(in: address) == nil, !isOfScheme(address) else { return }
      broken(
        "A link within the site leads to one of its pages, and \(address) is none",
        LinkAdvice(from: path, files: addresses, known: known, content: outline.content)
          .address(address, isImage: link.isImage))
    case .page(let file, _):
      if addresses[file] != nil {
        checkFragment(fragment(of: link), of: file, broken: broken)
      } else if let withheld = outline.content.withheld.first(where: { $0.path == file }) {
        unpublished(link, to: withheld, in: text, findings: &findings)
      } else {
        broken(
          "A link to a text leads to a file of this project, and there is no \(file)",
          LinkAdvice(from: path, files: addresses, known: known, content: outline.content)
            .text(file))
      }
    case .file(let file):
      guard outline.content.files[file] == nil else { return }
      let isThere = findings.diagnostics.contains { $0.location.path == file }
      if isThere { return }
      findings.add(
        text.diagnostic(
          link.isImage ? "missing-image" : "broken-link", at: link,
          message: "A picture or document lies in content/, and there is no \(file)",
          hint: LinkAdvice.file(file, from: path, among: outline.content.files.keys.sorted())))
    case .table(let file):
      let isThere = findings.diagnostics.contains { $0.location.path == file }
      guard outline.content.tables[file] == nil, !isThere else { return }
      findings.add(
        text.diagnostic(
          "missing-table-file", at: link,
          message: "A table is a CSV file in content/, and there is no \(file)",
          hint: LinkAdvice.file(file, from: path, among: outline.content.tables.keys.sorted())))
    case .unknown:
      let advice = LinkAdvice(from: path, files: addresses, known: known, content: outline.content)
        .unknown(link)
      broken(advice.message, advice.hint)
    }
  }

  /// Whether an address is that of a scheme's page where the list of schemes is elsewhere.
  private func isOfScheme(_ address: String) -> Bool {
    guard outline.schemes == nil else { return false }
    return SiteLanguages.whole.contains {
      address.hasPrefix(outline.configuration.address("schemes/", in: $0))
    }
  }

  /// The heading that a link names behind `#`.
  private func fragment(of link: Markdown.Link) -> String {
    guard let hash = link.destination.firstIndex(of: "#") else { return "" }
    let written = String(link.destination[link.destination.index(after: hash)...])
    return written.removingPercentEncoding ?? written
  }

  /// A heading of a page that a link leads to by its address.
  private func checkFragment(
    _ id: String, ofPageAt address: String, broken: (String, String) -> Void
  ) {
    guard !id.isEmpty, let page = outline.pages.first(where: { $0.address == address }) else {
      return
    }
    // Templates, lists and schemes have ids that no text knows.
    guard page.isOfAText, !outline.theme.hasElement(id) else { return }
    checkFragment(id, of: page.source, broken: broken)
  }

  /// A heading of another text that a link leads to.
  private func checkFragment(
    _ id: String, of file: String, broken: (String, String) -> Void
  ) {
    guard let text = texts.first(where: { $0.path == file })?.text, !id.isEmpty,
      !text.headingIDs.contains(id)
    else { return }
    broken(
      "A link to a heading leads to one of \(file), and there is no #\(id)",
      LinkAdvice.heading(id, among: text.headingIDs, of: "there"))
  }

  /// What expired takes no page down with it: its links become plain words.
  private func unpublished(
    _ link: Markdown.Link, to other: Announcement, in text: Markdown, findings: inout Findings
  ) {
    let state = other.state(at: outline.now)
    findings.add(
      text.diagnostic(
        "link-to-unpublished", state == .expired ? .warning : .error, at: link,
        message: "A link leads to a text that readers see, and \(other.path) is "
          + (state == .draft
            ? "a draft" : state == .future ? "to appear \(other.appears)" : "expired"),
        hint: state == .expired
          ? "the words stay without the link; remove it"
          : "publish both together, or remove the link"))
  }

  /// Checks the links that lead to certificates' pages.
  package func checkCertificates(findings: inout Findings) {
    guard let certificates else { return }
    for source in texts {
      for link in source.links {
        switch target(of: link, in: source.path) {
        case .address(let address):
          guard let code = code(in: address), !certificates.contains(code) else { continue }
          findings.add(
            source.text.diagnostic(
              "broken-link", at: link,
              message: "A link to a certificate leads to one of the registry, and \(code) is none",
              hint: "copy the address from the certificate's page"))
        case .certificate(let written):
          guard certificates.address(of: written) == nil else { continue }
          findings.add(
            source.text.diagnostic(
              "broken-link", at: link,
              message: "A link to a certificate names one of the registry by number or code, and"
                + " \(written.isEmpty ? "this" : written) is none",
              hint: "copy the number or code from the certificate's page"))
        default: continue
        }
      }
    }
  }

  /// The code in the address of a certificate's page.
  private func code(in address: String) -> CertificateCode? {
    let parts = address.split(separator: "/")
    guard address.hasPrefix("/c/"), address.hasSuffix("/"), parts.count == 3, parts[1].count == 2
    else { return nil }
    return CertificateCode(hex: parts[1] + parts[2])
  }
}
