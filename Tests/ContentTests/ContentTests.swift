import Content
import Diagnostics
import Input
import SystemPackage
import TestSupport
import Testing

@Suite struct ContentTests {
  private func settings() throws -> ContentSettings {
    let zone = try #require(SiteTimeZone("Asia/Jakarta"))
    let now = try #require(SiteMoment("2026-11-23", in: zone))
    return ContentSettings(languages: ["en", "id"], timeZone: zone, now: now)
  }

  private func load(_ files: [String: String]) throws -> (Content, Findings) {
    let folder = try TemporaryFolder()
    for (name, text) in files { try folder.write(name, text) }
    var findings = Findings()
    let content = try Content.load(
      folder.path, displayPath: "content", settings: try settings(), findings: &findings)
    return (content, findings)
  }

  private func page(_ body: String) throws -> (Page, Findings) {
    let (content, findings) = try load(["pages/a.en.md": "---\ntitle: A\n---\n" + body])
    return (try #require(content.pages.first), findings)
  }

  @Test func readsFrontMatterAndAddressesOfAnnouncements() throws {
    let (content, findings) = try load([
      "news/2024-10-15-gathering.en.md":
        "---\ntitle: \"A: B\"\ndate: 2024-10-16\nupdated: 2024-10-20\n---\n\nFirst *paragraph*\nhere.\n\nSecond.\n",
      "news/2024-10-15-gathering.id.md":
        "---\r\ntitle: A\r\ndate: 2024-10-16\r\nslug: temu-batik\r\nsummary: S\r\n---\r\nIsi\r\n",
      "news/2025-01-01-later.en.md": "---\ntitle: L\ndate: 2025-01-01\n---\n",
    ])
    #expect(findings.diagnostics.isEmpty)
    try #require(content.announcements.map(\.slug) == ["later", "gathering", "temu-batik"])
    #expect(content.announcements[1].summary == "First paragraph here.")
    #expect(content.announcements[2].summary == "S")
    #expect(content.announcements[1].name == content.announcements[2].name)
  }

  @Test(arguments: [
    ("title: A\n", "missing-front-matter", "1:1"),
    ("---\ntitle: A\n", "unclosed-front-matter", "1:1"),
    ("---\ntitel: A\n---\n", "unknown-front-matter-key", "2:1"),
    ("---\ndescription: A\n---\n", "missing-key", "2:1"),
    ("---\ntitle:\n---\n", "missing-key", "2:7"),
    ("---\ntitle: [a\n---\n", "yaml-syntax", "2:10"),
    ("---\ntitle: A\ntitle: B\n---\n", "duplicate-yaml-key", "3:1"),
  ])
  func explainsBrokenFrontMatter(text: String, id: String, place: String) throws {
    let (_, findings) = try load(["pages/a.en.md": text])
    let finding = try #require(findings.diagnostics.first { $0.id.name == id })
    #expect(
      finding.location.description.hasPrefix(
        "content/pages/a.en.md:\(place.split(separator: ":")[0])"))
  }

  @Test(arguments: ["about.md", "about.fr.md", ".en.md.en.md", "a.b.en.md"])
  func wantsALanguageInTheFileName(name: String) throws {
    let (content, findings) = try load(["pages/\(name)": "---\ntitle: A\n---\n"])
    #expect(content.pages.isEmpty)
    if !name.hasPrefix(".") {
      #expect(findings.diagnostics.map(\.id.name) == ["file-without-language"])
    }
  }

  @Test(arguments: [
    ("date: 2024-02-30", "bad-date"), ("date: 15/10/2024", "bad-date"),
    ("date: 2024-10-15\nslug: Not OK", "bad-slug"),
    ("date: 2024-10-15\nupdated: 2024-10-14", "updated-before-date"),
  ])
  func explainsBrokenAnnouncements(front: String, id: String) throws {
    let (_, findings) = try load(["news/2024-10-15-a.en.md": "---\ntitle: A\n\(front)\n---\n"])
    #expect(findings.diagnostics.map(\.id.name) == [id])
  }

  // MARK: Markdown

  @Test func rawHTMLIsDroppedAndSaid() throws {
    let (page, findings) = try page(
      "Hello <b onclick=x>you</b>\n\n<script>alert(1)</script>\n\n<!-- note -->\n")
    let html = page.text.html { _ in .asWritten }
    #expect(html == "<p>Hello <strong>you</strong></p>\n")
    let finding = try #require(findings.diagnostics.first)
    #expect(findings.diagnostics.count == 1 && finding.id == "raw-html")
    #expect(finding.severity == .warning)
    #expect(finding.message.hasSuffix("`onclick`, `script`"))
    #expect(finding.location.description == "content/pages/a.en.md:4:7")
  }

  @Test(arguments: [
    "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](javascript&colon;alert(1))",
    "[x](java&#x0A;script:alert(1))", "[x](&#1;javascript:alert(1))", "[x](vbscript:x)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)", "[x](data:image/png;base64,AAAA)",
    "![x](data:image/png;base64,AAAA)", "<javascript:alert(1)>", "[x](file:///etc/passwd)",
    "[x][1]\n\n[1]: javascript:alert(1)", "[x](blob:a)", "[x](java\tscript:alert(1))",
  ])
  func unsafeLinksLoseTheirAddress(markdown: String) throws {
    let (page, _) = try page(markdown + "\n")
    let html = page.text.html { _ in .asWritten }
    #expect(!html.contains("href"))
    #expect(!html.contains("src"))
    #expect(!html.contains("<script"))
  }

