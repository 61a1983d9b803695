import Content
import Testing

/// What texts may hold beyond CommonMark.
@Suite struct ExtensionTests {
  @Test func aTableInTheTextIsTheTableOfACSVFile() throws {
    let text = try MarkdownText(
      """
      | Kota | Harga | `a\\|b` |
      |:-----|------:|:---:|
      | **Solo** & <b>co</b> | Rp 1.250 | [x](/y "T") |
      | Yogya | 900

      """)
    #expect(
      text.html == """
        <div class="table" role="region" aria-label="Kota, Harga, a|b" tabindex="0">
        <table>
        <thead>
        <tr><th scope="col" class="left">Kota</th><th scope="col" class="number">Harga</th><th scope="col" class="center"><code>a|b</code></th></tr>
        </thead>
        <tbody>
        <tr><th scope="row" class="left"><strong>Solo</strong> &amp; <strong>co</strong></th><td class="number">Rp 1.250</td><td class="center"><a href="/y" title="T">x</a></td></tr>
        <tr><th scope="row" class="left">Yogya</th><td class="number">900</td><td class="center"></td></tr>
        </tbody>
        </table>
        </div>

        """)
    #expect(text.said.isEmpty)
    #expect(text.page.text.links.map { "\($0.destination) \($0.line):\($0.column)" } == ["/y 6:37"])
  }

  /// Wherever a paragraph may stand, a table may.
  @Test(arguments: [
    ("> | a | b |\n> |---|---|\n> | 1 | 2 |\n> after\n", "<blockquote>"),
    ("- one\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |\n", "<li>"),
    ("1. > a | b\n   > --|--\n   > 1 | 2\n", "<ol>"),
    ("Words above\na | b\n--|--\n1 | 2\n", "<p>Words above</p>\n<div"),
    ("| a | b |\n|---|---|\n| 1 | 2 |\n---\n", "</div>\n<hr />"),
    ("> a | b\n> --|--\n> 1 | 2\nlazy\n", "</div>\n<p>lazy</p>\n</blockquote>"),
    ("| a [x] | b |\n|---|---|\n| 1 | 2 |\n\n[x]: /there\n", "<a href=\"/there\">x</a>"),
    ("- a | b\n  --|--\n  1 | 2\n", "<div class=\"table\""),
    ("| # a | - b |\n|---|---|\n| > 1 | 2. |\n", "# a</th>"),
  ])
  func aTableStandsWhereAParagraphMay(markdown: String, part: String) throws {
    let html = try MarkdownText(markdown).html
    #expect(html.contains("<thead>\n<tr>") && html.contains(part), "\(html)")
    #expect(RenderedHTML(html).problem() == nil)
  }

  @Test(arguments: [
    ("| a | b |\n|---|\n| 1 | 2 |\n", "unread-mark 5:1"),
    ("| a | b |\n|---|---|\n| 1 | 2 | 3 |\n", "wrong-field-count 6:11"),
    ("| a |\n|---|\n" + String(repeating: "| 1 |\n", count: 501), "large-table 4:1"),
    (
      String(repeating: "|a", count: 21) + "\n" + String(repeating: "|-", count: 21),
      "large-table 4:1"
    ),
  ])
  func aTableThatIsNoneIsSaid(markdown: String, said: String) throws {
    #expect(try MarkdownText(markdown).said.contains(said))
  }

  @Test func notesAreNumberedAndLeadBack() throws {
    let text = try MarkdownText(
      """
      One[^b], two[^A], one again[^b].

      [^a]: https://example.org/source

      [^b]: A *longer* note[^c],
      over lines.

          ## With more

      > Quoted[^c].

      > [^c]: The third, of [x].

      [x]: /y

      """)
    #expect(text.said.isEmpty)
    let parts = [
      "<p>One<sup id=\"ref_1\"><a href=\"#note_1\" role=\"doc-noteref\">1</a></sup>, two<sup id=\"ref_2\">",
      "one again<sup id=\"ref_1_2\"><a href=\"#note_1\"",
      "<section class=\"notes\" role=\"doc-endnotes\">\n<ol>\n<li id=\"note_1\">\n<p>A <em>longer</em> note<sup id=\"ref_3_2\">",
      "<a href=\"#ref_1\" role=\"doc-backlink\" aria-label=\"↩ 1\">↩</a> <a href=\"#ref_1_2\"",
      "<li id=\"note_2\">\n<p><a href=\"https://example.org/source\">https://example.org/source</a> <a",
      "<li id=\"note_3\">\n<p>The third, of <a href=\"/y\">x</a>. <a href=\"#ref_3\"",
    ]
    for part in parts { #expect(text.html.contains(part), "\(part)\n\(text.html)") }
    #expect(RenderedHTML(text.html).problem() == nil)
    #expect(text.page.text.firstParagraph == "One, two, one again.")
  }

  @Test func notesOfATextThatIsReadElsewhereLeadToItsPage() throws {
    let html = try MarkdownText("a[^1]\n\n[^1]: b\n").page.text
      .html(page: "https://a.example/n/") { _ in .asWritten }
    #expect(html.contains("href=\"https://a.example/n/#note_1\""))
    #expect(html.contains("href=\"https://a.example/n/#ref_1\"") && !html.contains("href=\"#"))
  }

  @Test(arguments: [
    ("a[^x]\n", "missing-note 4:2", "<p>a[^x]</p>\n"),
    ("a\n\n[^x]: Kept.\n", "unused-note 6:1", "<p>Kept.</p>"),
    ("a[^x]\n\n[^x]: One.\n\n[^X]: Two.\n", "unused-note 8:1", "<p>Two.</p>"),
  ])
  func aNoteOrMarkAloneIsSaidAndKept(markdown: String, said: String, part: String) throws {
    let text = try MarkdownText(markdown)
    #expect(text.said == [said])
    #expect(text.html.contains(part), "\(text.html)")
  }

  @Test(arguments: [
    "`[^1]`\n", "    [^1]: code\n", "```\n[^1]: code\n```\n", "\\[^1]\n", "[^1](/y)\n",
    "&#91;^1]\n",
  ])
  func whatIsNoMarkStays(markdown: String) throws {
    let text = try MarkdownText(markdown)
    #expect(!text.html.contains("<sup") && !text.html.contains("class=\"notes\""))
    #expect(text.said.isEmpty)
  }

  @Test(arguments: [
    ("~~a *b* c~~\n", "<del>a <em>b</em> c</del>"), ("x~~y~~z\n", "x<del>y</del>z"),
    ("*~~a~~ b*\n", "<em><del>a</del> b</em>"), ("~~**a**~~\n", "<del><strong>a</strong></del>"),
    ("[~~a~~](/y)\n", "<a href=\"/y\"><del>a</del></a>"), ("~~a\nb~~\n", "<del>a\nb</del>"),
    ("~~a\n\nb~~\n", "~~a"), ("\\~~a~~\n", "~~a~~"), ("&#126;~a~~\n", "~~a~~"),
    ("`~~a~~`\n", "~~a~~"),
    ("~~ a ~~\n", "~~ a ~~"), ("x ~~~a~~~ b\n", "~~~a~~~"), ("5~10 dan 3~4\n", "5~10 dan 3~4"),
    ("*a ~~b* c~~\n", "<em>a ~~b</em> c~~"),
  ])
  func wordsAreStruckOut(markdown: String, html: String) throws {
    let text = try MarkdownText(markdown)
    #expect(text.html.contains(html), "\(text.html)")
  }

  @Test(arguments: [
    ("“https://a.example/x”\n", "“<a href=\"https://a.example/x\">https://a.example/x</a>”"),
    ("Lihat https://a.example/x\u{A0}ya\n", "<a href=\"https://a.example/x\">"),
    ("https://a.example/x[^1].\n\n[^1]: n\n", "https://a.example/x</a><sup"),
    ("(www.a.example)\n", "(<a href=\"http://www.a.example\">www.a.example</a>)"),
    ("*https://a.example*\n", "<em><a href=\"https://a.example\">https://a.example</a></em>"),
    ("https://a.example/?x=1&amp;y=2\n", "<a href=\"https://a.example/?x=1&amp;y=2\">"),
    ("[https://a.example](/y)\n", "<a href=\"/y\">https://a.example</a>"),
    (
      "https\\://a.example www\\.a.example a\\@b.example\n",
      "<p>https://a.example www.a.example a@b.example</p>"
    ),
    ("`https://a.example`\n", "<code>https://a.example</code>"),
    ("> a\n>   https://a.example\n", "<a href=\"https://a.example\">"),
    ("| a |\n|---|\n| https://a.example |\n", "<a href=\"https://a.example\">"),
    ("https://contoh.id/é/中\n", "<a href=\"https://contoh.id/%C3%A9/%E4%B8%AD\">"),
    ("javascript://a.example/%0Aalert(1)\n", "<p>javascript://a.example/%0Aalert(1)</p>"),
  ])
  func bareAddressesAreLinks(markdown: String, html: String) throws {
    #expect(try MarkdownText(markdown).html.contains(html))
  }

  @Test func aBareAddressIsALinkAtItsPlace() throws {
    let text = try MarkdownText("É https://a.example and\nmore: b@c.example\n")
    #expect(
      text.page.text.links.map { "\($0.destination) \($0.line):\($0.column)" } == [
        "https://a.example 4:3", "mailto:b@c.example 5:7",
      ])
  }

  @Test(arguments: [
    (
      "![A](/a.png \"It & <b>\")\n",
      "<figure>\n<img src=\"/a.png\" alt=\"A\" />\n<figcaption>It &amp; &lt;b&gt;</figcaption>\n</figure>\n"
    ),
    (
      "[![A](/a.png \"Film\")](https://a.example/v)\n",
      "<figure>\n<a href=\"https://a.example/v\"><img src=\"/a.png\" alt=\"A\" /></a>\n<figcaption>Film</figcaption>\n</figure>\n"
    ),
    ("Words ![A](/a.png \"T\")\n", "<p>Words <img src=\"/a.png\" alt=\"A\" title=\"T\" /></p>\n"),
    ("![A](/a.png)\n", "<p><img src=\"/a.png\" alt=\"A\" /></p>\n"),
  ])
  func theTitleOfAPictureThatStandsAloneIsItsCaption(markdown: String, html: String) throws {
    #expect(try MarkdownText(markdown).html == html)
  }

  @Test func eachExtensionIsOffByItself() throws {
    let markdown =
      "| a |\n|---|\n| 1 |\n\n~~b~~ www.c.example[^1]\n\n![A](/a.png \"T\")\n\n<b>e</b>\n\n[^1]: n n\n"
    let signs: [MarkdownExtension: String] = [
      .tables: "<table>", .strikethrough: "<del>", .links: "http://www", .footnotes: "note_1",
      .captions: "<figure>", .html: "<strong>e",
    ]
    for wanted in MarkdownExtension.allCases {
      let html = try MarkdownText(markdown, extensions: [wanted]).html
      for (other, sign) in signs {
        #expect(html.contains(sign) == (other == wanted), "\(wanted) \(sign)")
      }
    }
  }
}
