package import Diagnostics

/// Style sheets that take others in by `@import "_base.css";` at the start of a line.
///
/// The site has each as one file, so that a page needs one request. A sheet whose name begins with `_` is
/// there to be taken in, and is not published.
package struct StyleSheets {
  /// Of each asset by its name, as diagnostics show it.
  private let paths: [String: String]

  package init(paths: [String: String]) {
    self.paths = paths
  }

  /// Puts every imported sheet into those that import it, and takes away what is there for that alone.
  package func join(_ sources: inout [String: [UInt8]], findings: inout Findings) {
    let sheets = sources.filter { $0.key.hasSuffix(".css") }.mapValues {
      String(decoding: $0, as: UTF8.self)
    }
    var imported: Set<String> = []
    for name in sheets.keys.sorted() {
      let text = joined(name, of: sheets, way: [], imported: &imported, findings: &findings)
      sources[name] = Array(text.utf8)
    }
    for name in sheets.keys.sorted() where name.hasPrefix("_") {
      sources[name] = nil
      if !imported.contains(name) {
        findings.add(
          Diagnostic(
            "orphan-file", .warning, at: SourceLocation(path: paths[name] ?? name),
            message: "No style sheet imports this one",
            hint: "delete it, or write @import \"\(name)\";"))
      }
    }
  }

  private func joined(
    _ name: String, of sheets: [String: String], way: [String], imported: inout Set<String>,
    findings: inout Findings
  ) -> String {
    var lines: [Substring] = []
    for (index, line) in (sheets[name] ?? "").split(
      separator: "\n", omittingEmptySubsequences: false
    )
    .enumerated() {
      // An expression takes a hundred times as long as a look at the first letters.
      guard line.utf8.starts(with: "@import".utf8),
        let match = line.wholeMatch(of: /@import "([^"]+)";/)
      else {
        lines.append(line)
        continue
      }
      let other = String(match.1)
      func broken(_ id: DiagnosticID, _ message: String, _ hint: String) {
        findings.add(
          Diagnostic(
            id, at: SourceLocation(path: paths[name] ?? name, line: index + 1, column: 1),
            message: message, hint: hint))
      }
      if sheets[other] == nil {
        broken(
          "missing-asset", "A style sheet imports another one below templates/assets/ by its name",
          suggestion(for: other, among: sheets.keys.sorted()).map { "did you mean `\($0)`?" }
            ?? "add \(other), or remove the line")
      } else if (way + [name]).contains(other) {
        broken(
          "asset-circle", "Style sheets do not import each other in a circle",
          "look at \((way + [name]).joined(separator: ", "))")
      } else {
        imported.insert(other)
        lines.append(
          joined(other, of: sheets, way: way + [name], imported: &imported, findings: &findings)[
            ...])
      }
    }
    return lines.joined(separator: "\n")
  }
}
