import Content
import Diagnostics
import Files
import Input
import TestSupport
import Testing

@Suite struct TableTests {
  private func load(
    _ csv: String?, text: String = "![Prices](prices.csv)\n"
  ) throws -> (Content, Findings) {
    let folder = try TemporaryFolder()
    try folder.write("news/2026-01-02-a.en.md", "---\ntitle: A\ndate: 2026-01-02\n---\n" + text)
    if let csv { try folder.write("news/prices.csv", csv) }
    let zone = try #require(SiteTimeZone("Asia/Jakarta"))
    let now = try #require(SiteMoment("2026-11-23", in: zone))
    var findings = Findings()
    let content = try Content.load(
      folder.path, displayPath: "content",
      settings: ContentSettings(languages: ["en", "id"], timeZone: zone, now: now),
      findings: &findings)
    return (content, findings)
  }

  private func table(_ csv: String) throws -> Table {
    let (content, findings) = try load(csv)
    #expect(findings.diagnostics.isEmpty)
    return try #require(content.tables["content/news/prices.csv"])
  }

  private func html(_ csv: String, text: String = "![Prices](prices.csv)\n") throws -> String {
    let (content, _) = try load(csv, text: text)
    let announcement = try #require(content.announcements.first)
    return announcement.text.html { link in
      link.table(from: announcement.path).flatMap { content.tables[$0] }.map { .table($0) }
        ?? .asWritten
    }
  }

  @Test(arguments: [
    "Cloth,Days\nTulis,\"1,5\"\n", "Cloth;Days\r\nTulis;1,5\r\n", "Cloth\tDays\nTulis\t1,5",
    "\u{FEFF}Cloth;Days;;\nTulis;1,5;;\n\n;;;\n", "sep=;\nCloth;Days\n Tulis ;\"1,5\"\n",
  ])
  func readsWhatSpreadsheetsSave(csv: String) throws {
    let table = try table(csv)
    #expect(table.headings == ["Cloth", "Days"])
    #expect(table.rows == [["Tulis", "1,5"]])
  }

