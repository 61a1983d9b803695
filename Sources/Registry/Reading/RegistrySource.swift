import Diagnostics
import Input

/// A file of rows.
protocol RegistrySource {
  /// How a row's place is called, as in `line 12`.
  var placeName: @Sendable (Int) -> String { get }
  /// Shows rows of the file in findings.
  var finder: any RowFinder { get }

  /// Walks over all rows in order.
  ///
  /// Rows that cannot be taken apart are reported and passed over. Problems that `visit` appends
  /// are reported at their row.
  /// - Parameter visit: gets the row's values, and its place: the line of a text file, or the row id
  ///   in a database.
  /// - Throws: `MachineFailure` when the file cannot be read, or was changed meanwhile.
  func walk(
    findings: inout Findings, visit: (RowText, Int, inout [RowProblem]) -> Void
  ) throws(MachineFailure)
}

/// Shows rows that break a rule, each at its place.
protocol RowFinder: Sendable {
  /// - Parameter problems: by the place of their row.
  /// - Throws: `MachineFailure` when the file cannot be read, or is another one than was opened.
  func diagnostics(for problems: [Int: [RowProblem]]) throws(MachineFailure) -> [Diagnostic]
}

extension RowProblem {
  /// The finding for a character that must not be printed.
  init(_ problem: TextNormalizer.Problem, in column: Column) {
    self.init(
      column: column, id: "forbidden-character",
      message: "Text that is printed has no control, invisible or direction-changing characters",
      hint: "remove \(problem.name) from the \(column.name); typing it anew removes what cannot be"
        + " seen")
  }
}

extension TextNormalizer.Problem {
  /// The character's number, as in U+200B.
  var name: String {
    switch self {
    case .forbidden(let scalar): scalar.codePoint
    }
  }
}
