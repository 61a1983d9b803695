/// Prints findings for people: `path:line:column: error: message [id]`, the line, a caret, a hint.
public struct DiagnosticPrinter: Sendable {
  /// Whether to colour with ANSI escapes.
  public let colour: Bool

  public init(colour: Bool) {
    self.colour = colour
  }

  public func text(for diagnostic: Diagnostic) -> String {
    let kind = paint(diagnostic.severity.rawValue, Self.colour(of: diagnostic.severity))
    var lines = [
      "\(paint(visible(diagnostic.location.description), "1")): \(kind): "
        + "\(visible(diagnostic.message)) [\(diagnostic.id.name)]"
    ]
    if let excerpt = diagnostic.excerpt {
      lines += shown(excerpt)
    }
    lines.append("  \(paint("hint:", "36")) \(visible(diagnostic.hint))")
    return lines.joined(separator: "\n")
  }

  private static func colour(of severity: Severity) -> String {
    switch severity {
    case .note: "1;36"
    case .warning: "1;33"
    case .error: "1;31"
    }
  }

  private func shown(_ excerpt: Excerpt) -> [String] {
    let width = 100
    let scalars = Array(visible(excerpt.line).unicodeScalars)
    let start = min(excerpt.column - 1, scalars.count)
    let first = scalars.count <= width ? 0 : max(0, min(start - width / 2, scalars.count - width))
    let last = min(scalars.count, first + width)
    let head = first > 0 ? "…" : ""
    let tail = last < scalars.count ? "…" : ""
    let text = scalars[first..<last].reduce(into: "") { $0.unicodeScalars.append($1) }
    let length = max(1, min(excerpt.length, last - start))
    let indent = String(repeating: " ", count: head.count + start - first)
    let caret = "^" + String(repeating: "~", count: length - 1)
    return ["  " + head + text + tail, "  " + indent + paint(caret, "32")]
  }

  private func paint(_ text: String, _ code: String) -> String {
    colour ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}

/// The text with every control and direction-changing character replaced, one for one, by U+FFFD.
///
/// Input is quoted on terminals; an escape sequence in a name must not reach them.
public func visible(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control where scalar == "\t": result.append(" ")
    case .control, .format, .lineSeparator, .paragraphSeparator: result.append("\u{FFFD}")
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
