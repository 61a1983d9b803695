/// Where in the input something was found: a file as the user names it, and a place in it.
public struct SourceLocation: Sendable, Hashable {
  /// A place inside a file.
  public enum Place: Sendable, Hashable {
    /// The file as a whole.
    case file
    /// A line, and a column in Unicode scalars, both counted from 1.
    case line(Int, column: Int)
    /// A row of a database table by its row id, and the name of a column.
    case row(table: String, row: Int64, column: String?)
    /// A cell of a workbook, as `D17` of a sheet.
    case cell(sheet: String, cell: String)
  }

  /// The path relative to the project folder, with `/` between its parts.
  public let path: String
  public let place: Place

  public init(path: String, place: Place = .file) {
    self.path = path
    self.place = place
  }

  public init(path: String, line: Int, column: Int) {
    self.init(path: path, place: .line(line, column: column))
  }
}

extension SourceLocation: CustomStringConvertible {
  /// `path`, `path:line:column`, `path: table t, row 12, column c` or `path!sheet!D17`.
  public var description: String {
    switch place {
    case .file: path
    case .line(let line, let column): "\(path):\(line):\(column)"
    case .cell(let sheet, let cell): "\(path)!\(sheet)!\(cell)"
    case .row(let table, let row, let column):
      "\(path): table \(table), row \(row)" + (column.map { ", column \($0)" } ?? "")
    }
  }
}
