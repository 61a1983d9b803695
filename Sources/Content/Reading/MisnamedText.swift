import Diagnostics

/// Files that hold a text and are named so that nobody reads it.
package enum MisnamedText {
  /// Endings of Markdown files elsewhere, and those that systems add; longer ones first.
  private static let markdown = [
    ".md.txt", ".markdown.txt", ".md.md", ".markdown", ".mdown", ".mkdn", ".mkd", ".mdwn", ".mdx",
    ".md.bak", ".txt", ".text", ".md", ".md ", ".md.",
  ]
  /// Files of programs that write no plain text.
  private static let others = [
    ".docx", ".doc", ".docm", ".odt", ".rtf", ".pages", ".gdoc", ".html", ".htm", ".rst", ".adoc",
    ".org",
  ]

  /// Whether a file looks like a text that is not read.
  package static func isOne(_ name: String) -> Bool {
    let lower = name.lowercased()
    return !name.hasSuffix(".md") && (markdown + others).contains { lower.hasSuffix($0) }
  }

  /// What is to be said of a file among the texts to which no text links; nil where it is no text.
  static func finding(for path: String, languages: [String]) -> Diagnostic? {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard isOne(name) else { return nil }
    let lower = name.lowercased()
    if let ending = others.first(where: lower.hasSuffix) {
      let stem = name.dropLast(ending.count)
      return Diagnostic(
        "misnamed-text", .warning, at: SourceLocation(path: path),
        message: "Texts are Markdown files that end in .md, so nobody sees this one",
        hint:
          "copy its words into \(names(stem, languages).joined(separator: " or ")); a file that readers are to"
          + " fetch is linked by its name")
    }
    return Diagnostic(
      "misnamed-text", .warning, at: SourceLocation(path: path),
      message: "Texts end in .md, so nobody sees this one",
      hint: hint(for: name, languages: languages))
  }

  /// The name that a text should have.
  static func hint(for name: String, languages: [String]) -> String {
    let lower = name.lowercased()
    let ending = markdown.first(where: lower.hasSuffix) ?? ""
    let names = names(name.dropLast(ending.count), languages)
    return "rename it to \(names.joined(separator: " or "))"
  }

  /// A stem with its language, or with each where it names none.
  private static func names(_ stem: Substring, _ languages: [String]) -> [String] {
    let parts = stem.split(whereSeparator: { "._ ".contains($0) })
    if let last = parts.last, parts.count > 1, languages.contains(last.lowercased()) {
      let words = stem.dropLast(last.count + 1).replacing(".", with: "-")
      return ["\(words).\(last.lowercased()).md"]
    }
    let words = stem.replacing(".", with: "-")
    return languages.map { "\(words.isEmpty ? "name" : words).\($0).md" }
  }
}
