import Diagnostics
import Foundation

/// Prints what a command found and did, for people or for programs.
struct Report<Result: Encodable> {
  /// The JSON document of a run.
  private struct Document: Encodable {
    let ok: Bool
    let errors: Int
    let warnings: Int
    let diagnostics: [Diagnostic]
    let notes: [String]
    let result: Result?
  }

  let options: ProjectOptions
  let findings: Findings

  /// Prints findings, notes and either the result or that there is none.
  ///
  /// - Parameters:
  ///   - summary: the lines that people read.
  ///   - ending: what they read behind the number of errors.
  func print(
    _ result: Result?, isOK: Bool, summary: [String], ending: String = "nothing was written"
  ) throws {
    switch options.format {
    case .json:
      let document = Document(
        ok: isOK, errors: findings.errorCount, warnings: findings.warningCount,
        diagnostics: findings.diagnostics, notes: findings.notes, result: result)
      try Terminal.printJSON(document)
    case .github:
      for diagnostic in findings.diagnostics {
        Terminal.standardOutput(WorkflowAnnotation.text(for: diagnostic))
      }
    case .text:
      let printer = DiagnosticPrinter(colour: Terminal.hasColour)
      for line in printer.lines(for: findings.diagnostics) { Terminal.standardError(line) }
      if !options.quiet {
        for note in findings.notes { Terminal.standardError("note: \(visible(note))") }
        for line in summary { Terminal.standardOutput(line) }
      }
      if !isOK { Terminal.standardError(failureLine(ending)) }
    }
  }

  private func failureLine(_ ending: String) -> String {
    func count(_ number: Int, _ word: String) -> String {
      "\(number) \(word)\(number == 1 ? "" : "s")"
    }
    return "\(count(findings.errorCount, "error")), \(count(findings.warningCount, "warning"));"
      + " \(ending)"
  }
}
