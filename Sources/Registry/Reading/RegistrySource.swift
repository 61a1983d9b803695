import Diagnostics
import Input

/// Where a row begins, so that a later pass can go straight to it.
struct RowPosition: Sendable, Hashable {
  /// Byte offset in a text file; unused for a database.
  var offset = 0
  /// Line of a text file, or row id in a database: what names the row to people.
  var place = 0
}

/// A file of rows that can be walked more than once.
protocol RegistrySource: Sendable {
  /// What a row's place is called: `line` or `row`.
  var placeName: String { get }

  /// Walks over the rows in order, from a position or from the first.
  ///
  /// Rows that cannot be taken apart are reported and passed over. Problems that `visit` appends
  /// are reported at their row.
  /// - Parameter visit: gets the row's values and position; false ends the walk.
  /// - Throws: `MachineFailure` when the file cannot be read.
  func walk(
    from start: RowPosition?, findings: inout Findings,
    visit: (inout RowText, RowPosition, inout [RowProblem]) -> Bool
  ) throws(MachineFailure)

  /// The bytes that rows are read from, with those that name their columns in front.
  ///
  /// - Parameter end: where the row behind them begins; nil for the end of the file.
  /// - Returns: nil for a source without such bytes.
  /// - Throws: `MachineFailure` when the file cannot be read, or is another one than was opened.
  func bytes(from start: RowPosition, to end: RowPosition?) throws(MachineFailure) -> [UInt8]?
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
