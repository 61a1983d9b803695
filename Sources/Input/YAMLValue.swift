public import Diagnostics
public import Files
import Foundation
import Yams

/// A YAML node that remembers its file and place, read with findings instead of errors.
///
/// Scalars are taken as written: `no` is the text "no", `2024-10-15` the text "2024-10-15".
public struct YAMLValue {
  let node: Node
  let file: SourceFile
  /// Lines of the file above the YAML, as for front matter inside a Markdown file.
  let linesAbove: Int

  /// Parses a file, or the part of it that begins after `linesAbove` lines.
  ///
  /// - Returns: nil when it is not YAML or is empty, which is then among the findings.
  public static func parse(
    _ yaml: String, of file: SourceFile, linesAbove: Int = 0, findings: inout Findings
  ) -> YAMLValue? {
    if let place = YAMLScan.anchor(in: yaml) {
      findings.add(
        file.diagnostic(
          "yaml-alias", line: linesAbove + place.line, column: place.column,
          message:
            "In settings, a value stands for itself: anchors (&) and aliases (*) are not read",
          hint: "write the value again where it is wanted, or put quotes around a text that begins"
            + " with & or *"))
      return nil
    }
    do {
      // Scalars are texts, so that nothing has to be tried on them that would find out their types.
      if let node = try Yams.compose(yaml: yaml, .basic) {
        let value = YAMLValue(node: node, file: file, linesAbove: linesAbove)
        findings.add(contentsOf: YAMLHazards(value, yaml: yaml)?.find() ?? [])
        return value
      }
      findings.add(
        file.diagnostic(
          "empty-yaml", line: linesAbove + 1,
          message: "Settings are lines of `key: value`, and there is none here",
          hint: "write at least one, as in `title: …`"))
    } catch {
      findings.add(syntaxFinding(error, in: file, yaml: yaml, linesAbove: linesAbove))
    }
    return nil
  }

  /// Parses a whole file.
  public static func parse(_ file: SourceFile, findings: inout Findings) -> YAMLValue? {
    parse(file.text, of: file, findings: &findings)
  }

  /// Line of the node in its file, from 1.
  public var line: Int { linesAbove + (node.mark?.line ?? 1) }

  /// Column of the node in its line, from 1.
  public var column: Int { node.mark?.column ?? 1 }

  /// A finding at this node.
  public func diagnostic(
    _ id: DiagnosticID, _ severity: Severity = .error, message: String, hint: String
  ) -> Diagnostic {
    file.diagnostic(
      id, severity, line: line, column: column,
      length: node.scalar?.string.unicodeScalars.count ?? 1, message: message, hint: hint)
  }

