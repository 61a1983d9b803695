import Diagnostics
import Yams

/// Values of which YAML makes something else than is written.
struct YAMLHazards {
  /// Texts of people and institutions, where a `#` is as likely part of a name as the start of a comment.
  private static let names: Set<String> = ["title", "summary", "name", "address"]

  private let file: [Substring]
  private let root: YAMLValue

  /// Nil where nothing in the text can be one.
  init?(_ root: YAMLValue, yaml: String) {
    let mayCut = yaml.utf8.indices.contains { index in
      yaml.utf8[index] == UInt8(ascii: "#") && index > yaml.utf8.startIndex
        && [0x20, 0x09].contains(yaml.utf8[yaml.utf8.index(before: index)])
    }
    guard mayCut || yaml.utf8.contains(UInt8(ascii: "\\")) || yaml.contains("TODO:") else {
      return nil
    }
    file = yaml.split(separator: "\n", omittingEmptySubsequences: false)
    self.root = root
  }

  func find() -> [Diagnostic] { findings(in: root, key: nil) }

  private func findings(in value: YAMLValue, key: String?) -> [Diagnostic] {
    if let mapping = value.node.mapping {
      return mapping.flatMap { pair in
        findings(in: value.nested(pair.value), key: pair.key.scalar?.string)
      }
    }
    if let sequence = value.node.sequence {
      return sequence.flatMap { findings(in: value.nested($0), key: nil) }
    }
    guard let scalar = value.node.scalar, let rest = line(of: value) else { return [] }
    if scalar.string.hasPrefix("TODO:") {
      return [
        value.diagnostic(
          "left-to-fill-in", message: "This was left for you to fill in",
          hint: "write the value in place of it")
      ]
    }
    switch scalar.style {
    case .plain:
      return cut(value, scalar.string, rest, isName: key.map(Self.names.contains) ?? false)
    case .doubleQuoted: return escaped(value, scalar.string, rest)
    default: return []
    }
  }

  /// The line from the value on.
  private func line(of value: YAMLValue) -> Substring? {
    guard let mark = value.node.mark, file.indices.contains(mark.line - 1) else { return nil }
    return Substring(file[mark.line - 1].unicodeScalars.dropFirst(mark.column - 1))
  }

  private func cut(
    _ value: YAMLValue, _ text: String, _ line: Substring, isName: Bool
  ) -> [Diagnostic] {
    guard !text.isEmpty, line.hasPrefix(text) else { return [] }
    let rest = line.dropFirst(text.count)
    let comment = rest.drop { $0 == " " || $0 == "\t" }
    guard comment.first == "#", comment.count < rest.count else { return [] }
    let isSpaced = comment.dropFirst().first.map { $0 == " " || $0 == "#" } ?? true
    guard isName || !isSpaced else { return [] }
    return [
      value.diagnostic(
        "comment-in-value", .warning,
        message: "A # behind a space begins a comment: this value ends before it, at `\(text)`",
        hint:
          "put quotes around the value if the # belongs to it, as in \"\(text) \(comment.prefix(20))\"; else"
          + " write the comment on a line by itself")
    ]
  }

  private func escaped(
    _ value: YAMLValue, _ text: String, _ line: Substring
  ) -> [Diagnostic] {
    guard let escape = line.firstMatch(of: /\\[abefnrtvNLP0_]/)?.output,
      text.unicodeScalars.contains(where: { ["\n", "\t", "\u{A0}"].contains($0) }),
      !text.unicodeScalars.contains(where: \.isForbiddenInText)
    else { return [] }
    return [
      value.diagnostic(
        "backslash-in-quotes",
        message:
          "In double quotes a backslash begins a sign: \(escape) is one character that cannot be seen",
        hint: "write two backslashes, \\\\, or put the value in single quotes")
    ]
  }
}