  @Test(arguments: [
    "![x](https://other.example/x.png)", "![x](//other.example/x.png)",
    "![x](\\\\\\\\other.example/x.png)", "![x](http:other.example)",
    "![x](</&#9;/other.example/x.png>)",
    "![x](<&#32;//other.example/x.png>)", "![*x*](https://other.example/x.png)",
  ])
  func picturesFromElsewhereLeaveTheirTextAlone(markdown: String) throws {
    let (page, findings) = try page(markdown + "\n")
    #expect(page.text.html { _ in .asWritten } == "<p>x</p>\n")
    #expect(findings.diagnostics.map(\.id.name) == ["foreign-image"])
  }

  @Test func safeLinksStay() throws {
    let (page, findings) = try page(
      "[a](https://example.org/?a=1&b=2) [b](/verify/) [c](mailto:a@b.example) [d](#x) [e](tel:+62)\n\n## x\n"
    )
    #expect(findings.diagnostics.isEmpty)
    #expect(
      page.text.links.map(\.destination) == [
        "https://example.org/?a=1&b=2", "/verify/", "mailto:a@b.example", "#x", "tel:+62",
      ])
    let html = page.text.html {
      $0.destination == "/verify/" ? .address("/id/verify/\"><script>") : .asWritten
    }
    #expect(html.contains("<a href=\"https://example.org/?a=1&amp;b=2\">a</a>"))
    #expect(html.contains("<a href=\"/id/verify/%22%3E%3Cscript%3E\">b</a>"))
  }

  @Test func headingsHaveStableIDs() throws {
    let (page, findings) = try page(
      "## Apa itu *batik*?\n\ntext\n\n## Apa itu batik\n\n### Été\n\n## ？\n")
    #expect(findings.diagnostics.isEmpty)
    #expect(page.text.headingIDs == ["apa-itu-batik", "apa-itu-batik-2", "ete", "section"])
    let html = page.text.html { _ in .asWritten }
    #expect(html.contains("<h2 id=\"apa-itu-batik\">\nApa itu <em>batik</em>?\n</h2>"))
  }

  @Test func aFirstLevelHeadingIsSuspicious() throws {
    let (_, findings) = try page("# Title again\n")
    #expect(findings.diagnostics.map(\.id.name) == ["first-level-heading"])
  }

  @Test func textStaysText() throws {
    let (page, _) = try page("a &lt;script&gt; & \"q\" 'x' {{title}} \\<b>\n")
    #expect(
      page.text.html { _ in .asWritten }
        == "<p>a &lt;script&gt; &amp; &quot;q&quot; 'x' {{title}} &lt;b&gt;</p>\n")
  }

  /// As they stand, and as references, in every place that a reader sees.
  @Test(arguments: [
    ("a\u{202E}b", "4:2"), ("a\n\nbé\u{200B}c", "6:3"), ("`a\u{1}`", "4:3"), ("a\rb", "4:2"),
    ("\u{E000}", "4:1"),
    ("    \u{FEFF}", "4:5"), ("<!-- \u{2066} -->", "4:6"), ("a &#x202E; b", "4:1"),
    ("*a* &ZeroWidthSpace;", "4:4"),
    ("![a &#x2066;](/x.png)", "4:3"), ("[a](/ \"&#x200B;\")", "4:1"),
    ("```a&#x202E;\nb\n```", "4:1"),
    ("> - ## a&shy;b", "4:8"), ("![a ![b&#x81;](/x.png)](/x.png)", "4:7"), ("a\u{3164}", "4:2"),
  ])
  func aCharacterThatCannotBeSeenIsAnErrorAtItsPlace(markdown: String, place: String) throws {
    let (_, findings) = try page(markdown + "\n")
    let found = findings.diagnostics.filter { $0.severity == .error }
    #expect(
      found.map { "\($0.location) \($0.id.name)" } == [
        "content/pages/a.en.md:\(place) forbidden-character"
      ])
  }

  @Test(arguments: [
    "\u{1F469}\u{200D}\u{1F3A8}", "می\u{200C}خواهم", "a\u{200E}b\u{200F}", "a\tb", "a\u{A0}b",
    "e\u{301}\u{FE0F}", "&#0; &nbsp;",
    "&zwj;", "```\n\t&#x202E;\n```",
  ])
  func whatScriptsAndEmojiNeedStays(markdown: String) throws {
    let (_, findings) = try page(markdown + "\n")
    #expect(findings.diagnostics.isEmpty)
  }

  @Test func slugsAreCleanWhateverTheTitle() {
    #expect(slugText("Temu Batik: “Hari Batik” 2024!") == "temu-batik-hari-batik-2024")
    #expect(slugText("Ma'ruf — Été") == "maruf-ete")
    #expect(slugText("日本") == "")
    #expect(slugText("  --a--  ") == "a")
  }
}
