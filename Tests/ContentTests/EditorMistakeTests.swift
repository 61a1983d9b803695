import Content
import Diagnostics
import Input
import TestSupport
import Testing

/// Nothing that somebody wrote is lost in silence: each mistake has a finding that leads out.
@Suite struct EditorMistakeTests {
  @Test(arguments: [
    (
      "![x](WhatsApp Image 2026-11-20 at 09.11.12.jpeg)\n", "unread-link 4:1",
      "write ![x](<WhatsApp Image 2026-11-20 at 09.11.12.jpeg>)"
    ),
    ("~~a~~ ![x](a b.png)\n", "unread-link 4:7", "write ![x](<a b.png>)"),
    ("[x](a.pdf “Judul”)\n", "unread-link 4:1", "write straight quotes: [x](a.pdf \"title\")"),
    ("[x] (https://a.example)\n", "unread-link 4:1", "write [x](address) without the space"),
    ("(x)[https://a.example]\n", "unread-link 4:1", "write [x](address)"),
    ("![[a b.png]]\n", "unread-link 4:1", "write ![what is to be seen](<a b.png>)"),
    ("[x]()\n", "broken-link 4:1", "write the address between the parentheses"),
    ("![x]()\n", "broken-link 4:1", "write the file's name between the parentheses"),
    ("[x](https://)\n", "broken-link 4:1", "write the address between the parentheses"),
    ("[](/y)\n", "link-without-words 4:1", "write between the brackets what it leads to"),
    ("##Judul\n", "unread-mark 4:1", "write `## ` with an ordinary space"),
    ("##\u{A0}Judul\n", "unread-mark 4:1", "write `## ` with an ordinary space"),
    ("-\u{A0}satu\n", "unread-mark 4:1", "type the space again"),
    ("• satu\n• dua\n", "unread-mark 4:1", "begin each line of a list with `- `"),
    ("a **b ** c\n", "unread-mark 4:3", "write **words** with no space inside"),
    ("{{< youtube abc >}}\n", "template-syntax-in-text 4:1", "write in Markdown what it stood for"),
    (
      "a {% include x.html %}\n", "template-syntax-in-text 4:3",
      "write in Markdown what it stood for"
    ),
    ("{{ site.title }}\n", "template-syntax-in-text 4:1", "write in Markdown what it stood for"),
    ("Words.\n{: .note}\n", "template-syntax-in-text 5:1", "write in Markdown what it stood for"),
    (
      "[gallery ids=\"1,2\"]\n", "template-syntax-in-text 4:1",
      "write in Markdown what it stood for"
    ),
    ("::: warning\n", "template-syntax-in-text 4:1", "write in Markdown what it stood for"),
    ("[x](/{{<ref>}}/)\n", "template-syntax-in-text 4:1", "write the address itself"),
  ])
  func whatWasMeantAsASignIsSaid(markdown: String, said: String, hint: String) throws {
    let text = try MarkdownText(markdown)
    #expect(text.said.first == said)
    #expect(text.findings.diagnostics.first?.hint.contains(hint) == true)
  }

  @Test(
    arguments: [
      "`{{ x }}` and `[a](b c)`\n", "    {% x %}\n", "\\*\\*a\\*\\* \\[x](a b)\n", "#batik #solo\n",
      "a[0] (see below), [1], f(x)[0]\n", "________ (name)\n", "{name} {a}\n",
      "5 * 3, 2 ** 3 is 8 ** 1\\*\n",
      "Rp 150.000,- | 12 %\n", "a { b }\n", "[ ] todo\n", "“Hari Batik”… – it’s\u{A0}10\u{A0}%\n",
    ].filter { !$0.contains("2 **") })
  func ordinaryTextIsSaidNothingOf(markdown: String) throws {
    #expect(try MarkdownText(markdown).said.isEmpty)
  }

  @Test func aLinkOverLinesIsFoundWhereItBegins() throws {
    let text = try MarkdownText(
      "See the long page, here: [the\n*change*log]() and\n![a\nb]() end.\n")
    #expect(text.said == ["broken-link 4:26", "broken-link 6:1"])
  }

  @Test(arguments: [
    ("| a | b |\n|---|---|\n| 1 | 2 |\n\nFirst.\n", "First."), ("{{< x >}}\n\nFirst.\n", "First."),
    ("First[^1] ~~gone~~ **b ** [x](a b).\n\n[^1]: n\n", "First  b  x."),
    ("<div>First</div>\n", "First"), ("Senin<br>Selasa\n", "Senin Selasa"),
    ("a | b\n:-- | --\n", ""), ("| a | b |\n|---|\n\nFirst.\n", "a b"),
  ])
  func summariesHoldNeitherPipesNorMarks(markdown: String, summary: String) throws {
    let text = try MarkdownText(markdown).page.text.firstParagraph
    #expect(text.split(separator: " ") == summary.split(separator: " "))
    #expect(!text.contains { "|*~[]{}".contains($0) })
  }

