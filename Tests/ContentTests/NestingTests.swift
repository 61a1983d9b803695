import Content
import Diagnostics
import Foundation
import Input
import TestSupport
import Testing

/// Pictures, links, tables and raw HTML inside each other: every node is changed once, or goes with the
/// node that holds it.
@Suite struct NestingTests {
  private func page(_ body: String, rawHTML: Bool = false) throws -> (Page, Findings) {
    let folder = try TemporaryFolder()
    try folder.write("pages/a.en.md", "---\ntitle: A\n---\n" + body)
    let zone = try #require(SiteTimeZone("Asia/Jakarta"))
    let settings = ContentSettings(
      languages: ["en", "id"], timeZone: zone,
      now: try #require(SiteMoment("2026-11-23", in: zone)),
      allowsRawHTML: rawHTML)
    var findings = Findings()
    let content = try Content.load(
      folder.path, displayPath: "content", settings: settings, findings: &findings)
    return (try #require(content.pages.first), findings)
  }

  private let table = Table(headings: ["H"], rows: [["r"]])

  /// What becomes of a destination follows from its name.
  private func resolve(_ link: Markdown.Link) -> LinkResolution {
    switch link.destination {
    case "p.png": .picture(ShownPicture(address: "/p.png"))
    case "moved": .address("/moved/")
    case "gone": .textAlone
    case "t.csv": .table(table)
    case _ where link.destination.hasPrefix("https://"): .elsewhere(link.destination)
    default: .asWritten
    }
  }

  private static func img(_ alt: String) -> String {
    "<img src=\"/p.png\" alt=\"\(alt)\" decoding=\"async\" />"
  }

  private static func out(_ text: String) -> String {
    "<a href=\"https://a.example\" rel=\"noopener noreferrer\">\(text)</a>"
  }

  private static let shownTable = """
    <div class="table" role="region" aria-label="c d" tabindex="0">
    <table>
    <caption>c d</caption>
    <thead>
    <tr><th scope="col">H</th></tr>
    </thead>
    <tbody>
    <tr><th scope="row">r</th></tr>
    </tbody>
    </table>
    </div>
    """

  @Test(arguments: [
    // In the words of a picture of this site.
    ("![x [l](https://a.example) z](p.png)", "<p>\(img("x l z"))</p>"),
    ("![x [l](moved) z](p.png)", "<p>\(img("x l z"))</p>"),
    ("![x [l](gone) z](p.png)", "<p>\(img("x l z"))</p>"),
    ("![x [l](/y) z](p.png)", "<p>\(img("x l z"))</p>"),
    ("![x [l](javascript:alert) z](p.png)", "<p>\(img("x l z"))</p>"),
    ("![x <https://a.example> z](p.png)", "<p>\(img("x https://a.example z"))</p>"),
    ("![a ![b](p.png) c](p.png)", "<p>\(img("a b c"))</p>"),
    ("![a ![b](/y.png) c](p.png)", "<p>\(img("a b c"))</p>"),
    ("![a ![b](https://a.example/x.png) c](p.png)", "<p>\(img("a b c"))</p>"),
    ("![a ![b ![c](p.png)](t.csv) d](p.png)", "<p>\(img("a b c d"))</p>"),
    ("![*a* **b** `c<d`](p.png)", "<p>\(img("a b c&lt;d"))</p>"),
    ("![*a **b [c](https://a.example)***](p.png)", "<p>\(img("a b c"))</p>"),
    ("![a <b title=\"x\">b</b> c](p.png)", "<p>\(img("a b c"))</p>"),
    ("![a\nb\\\nc  \nd](p.png)", "<p>\(img("a b c d"))</p>"),
    ("![\"a\" & 'b' &lt;](p.png)", "<p>\(img("&quot;a&quot; &amp; &#39;b&#39; &lt;"))</p>"),
    // In the words of pictures that stay as written, that move, and that go.
    ("![x [l](https://a.example) *z*](/y.png)", "<p><img src=\"/y.png\" alt=\"x l z\" /></p>"),
    (
      "z ![a <b>b</b> ![c](p.png)](/y.png \"T\")",
      "<p>z <img src=\"/y.png\" alt=\"a b c\" title=\"T\" /></p>"
    ),
    ("![a ![b](p.png)](moved)", "<p><img src=\"/moved/\" alt=\"a b\" /></p>"),
    ("![a [b](https://a.example) <i>c</i>](gone)", "<p>a b c</p>"),
    ("![a ![b](p.png) <d>](https://b.example/x.png)", "<p>a b </p>"),
    ("![a [b](moved)](data:image/png;base64,AA)", "<p>a b</p>"),
    // In links.
    ("[![a](p.png)](https://a.example)", "<p>\(out(img("a")))</p>"),
    ("[b ![a *e*](p.png) *c*](https://a.example)", "<p>\(out("b \(img("a e")) <em>c</em>"))</p>"),
    ("[![a](p.png)](moved)", "<p><a href=\"/moved/\">\(img("a"))</a></p>"),
    ("[![a](p.png) **b**](gone)", "<p>\(img("a")) <strong>b</strong></p>"),
    ("[![a](gone)](gone)", "<p>a</p>"),
    ("[![a](gone) <b>c</b>](javascript:x)", "<p>a <strong>c</strong></p>"),
    ("![a [b ![c](p.png)](https://a.example)](p.png)", "<p>\(img("a b c"))</p>"),
    ("[](gone)![](gone)<b></b>", "<p></p>"),
    // Side by side: what follows a removed node is still reached.
    (
      "![a [l](moved)](p.png)[b](https://a.example)<b>c</b>![d](gone)[e](gone)",
      "<p>\(img("a l"))\(out("b"))<strong>c</strong>de</p>"
    ),
    // In emphasis, headings, lists, quotations, and by reference.
    ("*![a [l](/y)](p.png)*", "<p><em>\(img("a l"))</em></p>"),
    (
      "## ![a [l](https://a.example)](p.png) b",
      "<h2 id=\"a-l-b\">\n\(img("a l")) b\n</h2>"
    ),
    (
      "[![a](p.png) h](https://a.example)\n===",
      "<h1 id=\"a-h\">\n\(out(img("a") + " h"))\n</h1>"
    ),
    ("> - ![a *b*](p.png)", "<blockquote>\n<ul>\n<li>\(img("a b"))</li>\n</ul>\n</blockquote>"),
    ("![a [l][m]][p]\n\n[p]: p.png\n[m]: https://a.example", "<p>\(img("a l"))</p>"),
    ("![P *q*][]\n\n[p *q*]: p.png", "<p>\(img("P q"))</p>"),
    // Tables.
    ("![c [d](https://a.example)](t.csv)", shownTable),
    ("![*c* ![d](p.png)](t.csv)\n\nafter [b](gone)", shownTable + "\n<p>after b</p>"),
    ("> ![c d](t.csv)", "<blockquote>\n\(shownTable)\n</blockquote>"),
    ("a ![c [d](/y)](t.csv)", "<p>a c d</p>"),
    ("[![c d](t.csv)](https://a.example)", "<p>\(out("c d"))</p>"),
    ("## ![c d](t.csv)", "<h2 id=\"c-d\">\nc d\n</h2>"),
    // Raw HTML around it all.
    ("<div>\n\n![a [l](/y)](p.png)\n\n</div>", "<p>\(img("a l"))</p>"),
    ("<i>![a <b>![c](p.png)</b>](p.png)</i>", "<p><em>\(img("a c"))</em></p>"),
  ])
  func everyNestingHasItsHTML(markdown: String, html: String) throws {
    let (page, _) = try page(markdown + "\n")
    #expect(page.text.html(resolve: resolve) == html + "\n")
  }

  /// Every way to put one thing into another, three deep, whatever becomes of each.
  @Test func alternativeTextIsPlainText() throws {
    let destinations = [
      "p.png", "moved", "gone", "t.csv", "https://a.example", "/y", "javascript:x",
    ]
    let wraps: [(String, String) -> String] = [
      { "![\($0)](\($1))" }, { "[\($0)](\($1))" }, { text, _ in "*\(text)*" },
      { text, _ in "<b>\(text)</b>" }, { text, _ in "## \(text)" }, { text, _ in "`\(text)`" },
    ]
    var texts = ["w"]
    for depth in 0..<3 {
      texts = texts.enumerated().flatMap { place, text in
        wraps.indices.flatMap { wrap in
          // All destinations at the innermost two levels would be many; later ones take turns.
          let some = depth == 0 ? destinations : [destinations[(place + wrap) % destinations.count]]
          return some.map { wraps[wrap]("a \(text) z", $0) }
        }
      }
    }
    let (page, _) = try page(texts.joined(separator: "\n\n") + "\n")
    let html = page.text.html(resolve: resolve)
    let alternatives = html.matches(of: #/ alt="([^"]*)"/#).map { String($0.1) }
    #expect(alternatives.count > 200)
    for text in alternatives {
      #expect(!text.contains { "<>[]()".contains($0) } || html.contains("<code>"), "\(text)")
      #expect(
        !text.contains("<") && !text.contains("&lt;a ") && !text.contains("&lt;img"), "\(text)")
    }
    #expect(html.matches(of: #/<a /#).count == html.matches(of: #/<\/a>/#).count)
  }

  @Test(arguments: [
    ("![x [l](https://a.example) z](/p.png)", "4:5"), ("![x ![l](/p.png) z](/p.png)", "4:5"),
    ("![x\n*[l](/) [m](/)*](/p.png)", "5:2"), ("[![x](/p.png)](/)", nil),
    ("![*x* `y`](/p.png)", nil),
  ])
  func aLinkInThePicturesWordsIsSaid(markdown: String, place: String?) throws {
    let (page, findings) = try page(markdown + "\n")
    let said = findings.diagnostics.filter { $0.id == "link-in-alternative-text" }
    #expect(
      said.map(\.location.description) == (place.map { ["content/pages/a.en.md:\($0)"] } ?? []))
    #expect(!findings.hasErrors)
    // What is dropped is no link of the text: nothing is looked for, and nothing is published.
    #expect(page.text.links.count == (place == nil ? (markdown.hasPrefix("[") ? 2 : 1) : 1))
  }

  private static let depth = 10_000

  private static func deep(_ before: String, _ after: String, _ inside: String = "x") -> String {
    String(repeating: before, count: depth) + inside + String(repeating: after, count: depth)
  }

  private static let deepTexts = [
    ("pictures", deep("![", "](p.png)")), ("pictures that go", deep("![", "](gone)")),
    ("pictures as written", deep("![a", "](/y)")), ("links", deep("[", "](https://a.example)")),
    ("pictures in links", deep("[![", "](p.png)](/y)")),
    ("links in pictures", deep("![[", "](/y)](p.png)")), ("emphasis", deep("*", "*")),
    ("both emphases", deep("**a *", "***")), ("quotations", deep("> ", "")),
    ("lists", deep("- ", "")),
    ("a picture in quotations", deep("> ", "", "![x [l](/y)](p.png)")),
    ("a heading in lists", deep("- ", "", "## [x](gone)")),
    ("a link in emphases", deep("*a **", "***", "[x](gone)")), ("raw HTML", deep("<b>", "</b>")),
    ("open brackets", deep("[", "")), ("open pictures", deep("![", "")),
    ("many pictures", deep("![x [l](/y)](p.png)\n\n", "")),
    ("equal headings", deep("## a\n\n", "")),
    ("links in a line", deep("[x](gone) ", "")),
    ("pictures in a line", deep("![x [l](/)](p.png) ", "")),
    ("links that go in a line", deep("[x](javascript:x) ", "")), ("code", deep("`a` ", "")),
    ("certificates", deep("[a](cert:1 2) `b` ", "")),
  ]

  /// Nothing here recurses. What grew with the square of the depth would take minutes.
  @Test func tenThousandDeepIsRendered() throws {
    for (name, markdown) in Self.deepTexts {
      let (page, _) = try page(markdown + "\n")
      #expect(!page.text.html(resolve: resolve).isEmpty, "\(name)")
      _ = (page.text.firstParagraph, page.text.plainText { _ in nil })
    }
  }

  @Test func rawHTMLThatIsAllowedStaysOutOfAlternativeText() throws {
    let (page, _) = try page("<div>\n\n![a <b>c</b>](p.png) <i>d</i>\n\n</div>\n", rawHTML: true)
    #expect(
      page.text.html(resolve: resolve)
        == "<div>\n<p>\(Self.img("a c")) <i>d</i></p>\n</div>\n")
  }
}
