import Content
import Diagnostics
import Foundation
import Input
import SystemPackage
import TestSupport
import Testing

@Suite struct AnnouncementTests {
  private func load(
    _ files: [String: String], now: String = "2026-11-23", drafts: Bool = false,
    future: Bool = false, rawHTML: Bool = false, pictures: [String: [UInt8]] = [:]
  ) throws -> (Content, Findings) {
    let folder = try TemporaryFolder()
    for (name, text) in files { try folder.write(name, text) }
    for (name, bytes) in pictures { try folder.write(name, bytes) }
    let zone = try #require(SiteTimeZone("Asia/Jakarta"))
    var findings = Findings()
    let content = try Content.load(
      folder.path, displayPath: "content",
      settings: ContentSettings(
        languages: ["en", "id"], timeZone: zone, now: try #require(SiteMoment(now, in: zone)),
        showsDrafts: drafts, showsFuture: future, allowsRawHTML: rawHTML),
      findings: &findings)
    return (content, findings)
  }

  private func announcement(_ front: String, body: String = "") throws -> (Content, Findings) {
    try load(["news/2026-01-02-a.en.md": "---\ntitle: A\ndate: 2026-01-02\n\(front)\n---\n\(body)"])
  }

  @Test func readsEverythingAnEditorMayWrite() throws {
    let (content, findings) = try announcement(
      """
      updated: 2026-01-03T08:00:00+07:00
      publish: 2026-01-02 09:30
      expires: 2027-01-01
      tags: [Uji Kompetensi, Ekspor]
      authors: Sari
      aliases: [/news/old/, /berita.html]
      translationKey: first
      pinned: yes
      extra: {place: Solo, seats: [1, 2]}
      """)
    #expect(findings.diagnostics.isEmpty)
    let text = try #require(content.announcements.first)
    #expect(text.moment.description == "2026-01-02T00:00:00+07:00")
    #expect(text.appears.description == "2026-01-02T09:30:00+07:00")
    #expect(text.revised?.description == "2026-01-03T08:00:00+07:00")
    #expect(text.expires?.day.description == "2027-01-01")
    #expect(text.tags.map(\.slug) == ["uji-kompetensi", "ekspor"])
    #expect(text.authors == ["Sari"])
    #expect(text.aliases.map(\.address) == ["/news/old/", "/berita.html"])
    #expect(text.pairing == "first" && text.isPinned)
    #expect(
      text.extra == ["place": .text("Solo"), "seats": .list([.text("1"), .text("2")])])
  }

  @Test(arguments: [
    ("titel: B", "unknown-front-matter-key", "4:1"),
    ("publish: tomorrow", "bad-date", "4:10"),
    ("expires: 2026-01-02", "expires-before-date", "4:10"),
    ("slug: tags", "reserved-slug", "4:7"), ("slug: \"2024\"", "reserved-slug", "4:7"),
    ("tags: [\"…\"]", "bad-tag", "4:8"), ("tags: [a, A]", "duplicate-tag", "4:11"),
    ("aliases: [old]", "bad-alias", "4:11"), ("aliases: [/a/../b/]", "bad-alias", "4:11"),
    ("aliases: [//evil.example/]", "bad-alias", "4:11"),
    ("draft: perhaps", "wrong-yaml-type", "4:8"), ("extra: text", "wrong-yaml-type", "4:8"),
    ("image: a.png", "missing-alternative-text", "4:8"),
    ("imageAlt: x", "alternative-without-image", "4:11"),
  ])
  func explainsWhatIsWrong(front: String, id: String, place: String) throws {
    let (_, findings) = try announcement(front)
    let finding = try #require(findings.diagnostics.first)
    #expect(findings.diagnostics.map(\.id.name) == [id])
    #expect(finding.location.description == "content/news/2026-01-02-a.en.md:\(place)")
  }

  @Test func suggestsTheKeyThatWasMeant() throws {
    let (_, findings) = try announcement("sumary: B")
    #expect(findings.diagnostics.first?.hint == "did you mean `summary`?")
  }

  @Test(arguments: [
    ("draft: true", "2026-11-23", "draft"), ("publish: 2026-11-23 00:01", "2026-11-23", "future"),
    ("publish: 2026-11-22 17:00Z", "2026-11-23", "published"),
    ("publish: 2026-11-22 17:01Z", "2026-11-23", "future"),
    ("expires: 2026-11-23", "2026-11-23", "expired"),
    ("expires: 2026-11-23", "2026-11-22", "published"), ("", "2026-01-01", "future"),
  ])
  func readersSeeItFromItsDateUntilItExpires(front: String, now: String, state: String) throws {
    let files = ["news/2026-01-02-a.en.md": "---\ntitle: A\ndate: 2026-01-02\n\(front)\n---\n"]
    let (content, findings) = try load(files, now: now)
    #expect(findings.diagnostics.isEmpty)
    #expect(content.announcements.isEmpty == (state != "published"))
    #expect(content.withheld.isEmpty == (state == "published"))
    let (drafts, _) = try load(files, now: now, drafts: true)
    #expect(drafts.announcements.isEmpty == !["published", "draft"].contains(state))
    let (future, _) = try load(files, now: now, future: true)
    #expect(future.announcements.isEmpty == !["published", "future"].contains(state))
  }

  @Test func knowsWhenTheSiteWillChange() throws {
    let (content, _) = try load([
      "news/a.en.md": "---\ntitle: A\ndate: 2026-01-01\nexpires: 2027-02-01\n---\n",
      "news/b.en.md": "---\ntitle: B\ndate: 2026-12-01\n---\n",
      "news/c.en.md": "---\ntitle: C\ndate: 2026-11-30\ndraft: true\n---\n",
    ])
    let zone = try #require(SiteTimeZone("Asia/Jakarta"))
    let next = content.nextChange(after: try #require(SiteMoment("2026-11-23", in: zone)))
    #expect(next?.moment.description == "2026-12-01T00:00:00+07:00")
    #expect(next?.what.title == "B")
  }

  @Test func oneTextInALanguage() throws {
    let text = "---\ntitle: A\ndate: 2026-01-01\ntranslationKey: x\n---\n"
    let (_, findings) = try load(["news/a.en.md": text, "news/b.en.md": text])
    #expect(findings.diagnostics.map(\.id.name) == ["duplicate-translation"])
  }

  // MARK: Links and pictures

  @Test(arguments: [
    ("[x](cert:13134 7318 2 0001234 2025)", "13134 7318 2 0001234 2025"),
    ("[x](<cert:13134 7318>)", "13134 7318"), ("[x](cert:7f3a-90c1)", "7f3a-90c1"),
    ("[x](cert:a%20b)", "a b"),
  ])
  func linksToCertificatesMayHaveSpaces(markdown: String, certificate: String) throws {
    let (content, findings) = try announcement(
      "", body: "\nÉ.\n\nBefore `code` \(markdown) after\n")
    #expect(findings.diagnostics.isEmpty)
    let text = try #require(content.announcements.first).text
    #expect(text.links.map(\.certificate) == [certificate])
    #expect(
      text.html { _ in .address("/c/") }
        == "<p>É.</p>\n<p>Before <code>code</code> <a href=\"/c/\">x</a> after</p>\n")
  }

  @Test func codeIsNoLink() throws {
    let (content, findings) = try announcement(
      "", body: "`[x](cert:1 2)`\n\n    [x](cert:1 2)\n\n```\n[x](cert:1 2)\n```\n")
    #expect(findings.diagnostics.isEmpty)
    let html = try #require(content.announcements.first).text.html { _ in .asWritten }
    #expect(html.components(separatedBy: "[x](cert:1 2)").count == 4)
  }

  @Test func aLinkToACertificateThatIsNoneIsSaid() throws {
    let (_, findings) = try announcement("", body: "[x](cert:1 2 \"title\")\n")
    #expect(findings.diagnostics.map(\.id.name) == ["bad-certificate-link"])
  }

  @Test(arguments: ["![](a.png)", "![ ](a.png)", "![*&nbsp;*](a.png)"])
  func aPictureHasAnAlternativeText(markdown: String) throws {
    let (_, findings) = try announcement("", body: markdown + "\n")
    #expect(findings.diagnostics.map(\.id.name) == ["missing-alternative-text"])
    #expect(findings.hasErrors)
  }

  @Test func picturesBesideTheTextAreReadWithTheirSize() throws {
    let png: [UInt8] =
      [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]
      + [0, 0, 1, 0, 0, 0, 0, 7, 8, 2, 0, 0, 0, 0, 0, 0, 0]
      + [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82]
    let (content, findings) = try load(
      [
        "news/a.en.md":
          "---\ntitle: A\ndate: 2026-01-01\n---\n![Say \"hi\"](../pictures/A%20b.png 'T')\n"
      ],
      pictures: ["pictures/A b.png": png, "pictures/other.png": png])
    #expect(findings.diagnostics.isEmpty)
    #expect(content.files.keys.sorted() == ["content/pictures/A b.png"])
    let file = try #require(content.files.values.first)
    #expect(file.size?.width == 256 && file.size?.height == 7)
    #expect(file.publicName.hasPrefix("a-b.") && file.publicName.hasSuffix(".png"))
    let html = try #require(content.announcements.first).text.html { _ in
      .picture(ShownPicture(file) { "/assets/\($0)" })
    }
    #expect(
      html
        == "<figure>\n<img src=\"/assets/\(file.publicName)\" alt=\"Say &quot;hi&quot;\" width=\"256\""
        + " height=\"7\" decoding=\"async\" />\n<figcaption>T</figcaption>\n</figure>\n"
    )
  }

  @Test func nothingOutsideTheContentIsRead() throws {
    let (content, _) = try load([
      "news/a.en.md":
        "---\ntitle: A\ndate: 2026-01-01\n---\n![x](../../secret.png) ![y](../../../../etc/a.png)\n"
    ])
    #expect(content.files.isEmpty)
  }

  @Test func aPictureThatIsNoneIsAnError() throws {
    let (content, findings) = try load(
      ["news/a.en.md": "---\ntitle: A\ndate: 2026-01-01\n---\n![x](a.png)\n"],
      pictures: ["news/a.png": Array("<html>".utf8)])
    #expect(content.files.isEmpty)
    #expect(findings.diagnostics.map(\.id.name) == ["bad-image"])
  }

  @Test func aPictureIsReadOnceHoweverManyTextsShowIt() throws {
    let text = "---\ntitle: A\ndate: 2026-01-01\n---\n![x](a.svg) ![y](a.svg) [z](a.svg)\n"
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1.6\" viewBox=\"0 0 8 9\">"
    let (safe, none) = try load(
      ["news/a.en.md": text, "news/a.id.md": text],
      pictures: ["news/a.svg": Array("\(svg)</svg>".utf8)])
    #expect(none.diagnostics.isEmpty && safe.files["content/news/a.svg"]?.size?.height == 9)
    let (unsafe, findings) = try load(
      ["news/a.en.md": text, "news/a.id.md": text],
      pictures: ["news/a.svg": Array("\(svg)<script/></svg>".utf8)])
    #expect(unsafe.files.isEmpty)
    #expect(findings.diagnostics.map(\.id.name) == ["unsafe-svg"])
  }

  /// The name says what browsers take a file for.
  @Test(arguments: [
    ("a.png", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>", "bad-image"),
    ("a.svg", "GIF89a\u{1}\u{0}\u{1}\u{0}", "malformed-svg"), ("a.SVG", "<svg/>", "malformed-svg"),
    ("a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "bad-image"),
  ])
  func aPictureIsWhatItsNameSays(name: String, text: String, id: String) throws {
    let (content, findings) = try load(
      ["news/a.en.md": "---\ntitle: A\ndate: 2026-01-01\n---\n![x](\(name))\n"],
      pictures: ["news/\(name)": Array(text.utf8)])
    #expect(content.files.isEmpty && findings.diagnostics.map(\.id.name) == [id])
  }

  @Test func linksElsewhereGetTheirRelation() throws {
    let (other, _) = try announcement("", body: "[a *b*](https://x.example/?a=1&b='[ \"T\")\n")
    #expect(
      try #require(other.announcements.first).text.html { .elsewhere($0.destination) }
        == "<p><a href=\"https://x.example/?a=1&amp;b=&#x27;%5B\" title=\"T\""
        + " rel=\"noopener noreferrer\">a <em>b</em></a></p>\n")
  }

  @Test func headingsOfferTheirAddress() throws {
    let (content, _) = try announcement("", body: "## A *b*\n")
    #expect(
      try #require(content.announcements.first).text.html(headingLinks: true) { _ in .asWritten }
        == "<h2 id=\"a-b\">\nA <em>b</em>\n<a class=\"anchor\" href=\"#a-b\""
        + " aria-labelledby=\"a-b\"></a></h2>\n")
  }

  @Test func rawHTMLIsTheInstitutionsOwnDecision() throws {
    let text = ["news/a.en.md": "---\ntitle: A\ndate: 2026-01-01\n---\n<div id=\"x\">&</div>\n"]
    let (content, findings) = try load(text, rawHTML: true)
    #expect(findings.diagnostics.isEmpty)
    #expect(
      try #require(content.announcements.first).text.html { _ in .asWritten }
        == "<div id=\"x\">&</div>\n")
    let (_, refused) = try load(text)
    #expect(refused.diagnostics.map(\.id.name) == ["raw-html"])
  }

  @Test func aSummaryIsMadeOfTheFirstParagraphWithWords() throws {
    let (content, _) = try announcement(
      "", body: "![A picture](/assets/x.png)\n\nFirst ![y](/assets/x.png)*words*.\n\nSecond.\n")
    #expect(content.announcements.first?.summary == "First words.")
  }
}