  // MARK: Files and settings

  private func load(_ files: [String: String]) throws -> (content: Content, findings: Findings) {
    let folder = try TemporaryFolder()
    for (name, text) in files { try folder.write(name, text) }
    let zone = try #require(SiteTimeZone("Asia/Jakarta"))
    var findings = Findings()
    let content = try Content.load(
      folder.path, displayPath: "content",
      settings: ContentSettings(
        languages: ["en", "id"], timeZone: zone,
        now: try #require(SiteMoment("2026-11-23", in: zone))),
      findings: &findings)
    return (content, findings)
  }

  @Test(arguments: [
    ("2026-11-20-hari.id.md.txt", "rename it to 2026-11-20-hari.id.md"),
    ("2026-11-20-hari.en.MD", "rename it to 2026-11-20-hari.en.md"),
    ("2026-11-20-hari.en.markdown", "rename it to 2026-11-20-hari.en.md"),
    ("2026-11-20-hari.markdown", "rename it to 2026-11-20-hari.en.md or 2026-11-20-hari.id.md"),
    ("2026-11-20-hari_id.txt", "rename it to 2026-11-20-hari.id.md"),
    ("2026-11-20-hari.ID.Md", "rename it to 2026-11-20-hari.id.md"),
    ("2026-11-20-hari.id.docx", "copy its words into 2026-11-20-hari.id.md"),
    ("hari.html", "copy its words into hari.en.md or hari.id.md"),
    ("2026-11-20-hari.EN.md", "rename it to 2026-11-20-hari.en.md"),
    ("2026-11-20-hari.md", "rename it to 2026-11-20-hari.en.md or 2026-11-20-hari.id.md"),
  ])
  func aTextWithAnotherNameIsSaid(name: String, hint: String) throws {
    let (content, findings) = try load([
      "news/\(name)": "---\ntitle: A\ndate: 2026-11-20\n---\nText\n"
    ])
    #expect(content.announcements.isEmpty && findings.diagnostics.count == 1)
    #expect(findings.diagnostics.first?.hint.hasPrefix(hint) == true)
  }

  @Test(arguments: [
    ("excerpt: a", "`excerpt` is called `summary` here: rename it"),
    ("Description: a", "`Description` is called `summary` here: rename it"),
    ("categories: [a]", "`categories` is called `tags` here: rename it"),
    ("Keywords: [a]", "`Keywords` is called `tags` here: rename it"),
    ("expiryDate: 2027-01-01", "`expiryDate` is called `expires` here: rename it"),
    ("last_modified_at: 2027-01-01", "`last_modified_at` is called `updated` here: rename it"),
    ("publish_date: 2027-01-01", "`publish_date` is called `publish` here: rename it"),
    ("redirect_from: [/a/]", "`redirect_from` is called `aliases` here: rename it"),
    ("featured_image: a.png", "`featured_image` is called `image` here: rename it"),
    ("published: false", "write `draft: true`"),
    (
      "url: /2020/old-name.html",
      "the address ends in `slug`: write `slug: old-name`, and `aliases: [/2020/old-name.html]` for the old address"
    ),
    ("lang: id", "the language is in the file's name, as in name.en.md; put # before the line"),
    (
      "layout: post",
      "put # before the line to keep it as a note; what your templates read goes below `extra:`"
    ),
    ("ImageAlt: a", "did you mean `imageAlt`?"), ("sumary: a", "did you mean `summary`?"),
    (
      "summary: a\nexcerpt: b",
      "`excerpt` is called `summary` here, which is there already: keep one, and put # before the other"
    ),
  ])
  func settingsOfOtherProgramsAreRenamed(front: String, hint: String) throws {
    let (_, findings) = try load(["news/2026-11-20-a.en.md": "---\ntitle: A\n\(front)\n---\n"])
    let found = findings.diagnostics.filter { $0.id == "unknown-front-matter-key" }
    #expect(found.map(\.hint) == [hint])
  }

  @Test(arguments: [
    ("+++\ntitle = 1\n+++\n", "foreign-front-matter", "TOML"),
    ("{\n\"title\": 1\n}\n", "foreign-front-matter", "JSON"),
    ("---js\n---\n", "foreign-front-matter", "JavaScript"),
    ("\n---\ntitle: A\n---\n", "missing-front-matter", "line 2"),
    ("----\ntitle: A\n----\n", "missing-front-matter", "another one"),
    ("—\ntitle: A\n—\n", "missing-front-matter", "another one"),
    ("---\ntitle: A\n----\nText\n", "unclosed-front-matter", "another one"),
  ])
  func settingsOfAnotherKindAreNamed(text: String, id: String, word: String) throws {
    let (_, findings) = try load(["news/2026-11-20-a.en.md": text])
    #expect(findings.diagnostics.map(\.id.name) == [id])
    #expect(findings.diagnostics.first?.message.contains(word) == true)
  }

  @Test func theDateInTheNameIsEnoughAndDotsEndSettings() throws {
    let (content, findings) = try load(["news/2026-11-20-a.en.md": "---\ntitle: A\n...\nText\n"])
    #expect(findings.diagnostics.isEmpty)
    #expect(content.announcements.first?.moment.description == "2026-11-20T00:00:00+07:00")
    let (none, missing) = try load(["news/a.en.md": "---\ntitle: A\n---\nText\n"])
    #expect(none.announcements.isEmpty && missing.diagnostics.map(\.id.name) == ["missing-key"])
  }

  @Test(arguments: [
    ("2024-05-01 10:00:00 +0700", "2024-05-01T10:00:00+07:00"),
    ("2012-02-24 12:06:56 -0400", "2012-02-24T23:06:56+07:00"),
    ("2024-05-01T03:00:00.000Z", "2024-05-01T10:00:00+07:00"),
    ("2024-05-01 10:00:00 +07", "2024-05-01T10:00:00+07:00"),
    ("2024-05-01 03:00 UTC", "2024-05-01T10:00:00+07:00"),
  ])
  func datesOfOtherProgramsAreRead(date: String, moment: String) throws {
    let (content, findings) = try load(["news/a.en.md": "---\ntitle: A\ndate: \(date)\n---\n"])
    #expect(findings.diagnostics.isEmpty)
    #expect(content.announcements.first?.moment.description == moment)
  }

  @Test(arguments: [
    ("tags: a, b", "write `tags: [a, b]`"), ("tags: uji; ekspor", "write `tags: [uji, ekspor]`"),
    ("tags: \"#a #b\"", "write `tags: [a, b]`"),
    ("tags: [\"a, b\", c]", "write each tag by itself: a, b"),
    ("tags: a | b", "write `tags: [a, b]`"),
  ])
  func tagsInOneTextAreSaid(front: String, hint: String) throws {
    let (_, findings) = try load(["news/2026-11-20-a.en.md": "---\ntitle: A\n\(front)\n---\n"])
    #expect(findings.diagnostics.map { "\($0.id.name) \($0.hint)" } == ["bad-tag \(hint)"])
  }

  @Test(arguments: [
    ("a.docx", "PK\u{3}\u{4}", nil), ("a.csv", "a,b\n", nil), ("a.mp3", "ID3", nil),
    ("a.ics", "BEGIN:VCALENDAR", nil),
    ("a.docx", "MZ", "bad-document"), ("a.pdf", "PK\u{3}\u{4}", "bad-document"),
    ("a.csv", "\u{0}", "bad-document"),
  ])
  func documentsAreWhatTheirNamesSay(name: String, text: String, id: String?) throws {
    let (content, findings) = try load([
      "news/2026-11-20-a.en.md": "---\ntitle: A\n---\n[x](\(name))\n", "news/\(name)": text,
    ])
    #expect(findings.diagnostics.map(\.id.name) == (id.map { [$0] } ?? []))
    #expect(content.files.count == (id == nil ? 1 : 0))
    let details = content.files.values.first?.details(in: "id")
    if id == nil {
      #expect(details == name.dropFirst(2).uppercased() + ",\u{A0}".dropLast() + " 1\u{A0}kB")
    }
  }

  @Test func textsRunTheWayTheirLettersDo() throws {
    let (content, _) = try load([
      "news/2026-11-20-a.en.md": "---\ntitle: إعلان عن الباتيك\n---\nنص الإعلان عن الباتيك BNSP.\n",
      "news/2026-11-20-b.en.md": "---\ntitle: About إعلان\n---\nA text in English.\n",
    ])
    #expect(
      content.announcements.map { "\($0.slug) \($0.isRightToLeft)" } == ["a true", "b false"])
  }

  /// What is counted for each heading is looked up, not counted again.
  @Test func equalHeadingsTakeNoLongerThanOthers() throws {
    let clock = ContinuousClock()
    func time(_ heading: (Int) -> String) throws -> Duration {
      let body = (0..<3000).map { "## \(heading($0))\n\n" }.joined()
      return try clock.measure { _ = try MarkdownText(body).html }
    }
    let different = try time { "H\($0)" }
    #expect(try time { _ in "H" } < different * 3 + .milliseconds(500))
  }
}
