import Diagnostics
import Files
import Testing

@Suite struct DiagnosticPrinterTests {
  private let printer = DiagnosticPrinter(colour: false)

  @Test func printsPlaceMessageLineCaretAndHint() {
    let file = SourceFile(path: "content/site.yml", text: "title: x\nurrl: y\r\n")
    let finding = file.diagnostic(
      "unknown-key", line: 2, column: 1, length: 4, message: "Keys here are title, url",
      hint: "did you mean `url`?")
    #expect(
      printer.text(for: finding) == """
        content/site.yml:2:1: error: Keys here are title, url [unknown-key]
          urrl: y
          ^~~~
          hint: did you mean `url`?
        """)
  }

  @Test func cutsLongLinesAroundTheCaret() {
    let line = String(repeating: "a", count: 300) + "X" + String(repeating: "b", count: 300)
    let finding = Diagnostic(
      "long", at: SourceLocation(path: "f", line: 1, column: 301), message: "m", hint: "h",
      excerpt: Excerpt(line: line, column: 301))
    let lines = printer.text(for: finding).split(separator: "\n").map(String.init)
    #expect(lines[1].count <= 104)
    let caret = Array(lines[2]).firstIndex(of: "^")
    #expect(caret.map { Array(lines[1])[$0] } == "X")
  }

  @Test func letsNoControlCharacterReachTheTerminal() {
    let finding = Diagnostic(
      "evil", at: SourceLocation(path: "a\u{1B}[31m", line: 1, column: 1),
      message: "\u{202E}m\u{7}", hint: "\u{9B}h",
      excerpt: Excerpt(line: "x\u{1B}]0;t\u{7}\ty\u{2066}", column: 2))
    let printed = printer.text(for: finding).unicodeScalars
    #expect(
      printed.allSatisfy {
        $0 == "\n" || ![.control, .format].contains($0.properties.generalCategory)
      })
  }

  @Test func namesTheTableAndRowOfADatabase() {
    let location = SourceLocation(
      path: "seeds/r.sqlite", place: .row(table: "certificates", row: 12, column: "issued"))
    #expect(location.description == "seeds/r.sqlite: table certificates, row 12, column issued")
  }

  @Test(arguments: [
    ("statuss", "status"), ("hodler", "holder"), ("Sceme", "scheme"), ("isued", "issued"),
  ])
  func suggestsTheWordThatWasMeant(word: String, meant: String) {
    #expect(
      suggestion(for: word, among: ["number", "holder", "scheme", "issued", "status"]) == meant)
  }

  @Test func suggestsNothingForAStrangeWord() {
    #expect(suggestion(for: "keterangan", among: ["number", "holder", "scheme"]) == nil)
  }
}
