import Content
import Diagnostics
import Foundation
import Input
import TestSupport
import Testing

/// Whatever editors write comes out as HTML that harms nobody, or is explained.
@Suite struct RenderingFuzzTests {
  private func settings() throws -> ContentSettings {
    let zone = try #require(SiteTimeZone("Asia/Jakarta"))
    let now = try #require(SiteMoment("2026-11-23", in: zone))
    return ContentSettings(languages: ["en", "id"], timeZone: zone, now: now)
  }

  @Test func textsAreRenderedOrExplained() throws {
    var fuzzer = try Fuzzer(
      "text",
      tokens: [
        "---\n", "title: ", "date: ", "2026-01-02", "tags: [a, b]", "extra:\n  a: 1\n", "&a", "*a",
        "<<: *a", "!!binary ", "|\n", "{a: b}", "<script>alert(1)</script>", "<!--", "-->",
        "[a](javascript:alert(1))", "![](x.png)", "[a](cert:1)", "# ", "```\n", "> ", "* ", "\u{0}",
        "\u{FEFF}", "\u{2028}", "&#0;", "&lt;", "\\", "[a]: b\n", "updated: 9999-12-31\n", "%",
        "![", "[", "](", ")", "](a.png)", "![a](t.csv)\n\n", "\n\n", "**", "_", "`", "<b>", "</b>",
        "&#x202E;", "&#x200B;", "\u{202E}", "\u{200B}", "\u{200D}", "&Tab;", "a%00.png", "\"",
        "<a b=\"",
        "- ", "1. ", "    ", "***\n", "[a][a]", "https://a.example", "<https://a.example>", "//",
        "\r", "| a | b |\n", "|---|:-:|\n", "|", "\\|", "[^1]", "[^1]: ", "\n[^2]: ", "~~", "\\~",
        "www.",
        "www.a.example", "a@b.example", "<table><tr><td>", "</td>", "<th>", "<p>", "</p>", "<br>",
        "<ul><li>", "</ul>", "<details>\n\n", "</details>", "<a href=\"",
        "<img src=a.png alt=\"b\">", "<pre>",
        "</pre>", "<h2>", "<figure>", "<figcaption>", "<summary>", "<script>", "<svg>", "\"T\")",
        "{{ a }}",
      ])
    let folder = try TemporaryFolder()
    try folder.write("news/t.csv", "a,b\n1,<2>\n")
    let settings = try settings()
    while let bytes = try fuzzer.next() {
      try folder.write("news/2026-01-02-a.en.md", bytes)
      var findings = Findings()
      let content = try Content.load(
        folder.path, displayPath: "content", settings: settings, findings: &findings)
      #expect(fuzzer.problem(with: findings.diagnostics, of: bytes) == nil)
      for announcement in content.announcements + content.withheld {
        #expect(!announcement.title.isEmpty, "seed \(fuzzer.seed)")
        // Any link may become anything.
        for turn in 0..<3 {
          let html = announcement.text.html(headingLinks: turn == 1) { link in
            let table = content.tables.values.first ?? Table(headings: ["a"], rows: [["b"]])
            let ways: [LinkResolution] = [
              .asWritten, .address("/a/"), .picture(ShownPicture(address: "/p.png")), .textAlone,
              .table(table),
              .elsewhere(link.destination),
            ]
            return ways[(link.destination.utf8.count + link.column + turn) % ways.count]
          }
          let problem = RenderedHTML(html).problem(allowsUnseen: findings.hasErrors)
          #expect(problem == nil, "seed \(fuzzer.seed)")
        }
        _ = (announcement.summary, announcement.text.plainText { _ in nil })
      }
    }
  }

  @Test func tablesAreReadOrExplained() throws {
    var fuzzer = try Fuzzer(
      "table",
      tokens: [
        "\"", "\"\"", ",", ";", "\t", "\r\n", "\r", "\n", "\u{FEFF}", "sep=;\n", "\u{0}", "\u{A0}",
        "\u{202E}",
        "\u{200B}", "\u{301}", "Rp 1.250", "12 %", "<script>", "&", "\u{1F600}",
      ])
    let folder = try TemporaryFolder()
    try folder.write("news/a.en.md", "---\ntitle: A\ndate: 2026-01-01\n---\n![T](t.csv)\n")
    let settings = try settings()
    while let bytes = try fuzzer.next() {
      try folder.write("news/t.csv", bytes)
      var findings = Findings()
      let content = try Content.load(
        folder.path, displayPath: "content", settings: settings, findings: &findings)
      #expect(fuzzer.problem(with: findings.diagnostics, of: bytes) == nil)
      #expect(content.tables.isEmpty == findings.hasErrors, "seed \(fuzzer.seed)")
      let text = try #require(content.announcements.first).text
      let html = text.html { _ in content.tables.values.first.map { .table($0) } ?? .textAlone }
      #expect(RenderedHTML(html).problem() == nil, "seed \(fuzzer.seed)")
    }
  }

  @Test func picturesAreReadOrExplained() throws {
    var fuzzer = try Fuzzer(
      "svg",
      tokens: [
        "<script>", "</script>", " onload=\"x\"", "<style>", "</style>", "url(https://x)",
        "@import ", "\\75",
        "<![CDATA[", "]]>", "<!--", "-->", "<!DOCTYPE a [<!ENTITY b \"c\">]>", "&b;", "&#106;",
        "<?a b?>", "<g>",
        "</g>", " href=\"", "javascript:", "\"", "'", "\u{0}", "\u{FEFF}", "xmlns:a=\"b\"", "a:",
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?>",
      ])
    while let bytes = try fuzzer.next() {
      let findings = SVGPicture(bytes, path: "a.svg").findings
      #expect(fuzzer.problem(with: findings, of: bytes) == nil)
      if let text = String(validating: bytes, as: UTF8.self), findings.isEmpty {
        // Comments and CDATA may speak of anything; tags may not.
        let tags = text.replacing(#/<!--.*?-->|<!\[CDATA\[.*?\]\]>/#.dotMatchesNewlines(), with: "")
        #expect(!tags.contains("<script") && !tags.contains("<!DOCTYPE"), "seed \(fuzzer.seed)")
      }
    }
  }
}
