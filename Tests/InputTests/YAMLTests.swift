import Diagnostics
import Files
import Input
import Testing

@Suite struct YAMLTests {
  private func parse(_ text: String) -> (YAMLMapping?, Findings) {
    var findings = Findings()
    let value = YAMLValue.parse(SourceFile(path: "a.yml", text: text), findings: &findings)
    return (value?.mapping(&findings), findings)
  }

  @Test func takesScalarsAsWritten() throws {
    let (found, _) = parse("id: no\nday: 2024-10-15\nempty:\nquoted: ''\nnumber: 007\n")
    let mapping = try #require(found)
    var findings = Findings()
    #expect(mapping["id"]?.string(&findings) == "no")
    #expect(mapping["day"]?.string(&findings) == "2024-10-15")
    #expect(mapping["empty"]?.string(&findings) == nil)
    #expect(mapping["quoted"]?.string(&findings) == "")
    #expect(mapping["number"]?.string(&findings) == "007")
    #expect(findings.diagnostics.isEmpty)
  }

  @Test func namesTheLineOfAnUnknownKeyAndWhatWasMeant() throws {
    let (found, _) = parse("title: x\nlanguagges: [en]\n")
    var findings = Findings()
    try #require(found).expectKeys(["title", "languages"], findings: &findings)
    let finding = try #require(findings.diagnostics.first)
    #expect(finding.id == "unknown-key")
    #expect(finding.location == SourceLocation(path: "a.yml", line: 2, column: 1))
    #expect(finding.hint == "did you mean `languages`?")
  }

  @Test(arguments: ["no: 1\n'no': 2\n", "a: 1\nb: 2\na: 3\n", "1: x\n\"1\": y\n"])
  func aKeyStandsOnceHoweverItIsWritten(text: String) {
    let (mapping, findings) = parse(text)
    #expect(mapping == nil)
    #expect(findings.diagnostics.count == 1)
  }

  @Test func namesTheLineOfASyntaxError() throws {
    let (mapping, findings) = parse("a: 1\nb: [1, 2\nc: 3\n")
    #expect(mapping == nil)
    let finding = try #require(findings.diagnostics.first)
    #expect(finding.id == "yaml-syntax")
    #expect(
      finding.location.description == "a.yml:3:1"
        || finding.location.description.hasPrefix("a.yml:3"))
  }

  @Test func refusesAKeyThatStandsTwice() throws {
    let (_, findings) = parse("a: 1\nb: 2\na: 3\n")
    #expect(findings.diagnostics.map(\.id) == ["duplicate-yaml-key"])
  }
}
