import Diagnostics
import Files
import Testing
import Theme

@Suite struct ScriptModulesTests {
  private func joined(_ texts: [String: String]) -> (script: String?, findings: [Diagnostic]) {
    var findings = Findings()
    let files = texts.map { SourceFile(path: "templates/assets/a.js/\($0.key)", text: $0.value) }
    let bytes = ScriptModules(path: "templates/assets/a.js", files: files)
      .joined(findings: &findings)
    return (bytes.map { String(decoding: $0, as: UTF8.self) }, findings.diagnostics)
  }

  @Test func putsEachModuleBehindThoseItImportsFrom() {
    let (script, findings) = joined([
      "a.js":
        "// First by name.\nimport { c } from \"./c.js\";\nimport { b, d } from \"./b.js\";\n\nc(b, d);\n",
      "b.js": "import { c } from \"./c.js\";\n\nexport const b = c();\nexport let d;\n",
      "c.js": "export function c() {\n  return 1;\n}\n",
    ])
    #expect(findings.isEmpty)
    #expect(
      script
        == "export function c() {\nreturn 1;\n}\nexport const b = c();\nexport let d;\nc(b, d);\n")
  }

  @Test func theSameModulesGiveTheSameScript() {
    let modules = Dictionary(
      uniqueKeysWithValues: (1...9).map { ("m\($0).js", "const value\($0) = \($0);\n") })
    let expected = (1...9).map { "const value\($0) = \($0);\n" }.joined()
    for _ in 1...5 { #expect(joined(modules).script == expected) }
  }

  static let broken: [([String: String], String, String, Int, String?)] = [
    // A module, or a name of one, that is not there.
    (
      ["a.js": "let a;\n\nimport { b } from \"./bb.js\";\n", "b.js": "export const b = 1;\n"],
      "missing-module", "a.js", 3,
      "A module imports from modules of its folder, and templates/assets/a.js/ has no bb.js"
    ),
    (
      [
        "a.js": "import { bee } from \"./b.js\";\n",
        "b.js": "const bee = 1;\nexport const b = bee;\n",
      ],
      "missing-module", "a.js", 1,
      "A module imports what another exports, and b.js does not export `bee`"
    ),
    // One name in two modules.
    (
      ["a.js": "const one = 1;\n", "b.js": "\nexport async function one() {}\n"],
      "duplicate-name", "b.js", 2,
      "Modules of one script share their names, and a.js declares `one` too"
    ),
    (
      ["a.js": "class Two {}\n", "b.js": "const { one, two: Two } = three;\n"],
      "duplicate-name", "b.js", 1,
      "Modules of one script share their names, and a.js declares `Two` too"
    ),
    // What line by line cannot be joined.
    (
      ["a.js": "import * as b from \"./b.js\";\n", "b.js": "export const b = 1;\n"],
      "malformed-module", "a.js", 1, nil
    ),
    (
      ["a.js": "import { b as c } from \"./b.js\";\n", "b.js": "export const b = 1;\n"],
      "malformed-module", "a.js", 1, nil
    ),
    (["a.js": "const a = 1;\nexport { a };\n"], "malformed-module", "a.js", 2, nil),
    // A circle.
    (
      [
        "a.js": "import { b } from \"./b.js\";\nexport const a = b;\n",
        "b.js": "import { a } from \"./a.js\";\nexport const b = a;\n",
      ], "asset-circle", "b.js", 1,
      "Modules do not import each other in a circle: a.js → b.js → a.js"
    ),
  ]

  @Test(arguments: broken)
  func saysAtItsLineWhyModulesCannotBeJoined(
    modules: [String: String], id: String, file: String, line: Int, message: String?
  ) throws {
    let (script, findings) = joined(modules)
    #expect(script == nil)
    let finding = try #require(findings.first { $0.id.name == id }, "\(findings)")
    #expect(
      finding.location
        == SourceLocation(path: "templates/assets/a.js/\(file)", line: line, column: 1))
    if let message { #expect(finding.message == message) }
  }

  @Test func whatLooksLikeADeclarationInsideAFunctionIsNone() {
    let (script, findings) = joined([
      "a.js": "function a() {\n  const one = 1;\n}\n",
      "b.js": "function b() {\n  const one = 2;\n}\n",
    ])
    #expect(findings.isEmpty)
    #expect(script != nil)
  }
}
