import Diagnostics
import Files
import SystemPackage

/// Rows of a sheet as a table's reader has them: bytes, and the ranges of fields in them.
extension RowReader {
  /// What a reader keeps of the sheet that it reads.
  struct SheetState {
    let workbook: Workbook
    let sheet: Workbook.Sheet
    var rows: SheetReader?
    var strings: SharedStrings?
    /// How many columns the header has.
    var columnCount = 0
    /// What is wrong with cells of the current row, by their positions.
    var flaws: [(position: Int, flaw: SheetReader.Flaw)] = []
    /// The position of a value where there must be none.
    var stray: Int?
  }

  /// Moves to the header of a sheet, as `begin` does for text.
  mutating func beginSheet(knownColumns: ([String]) -> Int) throws(MachineFailure) -> Beginning {
    guard var state = sheet else { return .nothing }
    do throws(ZipArchive.Problem) {
      var first: SheetReader.Row?
      for enough in Self.headerColumns {
        let rows = try SheetReader(state.workbook, state.sheet, wanted: .all)
        var titles = 0
        while titles <= Self.mostTitles, let row = try rows.next() {
          if row.cells.isEmpty { continue }
          let filled = try Self.filled(row, state.workbook)
          if knownColumns(Self.texts(filled)) >= enough {
            take(filled, &state, titles: titles)
            return .header
          }
          first = first ?? filled
          titles += 1
        }
      }
      guard let first else { return .nothing }
      take(first, &state, titles: 0)
      return .header
    } catch {
      return .unreadable(Self.finding(error, path: displayPath))
    }
  }

  private mutating func take(_ row: SheetReader.Row, _ state: inout SheetState, titles: Int) {
    state.columnCount = (row.cells.last?.column ?? -1) + 1
    state.stray = nil
    setRow(row, columns: state.columnCount)
    titleCount = titles
    sheet = state
  }

  /// A row with its shared texts, which are looked up for this row alone.
  private static func filled(
    _ row: SheetReader.Row, _ workbook: Workbook
  ) throws(ZipArchive.Problem) -> SheetReader.Row {
    let strings = try workbook.sharedStrings(Set(row.cells.compactMap(\.sharedString)))
    return try filled(row, strings)
  }

  private static func filled(
    _ row: SheetReader.Row, _ strings: SharedStrings
  ) throws(ZipArchive.Problem) -> SheetReader.Row {
    guard row.cells.contains(where: { $0.sharedString != nil }) else { return row }
    var filled = row
    for index in filled.cells.indices {
      guard let number = filled.cells[index].sharedString else { continue }
      guard let text = strings[number] else {
        throw ZipArchive.Problem(reason: "is damaged: the text of a cell is missing")
      }
      guard filled.text.count + text.count <= longestRecord else {
        throw ZipArchive.Problem(reason: "has a row of more than 1 MiB")
      }
      let start = filled.text.count
      filled.text += text
      filled.cells[index].range = start..<filled.text.count
    }
    return filled
  }

  /// The texts of a row by position.
  private static func texts(_ row: SheetReader.Row) -> [String] {
    var texts = [String](repeating: "", count: (row.cells.last?.column ?? -1) + 1)
    for cell in row.cells where texts.indices.contains(cell.column) {
      texts[cell.column] = String(decoding: row.text[cell.range], as: UTF8.self)
    }
    return texts
  }

  /// Looks through the sheet once, and then reads the rows below the header; nothing to do for text.
  ///
  /// - Parameters:
  ///   - columns: the positions of columns that are read; no value of others is taken out of the file.
  ///   - unnamed: the positions of columns without a name, where no value may stand.
  /// - Returns: false, with findings, when the sheet cannot be read.
  mutating func readRows(
    ofColumns columns: Set<Int>, unnamed: Set<Int>, findings: inout Findings
  ) throws(MachineFailure) -> Bool {
    guard var state = sheet else { return true }
    let count = state.columnCount
    let wanted = SheetReader.Wanted.columns(columns) { $0 >= count || unnamed.contains($0) }
    do throws(ZipArchive.Problem) {
      let survey = try SheetSurvey(
        SheetReader(state.workbook, state.sheet, wanted: wanted), below: line, columns: columns)
      survey.report(path: displayPath, sheet: state.sheet.name, findings: &findings)
      state.strings = try state.workbook.sharedStrings(survey.sharedStrings)
      let rows = try SheetReader(state.workbook, state.sheet, wanted: wanted)
      while let row = try rows.next(), row.number < line {}
      state.rows = rows
    } catch {
      findings.add(Self.finding(error, path: displayPath))
      return false
    }
    sheet = state
    return true
  }

  mutating func advanceInSheet() throws(MachineFailure) -> Bool {
    guard let rows = sheet?.rows, let strings = sheet?.strings else { return false }
    let before = line
    do throws(ZipArchive.Problem) {
      while let row = try rows.next() {
        if row.cells.isEmpty, row.stray == nil { continue }
        sheet?.flaws = row.cells.compactMap { cell in cell.flaw.map { (cell.column, $0) } }
        sheet?.stray = row.stray
        setRow(try Self.filled(row, strings), columns: sheet?.columnCount ?? 0)
        followsBlank = row.number > before + 1
        return true
      }
      return false
    } catch {
      // It was read through once already.
      throw MachineFailure("read \(displayPath)", reason: "it \(error.reason); try again")
    }
  }

