import CCMark
import Content
import Diagnostics
import Foundation
import Input
import SystemPackage
import TestSupport
import Testing

/// The examples of the CommonMark specification: what Content makes of them without extensions is what libcmark
/// makes of them in its safe mode, but for the changes that `docs/formats.md` lists under Markdown.
@Suite struct CommonMarkTests {
  private struct Example: Decodable {
    let markdown: String
    let example: Int
  }

  private static func examples() throws -> [Example] {
    let file = FilePath(#filePath).removingLastComponent().removingLastComponent()
      .appending("Fixtures/commonmark/spec-0.31.2.json")
    return try JSONDecoder().decode(
      [Example].self, from: Data(contentsOf: URL(filePath: file.string)))
  }

  /// Every example as a page, by its number.
  private static func pages(
    _ examples: [Example], extensions: Set<MarkdownExtension> = []
  ) throws -> [Int: Page] {
    let folder = try TemporaryFolder()
    for example in examples {
      try folder.write(
        "pages/e-\(example.example).en.md", "---\ntitle: E\n---\n" + example.markdown)
    }
    var findings = Findings()
    let zone = try #require(SiteTimeZone("Asia/Jakarta"))
    let now = try #require(SiteMoment("2026-11-23", in: zone))
    let content = try Content.load(
      folder.path, displayPath: "content",
      settings: ContentSettings(
        languages: ["en", "id"], timeZone: zone, now: now, extensions: extensions),
      findings: &findings)
    return Dictionary(
      uniqueKeysWithValues: try content.pages.map { (try #require(Int($0.name.dropFirst(2))), $0) })
  }

  private static func safeHTML(_ markdown: String) throws -> String {
    var markdown = markdown
    let html = markdown.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        cmark_markdown_to_html($0.baseAddress, $0.count, CMARK_OPT_DEFAULT)
      }
    }
    defer { free(html) }
    return String(cString: try #require(html))
  }

  /// The documented changes, made to libcmark's own output, which knows nothing of them.
  private static func changed(_ html: String) -> String {
    var html = html
    // Raw HTML leaves nothing behind, not even a note.
    html = html.replacing(#/<!-- raw HTML omitted -->\n?/#, with: "")
    // A link that may harm, or whose scheme leads nowhere a reader could go, keeps its words alone.
    // libcmark has emptied the targets that it takes for harmful.
    html = html.replacing(#/<a href="([^"]*)"[^>]*>(.*?)</a>/#.dotMatchesNewlines()) { match in
      let target = String(match.1)
      let scheme = target.prefixMatch(of: #/([^/?#:]*):/#).map { $0.1.lowercased() }
      let isKept = scheme.map { ["http", "https", "mailto", "tel"].contains($0) } ?? true
      return isKept ? String(match.0) : String(match.2)
    }
    return html
  }

  /// Ours, without what is added to headings: ids, and line breaks inside the tags.
  private static func plain(_ html: String) -> String {
    html.replacing(#/<h([1-6]) id="[^"]*">\n?/#) { "<h\($0.1)>" }
      .replacing(#/\n?<\/h([1-6])>/#) { "</h\($0.1)>" }
  }

  @Test func everyExampleIsRenderedAsLibcmarkDoesButForTheDocumentedChanges() throws {
    let examples = try Self.examples()
    #expect(examples.count == 652)
    let pages = try Self.pages(examples)
    #expect(pages.count == examples.count)
    var identical = 0
    for example in examples {
      let page = try #require(pages[example.example])
      let ours = page.text.html { _ in .asWritten }
      let theirs = try Self.safeHTML(example.markdown)
      if ours == theirs { identical += 1 }
      // Where raw HTML went, line breaks around it may be one more or less, which nobody sees.
      let hadHTML = theirs.contains("<!-- raw HTML omitted -->")
      func compared(_ html: String) -> String { hadHTML ? html.replacing("\n", with: "") : html }
      #expect(
        compared(Self.plain(ours)) == compared(Self.changed(theirs)),
        "example \(example.example): \(example.markdown)")
    }
    // Most need none of the changes at all.
    #expect(identical == 537, "\(identical)")
  }

  /// What is no table, note, bare address and nothing struck out is as without extensions.
  @Test(arguments: [
    (MarkdownExtension.tables, []), (.footnotes, []), (.strikethrough, []),
    // Five show addresses without brackets, or with spaces or backslashes in them.
    (.links, [602, 606, 608, 611, 612]),
  ])
  func anExtensionChangesNothingElse(wanted: MarkdownExtension, others: [Int]) throws {
    let examples = try Self.examples()
    let pages = try Self.pages(examples, extensions: [wanted])
    let without = try Self.pages(examples)
    let changed = examples.map(\.example).filter { number in
      pages[number]?.text.html { _ in .asWritten } != without[number]?.text.html { _ in .asWritten }
    }
    #expect(changed == others)
  }
}
