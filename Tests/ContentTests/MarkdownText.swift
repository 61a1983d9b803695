import Content
import Diagnostics
import Input
import TestSupport
import Testing

/// A standing page that is made of a text, and what is said of it.
struct MarkdownText {
  let page: Page
  let findings: Findings

  init(
    _ body: String, extensions: Set<MarkdownExtension> = Set(MarkdownExtension.allCases)
  ) throws {
    let folder = try TemporaryFolder()
    try folder.write("pages/a.en.md", "---\ntitle: A\n---\n" + body)
    let zone = try #require(SiteTimeZone("Asia/Jakarta"))
    let now = try #require(SiteMoment("2026-11-23", in: zone))
    var findings = Findings()
    let content = try Content.load(
      folder.path, displayPath: "content",
      settings: ContentSettings(
        languages: ["en", "id"], timeZone: zone, now: now, extensions: extensions),
      findings: &findings)
    page = try #require(content.pages.first)
    self.findings = findings
  }

  var html: String { page.text.html { _ in .asWritten } }

  /// Ids and places of what is said, as in `raw-html 4:1`.
  var said: [String] {
    findings.diagnostics.map { finding in
      let place = finding.location.description.split(separator: ":").dropFirst().joined(
        separator: ":")
      return "\(finding.id.name) \(place)"
    }
  }
}