  /// The cell of the current row at a position; the first where none is given.
  func cell(_ position: Int?) -> SourceLocation.Place {
    .cell(
      sheet: sheet?.sheet.name ?? "", cell: SheetReader.name(column: position ?? 0, row: line))
  }

  static func finding(_ problem: ZipArchive.Problem, path: String) -> Diagnostic {
    Diagnostic(
      "unreadable-workbook", at: SourceLocation(path: path), message: "This file \(problem.reason)",
      hint: "open it in a spreadsheet, and save it again as Excel workbook (.xlsx)")
  }
}

/// What a look through a sheet finds before its rows are read.
struct SheetSurvey {
  private(set) var sharedStrings: Set<Int> = []
  private var merged: [String] = []
  private var hiddenRows: [Int] = []
  private var hiddenColumns: [Int] = []

  /// - Parameter header: the row that names the columns.
  init(
    _ rows: SheetReader, below header: Int, columns: Set<Int>
  ) throws(ZipArchive.Problem) {
    while let row = try rows.next() {
      guard row.number > header, !row.cells.isEmpty else { continue }
      for cell in row.cells { if let number = cell.sharedString { sharedStrings.insert(number) } }
      if row.isHidden { hiddenRows.append(row.number) }
    }
    merged = rows.mergedRanges.filter { range in
      guard let (from, to) = Self.corners(range) else { return false }
      return to.row > max(header, from.row)
        && columns.contains { (from.column...to.column).contains($0) }
    }
    hiddenColumns = columns.filter { column in rows.hiddenColumns.contains { $0.contains(column) } }
      .sorted()
  }

  private static func corners(
    _ range: String
  ) -> (from: (column: Int, row: Int), to: (column: Int, row: Int))? {
    let ends = range.split(separator: ":").compactMap { name -> (column: Int, row: Int)? in
      guard let column = SheetReader.column(of: String(name)),
        let row = Int(name.drop { $0.isLetter })
      else { return nil }
      return (column, row)
    }
    guard ends.count == 2, ends[0].column <= ends[1].column else { return nil }
    return (ends[0], ends[1])
  }

  func report(path: String, sheet: String, findings: inout Findings) {
    func location(_ cell: String) -> SourceLocation {
      SourceLocation(path: path, place: .cell(sheet: sheet, cell: cell))
    }
    for range in merged {
      let cell = String(range.prefix { $0 != ":" })
      findings.add(
        Diagnostic(
          "merged-cells", at: location(cell),
          message:
            "The cells \(range) are one, and a spreadsheet keeps a value for the first of them alone",
          hint: "part them, and write the value into each"))
    }
    if let first = hiddenRows.first {
      let list = hiddenRows.prefix(5).map(String.init).joined(separator: ", ")
      let more = hiddenRows.count > 5 ? " and \(hiddenRows.count - 5) more" : ""
      findings.add(
        Diagnostic(
          "hidden-rows", .warning, at: location("A\(first)"),
          message:
            "\(hiddenRows.count) row\(hiddenRows.count == 1 ? " is" : "s are") hidden in the spreadsheet and"
            + " read all the same: \(list)\(more)",
          hint: "show all rows, and delete those that do not belong to the register"))
    }
    if let first = hiddenColumns.first {
      let names = hiddenColumns.map { SheetReader.name(column: $0, row: 1).dropLast() }
      findings.add(
        Diagnostic(
          "hidden-columns", .warning, at: location(SheetReader.name(column: first, row: 1)),
          message:
            "Columns that are read are hidden in the spreadsheet: \(names.joined(separator: ", "))",
          hint: "show them, and see that they hold what is meant to be published"))
    }
  }
}

extension SheetReader.Flaw {
  /// Whether it is one in a column of this kind: days belong into columns of days, and the form of a number
  /// matters where it is compared letter by letter.
  func counts(in column: Column) -> Bool {
    switch (self, column.damageKind) {
    case (.day, .identifier), (.day, .name), (.day, .place), (.formatted, .identifier),
      (.formatted, .name):
      true
    case (.day, _), (.formatted, _): false
    default: true
    }
  }

  /// What is said of a cell with this flaw.
  var words: (id: DiagnosticID, message: String, hint: String) {
    switch self {
    case .digitsLost:
      (TextDamage.rounded.id, TextDamage.rounded.message, TextDamage.rounded.hint)
    case .noResult:
      (
        "formula-without-result", "The result of this formula is not in the file",
        "open the workbook in a spreadsheet and save it, or write the value in place of the formula"
      )
    case .padded:
      (
        "number-changed", "This number is shown with zeros in front that are not in the cell",
        "format the column as text, and write it as printed"
      )
    case .day:
      (
        "number-changed", "The spreadsheet made a day of this value",
        "write it as it was, and format the column as text"
      )
    case .formatted:
      (
        "number-changed", "This number is shown in another form than it has in the cell",
        "format the column as text, and write the value as printed"
      )
    case .impossibleDay:
      (
        "impossible-date", "No two programs agree on days before March 1900, and this is one",
        "write the day as text, as in 2024-10-15"
      )
    }
  }
}
