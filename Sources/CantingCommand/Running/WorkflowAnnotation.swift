import Diagnostics

/// A finding as GitHub's runners, and those that imitate them, show it beside the line.
enum WorkflowAnnotation {
  static func text(for diagnostic: Diagnostic) -> String {
    var properties = ["file=\(property(diagnostic.location.path))"]
    if case .line(let line, let column) = diagnostic.location.place {
      properties += ["line=\(line)", "col=\(column)"]
    }
    properties.append("title=\(property(diagnostic.id.name))")
    let message = "\(visible(diagnostic.message))\n\(visible(diagnostic.hint))"
    // What is a note here is a notice there.
    let command = diagnostic.severity == .note ? "notice" : diagnostic.severity.rawValue
    return "::\(command) \(properties.joined(separator: ","))::"
      + escaped(message)
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
  }

  private static func property(_ text: String) -> String {
    escaped(visible(text)).replacing(":", with: "%3A").replacing(",", with: "%2C")
  }
}
