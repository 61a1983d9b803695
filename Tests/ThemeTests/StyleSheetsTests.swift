import Diagnostics
import Testing

import Theme

@Suite struct StyleSheetsTests {
  private func joined(_ texts: [String: String]) -> (sheets: [String: String], findings: [String]) {
    var findings = Findings()
    var sources = texts.mapValues { Array($0.utf8) }
    StyleSheets(paths: Dictionary(uniqueKeysWithValues: texts.keys.map { ($0, "assets/\($0)") }))
      .join(&sources, findings: &findings)
    return (
      sources.mapValues { String(decoding: $0, as: UTF8.self) },
      findings.diagnostics.map { "\($0.location) \($0.id.name)" }
    )
  }

  @Test func takesInWhatASheetImports() {
    let (sheets, findings) = joined([
      "a.css": "@import \"_b.css\";\np { color: red; }\n", "_b.css": "@import \"_c.css\";\nb {}",
      "_c.css": "c {}", "d.css": "@import \"a.css\";",
    ])
    #expect(findings.isEmpty)
    #expect(
      sheets == [
        "a.css": "c {}\nb {}\np { color: red; }\n", "d.css": "c {}\nb {}\np { color: red; }\n",
      ])
  }

  @Test func saysAtItsLineWhatCannotBeTakenIn() {
    #expect(
      joined(["a.css": "\n@import \"_b.css\";"]).findings == ["assets/a.css:2:1 missing-asset"])
    #expect(
      joined(["a.css": "@import \"b.css\";", "b.css": "@import \"a.css\";"]).findings
        == ["assets/b.css:1:1 asset-circle", "assets/a.css:1:1 asset-circle"])
    #expect(
      joined(["a.css": "p {}", "_b.css": "b {}"]).findings == ["assets/_b.css orphan-file"])
  }
}