  /// The text of a scalar in NFC; nil for an empty one and, with a finding, for a list or a mapping.
  public func string(_ findings: inout Findings) -> String? {
    guard let scalar = node.scalar else {
      findings.add(
        diagnostic(
          "wrong-yaml-type", message: "A single value belongs here",
          hint: "write it on one line after the colon"))
      return nil
    }
    if scalar.style == .plain, ["", "~", "null"].contains(scalar.string) { return nil }
    // Most texts are of printable ASCII, which is NFC as it is.
    if scalar.string.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return scalar.string }
    if let offence = scalar.string.unicodeScalars.first(where: \.isForbiddenInText) {
      let words = ForbiddenCharacter(offence)
      let isEscape = scalar.style == .doubleQuoted && offence.value < 0x20
      findings.add(
        diagnostic(
          ForbiddenCharacter.id, message: words.message,
          hint: isEscape
            ? "in double quotes a backslash begins a sign: write two backslashes, or put the value in single quotes"
            : words.hint))
      return nil
    }
    return scalar.string.precomposedStringWithCanonicalMapping
  }

  /// A whole number.
  public func integer(_ findings: inout Findings) -> Int? {
    guard let text = string(&findings) else { return nil }
    guard let number = Int(text) else {
      findings.add(
        diagnostic(
          "wrong-yaml-type", message: "A whole number belongs here", hint: "write digits alone"))
      return nil
    }
    return number
  }

  /// `true`, `yes` or `ya`; `false`, `no` or `tidak`.
  public func boolean(_ findings: inout Findings) -> Bool? {
    guard let text = string(&findings) else { return nil }
    switch text.lowercased() {
    case "true", "yes", "ya": return true
    case "false", "no", "tidak": return false
    default:
      findings.add(
        diagnostic(
          "wrong-yaml-type", message: "Yes or no belongs here", hint: "write `true` or `false`"))
      return nil
    }
  }

  /// The items of a list; a finding and no items for anything else.
  public func list(_ findings: inout Findings) -> [YAMLValue] {
    if let sequence = node.sequence { return sequence.map(nested) }
    if let scalar = node.scalar, scalar.string.isEmpty { return [] }
    findings.add(
      diagnostic(
        "wrong-yaml-type", message: "A list belongs here",
        hint: "write one item a line, each after `- `, or all in [brackets]"))
    return []
  }

  /// The mapping, or nil with a finding for anything else.
  public func mapping(_ findings: inout Findings) -> YAMLMapping? {
    guard let mapping = node.mapping else {
      findings.add(
        diagnostic(
          "wrong-yaml-type", message: "A mapping belongs here",
          hint: "write `key: value` lines, indented alike"))
      return nil
    }
    return YAMLMapping(value: self, entries: mapping.map { (nested($0.key), nested($0.value)) })
  }

  /// The text of a scalar without findings; nil for anything else.
  public var text: String? { node.scalar?.string }

  func nested(_ node: Node) -> YAMLValue {
    YAMLValue(node: node, file: file, linesAbove: linesAbove)
  }

  private static func syntaxFinding(
    _ error: any Error, in file: SourceFile, yaml: String, linesAbove: Int
  ) -> Diagnostic {
    let hint = "check indentation, colons and quotes; a value with `: ` or `#` in it needs quotes"
    let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false)
    switch error {
    case YamlError.scanner(_, let problem, let mark, _),
      YamlError.parser(_, let problem, let mark, _),
      YamlError.composer(_, let problem, let mark, _):
      // What is missed at the end is missed in the last line, not below it.
      let isBelow = mark.line > lines.count
      return file.diagnostic(
        "yaml-syntax", line: linesAbove + min(mark.line, lines.count),
        column: isBelow ? (lines.last?.unicodeScalars.count ?? 0) + 1 : mark.column,
        message: "Settings are YAML, and this is not: \(inWords(problem))", hint: hint)
    case YamlError.duplicatedKeysInMapping(let keys, let context):
      let (line, column) = secondPlace(
        of: keys.first ?? "", in: lines, from: (context.mark.line, context.mark.column))
      return file.diagnostic(
        "duplicate-yaml-key", line: linesAbove + line, column: column,
        length: keys.first?.unicodeScalars.count ?? 1,
        message: "A key stands once in its mapping: "
          + keys.map { "`\($0)`" }.joined(separator: ", "),
        hint: "keep one of them")
    default:
      return file.diagnostic(
        "yaml-syntax", line: linesAbove + 1, message: "Settings are YAML, and this is not",
        hint: hint)
    }
  }

  /// What libyaml says in words of its own makers, in those of editors.
  private static func inWords(_ problem: String) -> String {
    if problem == "mapping values are not allowed in this context" {
      return "a second colon with a space behind it stands in this line"
    }
    if problem == "found unknown escape character" {
      return
        "in double quotes a backslash begins a sign, and there is no such sign; write two backslashes, or"
        + " put the value in single quotes"
    }
    return problem.hasPrefix("Maximum nesting level reached")
      ? "values lie in each other more than 1000 deep" : problem
  }

  /// Where a key stands for the second time in the mapping that begins at a place; that place where
  /// it is written in another way.
  private static func secondPlace(
    of key: String, in lines: [Substring], from start: (line: Int, column: Int)
  ) -> (line: Int, column: Int) {
    let indent = String(repeating: " ", count: max(0, start.column - 1))
    let places = lines.indices.dropFirst(start.line - 1).filter {
      lines[$0].hasPrefix("\(indent)\(key):")
    }
    return places.count > 1 ? (places[1] + 1, start.column) : start
  }
}