  @Test func everyCellStandsUnderItsHeadingAndNothingInItIsMarkup() throws {
    let html = try html(
      "Cloth,Price\n\"<b>\"\"Tulis\"\" & 'cap'\",Rp 1.250.000\nCap\u{301},-\n",
      text: "Before\n\n![Prices <i>&\"](prices.csv)\n\nAfter\n")
    #expect(
      html == """
        <p>Before</p>
        <div class="table" role="region" aria-label="Prices &amp;&quot;" tabindex="0">
        <table>
        <caption>Prices &amp;&quot;</caption>
        <thead>
        <tr><th scope="col">Cloth</th><th scope="col" class="number">Price</th></tr>
        </thead>
        <tbody>
        <tr><th scope="row">&lt;b&gt;&quot;Tulis&quot; &amp; &#39;cap&#39;</th><td class="number">Rp 1.250.000</td></tr>
        <tr><th scope="row">Cap\u{301}</th><td class="number">-</td></tr>
        </tbody>
        </table>
        </div>
        <p>After</p>

        """)
  }

  @Test(arguments: [
    (["1", "-2,5", "+3"], true), (["USD 17.5", "Rp1.250.000", ""], true), (["12 %", "–"], true),
    (["US$5", "€ 7", "8 EUR"], true), (["1 250", "2\u{A0}000"], true), (["", ""], false),
    (["1", "two"], false), (["2024-10-15"], false), (["5 kg"], false), ([".", ","], false),
  ])
  func columnsOfNumbersAreKnown(cells: [String], areNumbers: Bool) throws {
    let html = try html("A,B\n" + cells.map { "x,\"\($0)\"\n" }.joined())
    #expect(html.contains("class=\"number\">B<") == areNumbers)
  }

  @Test(arguments: [
    ("A,B\n1,2\n3\n", "wrong-field-count", 3), ("A,B\n1,2,3\n", "wrong-field-count", 2),
    ("A,B\n\"1,2\n", "unclosed-quote", 2), ("A,B\n\"1\"x,2\n", "text-after-quote", 2),
    ("A,,C\n1,2,3\n", "unnamed-column", 1), ("A,B\n", "empty-table", nil), ("", "empty-table", nil),
    ("A\n" + String(repeating: "1\n", count: 501), "large-table", nil),
    (
      String(repeating: "A,", count: 20) + "A\n" + String(repeating: "1,", count: 20) + "1\n",
      "large-table", nil
    ),
    ("A\n" + String(repeating: "x", count: 200_000) + "\n", "large-table", nil),
  ])
  func aBrokenTableIsReportedAtItsLine(csv: String, id: String, line: Int?) throws {
    let (content, findings) = try load(csv)
    #expect(findings.diagnostics.map(\.id.name) == [id])
    let place = "content/news/prices.csv" + (line.map { ":\($0):1" } ?? "")
    #expect(findings.diagnostics.first?.location.description == place)
    #expect(content.tables.isEmpty)
  }

  /// One rule with the registry's values: what cannot be seen is said where it stands.
  @Test(arguments: [
    0x00, 0x01, 0x0B, 0x0C, 0x1B, 0x7F, 0x85, 0xAD, 0x61C, 0x180E, 0x200B, 0x200D, 0x200E, 0x202A,
    0x202E,
    0x2060, 0x2066, 0x2069, 0x3164, 0xE000, 0xFEFF, 0xFDD0, 0xFFFE, 0xFFFF, 0xE0041, 0xF0000,
    0x1FFFE,
    0x10FFFF,
  ])
  func aCharacterThatCannotBeSeenIsReportedAtItsPlace(code: UInt32) throws {
    let scalar = try #require(Unicode.Scalar(code))
    for (before, place) in [
      ("é,b\n1,", "2:3"), ("é", "1:2"), ("a,b\n\"x\n", "3:1"), ("a,b\n1,2\n3,4", "3:4"),
    ] {
      let (content, findings) = try load(before + String(Character(scalar)) + "y\"\n")
      let found = findings.diagnostics.filter { $0.id == "forbidden-character" }
      #expect(found.map(\.location.description) == ["content/news/prices.csv:\(place)"])
      #expect(
        found.allSatisfy { $0.message.hasPrefix("U+") && $0.hint.contains($0.message.prefix(5)) })
      #expect(content.tables.isEmpty)
    }
  }

  @Test(arguments: [
    "é", "e\u{301}", "\u{A0}", "—", "\u{1F9F5}", "\u{2764}\u{FE0F}", "中", "ا", "ꦧ", "\t",
  ])
  func whatPeopleWriteIsNot(text: String) throws {
    let (content, findings) = try load("a,b\r\n1\(text)1,\"2\r\n3\"\r\n")
    #expect(findings.diagnostics.isEmpty && content.tables.count == 1)
  }

  @Test(arguments: [
    ([0x80], "2:3"), ([0xC3], "2:3"), ([0xED, 0xA0, 0x80], "2:3"),
    ([0xF5, 0x80, 0x80, 0x80], "2:3"),
    ([0xC0, 0x80], "2:3"), ([0x61, 0xE9, 0x62], "2:4"),
  ])
  func whatIsNotUTF8IsReportedAtItsPlace(bytes: [UInt8], place: String) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("a.csv", Array("é,b\n1,".utf8) + bytes + Array("\n".utf8))
    var findings = Findings()
    #expect(try SourceFile.read(file, displayPath: "a.csv", findings: &findings) == nil)
    #expect(
      findings.diagnostics.map { "\($0.location) \($0.id.name)" } == ["a.csv:\(place) not-utf8"])
  }

  @Test func theLargestTableIsReadWhole() throws {
    let csv = "A\n" + String(repeating: "1\n", count: 500)
    #expect(try table(csv).rows.count == 500)
  }

  @Test(arguments: [
    ("Words ![Prices](prices.csv)\n", "table-in-text"),
    ("![Prices](prices.csv) words\n", "table-in-text"),
    ("# ![Prices](prices.csv)\n", "table-in-text"),
    ("![](prices.csv)\n", "missing-alternative-text"),
  ])
  func aTableStandsAloneAndHasACaption(text: String, id: String) throws {
    let (_, findings) = try load("A\n1\n", text: text)
    #expect(findings.diagnostics.map(\.id.name).contains(id))
  }

  @Test func aTableMayStandInAList() throws {
    let html = try html("A\n1\n", text: "- One\n\n- ![Prices](prices.csv)\n")
    #expect(html.contains("<li>\n<div class=\"table\""))
  }

  @Test func whatIsNoTableIsNotReadAsOne() throws {
    let (content, findings) = try load(
      nil, text: "[a](prices.csv) and ![b](../secret.csv)\n\n![c](/prices.csv)\n")
    #expect(content.tables.isEmpty)
    #expect(findings.diagnostics.map(\.id.name) == ["table-in-text"])
  }

  @Test func wordsOfTheTableAreWordsOfTheText() throws {
    let (content, _) = try load(
      "Cloth,Days\nTulis,9\n", text: "One\n**two**`three`\n\n![Prices](prices.csv)\n")
    let announcement = try #require(content.announcements.first)
    let text = announcement.text.plainText { link in
      link.table(from: announcement.path).flatMap { content.tables[$0] }
    }
    #expect(
      text.split(whereSeparator: \.isWhitespace)
        == ["One", "twothree", "Cloth", "Days", "Tulis", "9", "Prices"])
  }
}
