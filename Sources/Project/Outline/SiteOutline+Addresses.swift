import Content
import Diagnostics
import Layout
import Theme

extension SiteOutline {
  /// Finds paths that two parts of the site want, each at the line that asks for it.
  func checkAddresses(findings: inout Findings) {
    var claims = PathClaims()
    // Other settings would make further files; their places are taken as well.
    let own = otherFiles + SingleFile.allCases.map(\.path) + HostKind.allCases.map(\.path)
    for path in Set(own) { _ = claims.claim(path, for: "the program itself") }
    for asset in theme.assets.all {
      if let obstacle = claims.claim(asset.path, for: "templates/assets/") {
        findings.add(
          Diagnostic(
            "duplicate-address", at: SourceLocation(path: "templates/assets"),
            message: "A file of the site has one place, and /\(asset.path) \(obstacle.reason)",
            hint: "give one of the files another name"))
      }
    }
    for (path, file) in documents {
      if let obstacle = claims.claim(path, for: file.source.path) {
        findings.add(
          finding(
            of: file.source,
            message: "A file of the site has one place, and /\(path) \(obstacle.reason)",
            hint: "give \(file.source.path) another name"))
      }
    }
    for page in inOrderOfRight {
      guard let obstacle = claims.claim(page.path, for: page.source) else { continue }
      findings.add(
        diagnostic(
          "duplicate-address", at: page,
          message: "An address leads to one page, and \(page.address) \(obstacle.reason)",
          hint: page.isRedirect
            ? "remove the alias: what is there now cannot lead on to somewhere else"
            : "rename this file, or give it a `slug` of its own"))
    }
  }

  /// A finding at the first text that shows or links to a file.
  private func finding(of file: ContentFile, message: String, hint: String) -> Diagnostic {
    let texts =
      content.announcements.map { ($0.path, $0.text) } + content.pages.map { ($0.path, $0.text) }
    for (path, text) in texts {
      if let link = text.links.first(where: { $0.file(from: path) == file.path }) {
        return text.diagnostic("duplicate-address", at: link, message: message, hint: hint)
      }
    }
    return Diagnostic(
      "duplicate-address", at: SourceLocation(path: file.path), message: message, hint: hint)
  }

  /// The pages as they may claim their addresses: older announcements before newer ones, and old
  /// addresses last.
  private var inOrderOfRight: [PlannedPage] {
    func isAnnouncement(_ page: PlannedPage) -> Bool {
      if case .announcement = page.kind { true } else { false }
    }
    return pages.filter { !isAnnouncement($0) && !$0.isRedirect }
      + pages.filter(isAnnouncement).reversed() + pages.filter(\.isRedirect)
  }
}
