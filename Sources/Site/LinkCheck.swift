import Content
import Diagnostics
import Foundation
import Proof

/// Resolves the links of Markdown texts to addresses of the site, and finds those that lead nowhere.
struct LinkCheck {
  private let outline: SiteOutline
  /// Addresses of pages by the files they are made from.
  private let addresses: [String: String]
  private let known: Set<String>

  init(outline: SiteOutline) {
    self.outline = outline
    addresses = Dictionary(
      outline.pages.map { ($0.source, $0.address) }, uniquingKeysWith: { first, _ in first })
    known = Set(outline.pages.map(\.address))
      .union(SiteOutline.fixedFiles.map { "/\($0.text)" })
      .union(outline.theme.assets.all.map { "/\($0.path.text)" })
  }

  private var texts: [(String, Markdown)] {
    outline.content.pages.map { ($0.path, $0.text) }
      + outline.content.announcements.map { ($0.path, $0.text) }
  }

  /// Checks every link but those to certificates.
  func run(findings: inout Findings) {
    for (path, text) in texts {
      for link in text.links {
        check(link, in: text, at: path, findings: &findings)
      }
    }
  }

  /// The address for a destination written in a file; nil keeps it as written.
  func resolve(_ destination: String, in path: String) -> String? {
    guard case .page(let file, let rest) = target(of: destination, in: path) else { return nil }
    return addresses[file].map { $0 + rest }
  }

  private enum Target {
    case elsewhere
    /// A heading of the same text.
    case heading(String)
    /// An address of this site, without query and fragment.
    case address(String)
    /// A Markdown file of the project, and the query and fragment behind it.
    case page(String, rest: String)
    case unknown
  }

  private func target(of destination: String, in path: String) -> Target {
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
    guard plain.hasSuffix(".md") else { return .unknown }
    var parts = path.split(separator: "/").dropLast().map(String.init)
    for part in plain.split(separator: "/") {
      switch part {
      case ".": continue
      case "..": _ = parts.popLast()
      default: parts.append(String(part))
      }
    }
    return .page(parts.joined(separator: "/"), rest: String(destination[end...]))
  }

  private func check(
    _ link: Markdown.Link, in text: Markdown, at path: String, findings: inout Findings
  ) {
    func broken(_ message: String, _ hint: String) {
      findings.add(
        text.diagnostic(
          "broken-link", at: link, message: message, hint: hint))
    }
    switch target(of: link.destination, in: path) {
    case .elsewhere: return
    case .heading(let id):
      guard !text.headingIDs.contains(id) else { return }
      broken(
        "A link to a heading leads to one of this text",
        suggestion(for: id, among: text.headingIDs).map { "did you mean `#\($0)`?" }
          ?? "the headings here are \(text.headingIDs.map { "#\($0)" }.joined(separator: ", "))")
    case .address(let address):
      guard !known.contains(address), code(in: address) == nil else { return }
      let near =
        known.contains(address + "/")
        ? address + "/" : suggestion(for: address, among: known.sorted())
      broken(
        "A link within the site leads to one of its pages, and \(address) is none",
        near.map { "did you mean `\($0)`?" } ?? "correct the address, or write the page")
    case .page(let file, _):
      guard addresses[file] == nil else { return }
      broken(
        "A link to a text leads to a file of this project, and there is no \(file)",
        suggestion(for: file, among: addresses.keys.sorted()).map { "did you mean `\($0)`?" }
          ?? "correct the name, relative to this file")
    case .unknown:
      broken(
        "A link is a web address, an address of this site that begins with /, or a .md file",
        "write `https://\(link.destination)` for a web address, `/\(link.destination)` for this site"
      )
    }
  }

  /// Checks the links that lead to certificates' pages.
  func checkCertificates(in fingerprints: Fingerprints, findings: inout Findings) {
    for (path, text) in texts {
      for link in text.links {
        guard case .address(let address) = target(of: link.destination, in: path),
          let code = code(in: address),
          !fingerprints.entries.contains(where: { $0.fingerprint.code == code })
        else { continue }
        findings.add(
          text.diagnostic(
            "broken-link", at: link,
            message: "A link to a certificate leads to one of the registry, and \(code) is none",
            hint: "copy the address from the certificate's page"))
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
