import Content
import Foundation
import SystemPackage
import Testing

/// The examples of GitHub's specification: tables, words struck out and bare addresses are read as there.
@Suite struct GFMTests {
  private struct Example: Decodable {
    let example: Int
    let `extension`: String
    let markdown: String
    let html: String
  }

  private static func examples() throws -> [Example] {
    let file = FilePath(#filePath).removingLastComponent().removingLastComponent()
      .appending("Fixtures/gfm/examples.json")
    return try JSONDecoder().decode(
      [Example].self, from: Data(contentsOf: URL(filePath: file.string)))
  }

  /// Ours, without what our tables have more: a region that scrolls, and headings of rows.
  private static func plain(_ html: String) -> String {
    html.replacing(#/<div class="table"[^>]*>\n/#, with: "").replacing(
      "</table>\n</div>", with: "</table>"
    )
    .replacing(#/<th scope="row"([^>]*)>(.*?)</th>/#) { "<td\($0.1)>\($0.2)</td>" }
    .replacing(" scope=\"col\"", with: "").replacing("\n", with: "")
  }

  private static func expected(_ html: String) -> String {
    html.replacing(" align=\"center\"", with: " class=\"center\"")
      .replacing(" align=\"right\"", with: " class=\"number\"")
      .replacing(" align=\"left\"", with: " class=\"left\"").replacing("\n", with: "")
  }

  @Test func everyExampleButOneIsReadAsThere() throws {
    let examples = try Self.examples()
    #expect(examples.count == 21)
    let others = try examples.filter {
      Self.plain(try MarkdownText($0.markdown).html) != Self.expected($0.html)
    }
    // FTP leads nowhere that a reader's browser would go.
    #expect(others.map(\.example) == [628])
    #expect(
      try others.allSatisfy { try MarkdownText($0.markdown).html.contains("at ftp://foo.bar.baz.") }
    )
  }

  @Test func withoutExtensionsSignsStayAsTheyAre() throws {
    for example in try Self.examples() {
      let html = try MarkdownText(example.markdown, extensions: []).html
      #expect(!html.contains("<table") && !html.contains("<del") && !html.contains("<a "))
    }
  }
}
