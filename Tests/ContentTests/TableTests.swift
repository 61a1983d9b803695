import Content
import Diagnostics
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
      folder.path, shownAs: "content",
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
