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
    func isFence(_ line: Substring) -> Bool {
      line.trimmingSuffix(while: \.isWhitespace) == "---"
    }
    guard let first = lines.first, isFence(first) else {
      findings.add(
        file.diagnostic(
          "missing-front-matter", line: 1,
          message: "A text begins with its settings between two lines of three dashes",
          hint: "begin the file with ---, then title: …, then --- again"))
      return nil
    }
    guard let last = lines.dropFirst().firstIndex(where: isFence) else {
      findings.add(
        file.diagnostic(
          "unclosed-front-matter", line: 1,
          message: "The settings end with a second line of three dashes",
          hint: "write --- on a line by itself below the last setting"))
      return nil
    }
    let yaml = lines[1..<last].joined(separator: "\n")
    let value = YAMLValue.parse(yaml, of: file, linesAbove: 1, findings: &findings)
    guard let mapping = value?.mapping(&findings) else { return nil }
    self.mapping = mapping
    linesAbove = last + 1
    body = lines[(last + 1)...].joined(separator: "\n")
  }
}

extension Substring {
  fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> Substring {
    var result = self
    while let last = result.last, predicate(last) { result.removeLast() }
    return result
  }
}
