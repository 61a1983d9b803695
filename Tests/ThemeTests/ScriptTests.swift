import Testing
import Theme

@Suite struct ScriptTests {
  @Test(arguments: [
    // Comments and indentation.
    ("// one\nlet a = 1;\n", "let a = 1;\n"),
    ("  if (a) {\n    // why\n    b();\n  }\n", "if (a) {\nb();\n}\n"),
    ("/** what */\na();\n", "a();\n"), ("/*\n * what\n */\na();\n", "a();\n"),
    ("  /**\n   * what\n   */  \r\n\ta();\r\n\r\n", "a();\r\n"),
    // Code beside a comment stays with it.
    ("a(); // why\n", "a(); // why\n"), ("/* why */ a();\n", "/* why */ a();\n"),
    ("/* why\n so */ a();\nb();\n", "/* why\n so */ a();\nb();\n"),
    ("a(); /* why\n /* so */\n// b\n", "a(); /* why\n /* so */\n// b\n"),
    ("a();\n/* no end\n", "a();\n/* no end\n\n"),
    // What looks like a comment and is none.
    ("a = \"// b\";\n", "a = \"// b\";\n"),
    ("a = `\n  // b\n\n  /* c */\n`;\n  // d\n", "a = `\n  // b\n\n  /* c */\n`;\n"),
    ("a = `b`;\n// c\n", "a = `b`;\n"), ("a = `${`\n// b`}`;\n", "a = `${`\n// b`}`;\n"),
    ("", "\n"),
  ])
  func publishesScriptsWithoutLinesOfComment(script: String, published: String) {
    let bytes = Script(Array(script.utf8)).published
    #expect(String(decoding: bytes, as: UTF8.self) == published)
  }
}
