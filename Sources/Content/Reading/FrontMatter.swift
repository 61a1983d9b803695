import Diagnostics
import Files
import Input

/// A Markdown file taken apart: the settings between `---` lines, and the text below them.
struct FrontMatter {
  let mapping: YAMLMapping
  let body: String
  /// Lines of the file above the body.
  let linesAbove: Int

  /// Splits a file; nil, with findings, when its front matter is missing or not YAML.
  init?(of file: SourceFile, findings: inout Findings) {
    let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let first = lines.first, Self.trimmed(first) == "---" else {
      findings.add(Self.missing(in: file, lines))
      return nil
    }
    // Pandoc ends settings by three dots, as YAML does.
    let end = lines.dropFirst().firstIndex { ["---", "..."].contains(Self.trimmed($0)) }
    guard let last = end else {
      findings.add(Self.unclosed(in: file, lines))
      return nil
    }
    let yaml = lines[1..<last].joined(separator: "\n")
    let value = YAMLValue.parse(yaml, of: file, linesAbove: 1, findings: &findings)
    guard let mapping = value?.mapping(&findings) else { return nil }
    self.mapping = mapping
    linesAbove = last + 1
    body = lines[(last + 1)...].joined(separator: "\n")
  }

  private static func trimmed(_ line: Substring) -> Substring {
    var result = line
    while let last = result.last, last.isWhitespace { result.removeLast() }
    return result
  }

  /// A line of dashes that is not three of them, as word processors make of `---`.
  private static func isNearlyFence(_ line: Substring) -> Bool {
    let plain = line.filter { !$0.isWhitespace }
    return !plain.isEmpty && plain.count <= 12 && plain.allSatisfy { "-–—_*=".contains($0) }
      && plain != "-"
  }

  private static func missing(in file: SourceFile, _ lines: [Substring]) -> Diagnostic {
    let place = lines.firstIndex { !$0.allSatisfy(\.isWhitespace) } ?? 0
    let first = lines.isEmpty ? "" : trimmed(lines[place])
    if let foreign = foreign(first) {
      return file.diagnostic(
        "foreign-front-matter", line: place + 1,
        message: "These settings are \(foreign), and they are YAML here",
        hint: "write them as lines of `title: …` between two lines of ---, as in date: 2026-11-23")
    }
    if first == "---" {
      return file.diagnostic(
        "missing-front-matter", line: 1,
        message: "The settings begin on line \(place + 1), and nothing stands above them",
        hint: "begin the file with ---")
    }
    if isNearlyFence(first) {
      return file.diagnostic(
        "missing-front-matter", line: place + 1,
        message:
          "The settings stand between two lines of three dashes, and this line is another one",
        hint: "write --- and nothing else in this line")
    }
    return file.diagnostic(
      "missing-front-matter", line: 1,
      message: "A text begins with its settings between two lines of three dashes",
      hint: "begin the file with ---, then title: …, then --- again")
  }

  /// The language of settings that other programs read.
  private static func foreign(_ line: Substring) -> String? {
    let lower = line.lowercased()
    if lower.hasPrefix("+++") || lower == "---toml" { return "TOML" }
    if lower.hasPrefix("{") || lower.hasPrefix(";;;") || lower == "---json" { return "JSON" }
    if ["---js", "---javascript", "---ts", "---coffee"].contains(lower) { return "JavaScript" }
    if ["---yaml", "---yml"].contains(lower) { return "marked as another program wants it" }
    return nil
  }

  private static func unclosed(in file: SourceFile, _ lines: [Substring]) -> Diagnostic {
    if let place = lines.dropFirst().firstIndex(where: isNearlyFence) {
      return file.diagnostic(
        "unclosed-front-matter", line: place + 1,
        message: "The settings end with a line of three dashes, and this line is another one",
        hint: "write --- and nothing else in this line")
    }
    return file.diagnostic(
      "unclosed-front-matter", line: 1,
      message: "The settings end with a second line of three dashes",
      hint: "write --- on a line by itself below the last setting")
  }
}
