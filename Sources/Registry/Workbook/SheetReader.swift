import Input

/// Reads a sheet row by row. Cells of columns that are not wanted are never taken out of the parser's buffer.
final class SheetReader: XMLVisitor {
  /// Why a cell's text cannot be trusted.
  enum Flaw: Equatable {
    /// A number of more than fifteen digits, which a spreadsheet does not keep.
    case digitsLost
    /// A formula whose result is not in the file.
    case noResult
    /// A number that is shown with zeros in front of it.
    case padded
    /// A day, where none belongs.
    case day
    /// A number whose form has other signs, or a truth value.
    case formatted
    /// A day before 1 March 1900, of which no two programs agree.
    case impossibleDay
  }

  /// One row of the sheet, its cells in order.
  struct Row {
    /// From 1.
    var number = 0
    var isHidden = false
    var text: [UInt8] = []
    var cells: [Cell] = []
    /// The first cell with a value in a column that is not wanted and must be empty.
    var stray: Int?
  }

  struct Cell {
    /// From 0.
    let column: Int
    var range: Range<Int>
    /// The number of the text in the workbook's list of shared ones, which is then not in the row yet.
    var sharedString: Int?
    var flaw: Flaw?
  }

  /// Which columns are read.
  enum Wanted {
    case all
    /// Some by their positions; a value at or behind the others that `mustBeEmpty` names is only noticed.
    case columns(Set<Int>, mustBeEmpty: (Int) -> Bool)
  }

  /// As in every spreadsheet.
  private static let mostRows = 1_048_576
  private static let mostColumns = 16_384

  let workbook: Workbook
  let sheet: Workbook.Sheet
  private let wanted: Wanted
  private var xml: XMLPart?
  /// Ranges of cells that were made one, as in `L207:L273`; known at the end of the sheet.
  private(set) var mergedRanges: [String] = []
  /// Columns from 0 that are not shown.
  private(set) var hiddenColumns: [ClosedRange<Int>] = []

  private var row = Row()
  private var rowIsReady = false
  private var isDamaged = false
  private var column = -1
  private var type: UInt8 = 0
  private var style = 0
  private var hasFormula = false
  private var hasValue = false
  private var isInValue = false
  private var isWanted = false
  private var value: [UInt8] = []
  /// How long the value of a cell is that is not wanted.
  private var lengthUnread = 0

  init(
    _ workbook: Workbook, _ sheet: Workbook.Sheet, wanted: Wanted
  ) throws(ZipArchive.Problem) {
    self.workbook = workbook
    self.sheet = sheet
    self.wanted = wanted
    xml = nil
    xml = XMLPart(try workbook.part(sheet), self)
  }

  /// The next row that is in the file, blank or not; nil at the end of the sheet.
  func next() throws(ZipArchive.Problem) -> Row? {
    rowIsReady = false
    while try xml?.next() ?? false {
      if isDamaged {
        throw ZipArchive.Problem(reason: "is damaged: its rows and columns are not in order")
      }
      if rowIsReady { return row }
    }
    return nil
  }

  // MARK: Elements

  func start(_ name: XMLName, _ attributes: XMLAttributes) {
    if name == "c" {
      startCell(attributes)
    } else if name == "v" || name == "t" {
      isInValue = true
      hasValue = true
    } else if name == "f" {
      hasFormula = true
    } else if name == "row" {
      let number = attributes.string("r").flatMap { Int($0) } ?? row.number + 1
      if number <= row.number || number > Self.mostRows { isDamaged = true }
      row = Row(
        number: min(max(number, 0), Self.mostRows), isHidden: attributes.isTrue("hidden"))
      column = -1
    } else if name == "mergeCell" {
      if let range = attributes.string("ref") { mergedRanges.append(range) }
    } else if name == "col", attributes.isTrue("hidden") {
      if let first = attributes.string("min").flatMap({ Int($0) }),
        let last = attributes.string("max").flatMap({ Int($0) }), first >= 1, last >= first
      {
        hiddenColumns.append(first - 1...last - 1)
      }
    }
  }

  private func startCell(_ attributes: XMLAttributes) {
    column = attributes["r"].flatMap { Self.column(of: String(cString: $0)) } ?? column + 1
    if column >= Self.mostColumns { isDamaged = true }
    // Types differ in their first letters, but for `s` and `str`.
    let name = attributes["t"]
    type = name.map { UInt8(bitPattern: $0.pointee) } ?? UInt8(ascii: "n")
    if let name, type == UInt8(ascii: "s"), name[1] != 0 { type = UInt8(ascii: "i") }
    style = attributes.string("s").flatMap { Int($0) } ?? 0
    hasFormula = false
    hasValue = false
    value.removeAll(keepingCapacity: true)
    lengthUnread = 0
    isWanted =
      switch wanted {
      case .all: true
      case .columns(let columns, _): columns.contains(column)
      }
  }

  func end(_ name: XMLName) -> Bool {
    if name == "v" || name == "t" {
      isInValue = false
    } else if name == "c" {
      endCell()
    } else if name == "row" {
      rowIsReady = true
      return true
    }
    return false
  }

  func text(_ bytes: UnsafeRawBufferPointer) {
    // A longer text is no value of a table; its row is refused as a long row of text is.
    guard isInValue else { return }
    if !isWanted {
      lengthUnread += bytes.count
    } else if value.count <= RowReader.longestRecord {
      value += bytes
    }
  }

  // MARK: Values

  private func endCell() {
    guard isWanted else {
      if case .columns(_, let mustBeEmpty) = wanted, lengthUnread > 0, row.stray == nil,
        mustBeEmpty(column)
      {
        row.stray = column
      }
      return
    }
    let start = row.text.count
    var cell = Cell(column: column, range: start..<start)
    // A text may be empty by its formula; a number may not.
    if hasFormula, value.isEmpty, type != UInt8(ascii: "i") {
      cell.flaw = .noResult
    } else if hasValue {
      switch type {
      case UInt8(ascii: "s"):
        cell.sharedString = Int(digits: value[...])
        if cell.sharedString == nil { isDamaged = true }
      case UInt8(ascii: "b"):
        row.text += (value == [0x31] ? "TRUE" : "FALSE").utf8
        cell.flaw = .formatted
      case UInt8(ascii: "n"): cell.flaw = appendNumber()
      default: row.text += value
      }
    }
    cell.range = start..<row.text.count
    if cell.flaw != nil || cell.sharedString != nil || !cell.range.isEmpty {
      row.cells.append(cell)
    }
  }

  /// Appends a number as its cell shows it.
  private func appendNumber() -> Flaw? {
    let text = String(decoding: value, as: UTF8.self)
    guard let number = Double(text) else {
      row.text += value
      return nil
    }
    let format = workbook.format(ofStyle: style)
    if format == .date, let flaw = appendDate(number) { return flaw }
    if format == .date { return .day }
    // What is left of it says nothing.
    guard abs(number) < 1e15 else { return .digitsLost }
    let whole = number.rounded()
    let shown = whole == number ? String(Int(whole)) : "\(number)"
    row.text += shown.utf8
    if case .padded(let digits) = format, shown.utf8.count < digits { return .padded }
    return format == .other ? .formatted : nil
  }

  /// Appends a day, and a time that is not midnight behind it, from a count of days.
  private func appendDate(_ serial: Double) -> Flaw? {
    let counted = serial + (workbook.countsFrom1904 ? 1462 : 0)
    // To the second, since midnight may be a hair off.
    let seconds = (counted * 86_400).rounded()
    guard seconds >= 61 * 86_400, seconds < 2_958_466 * 86_400 else { return .impossibleDay }
    let whole = Int(seconds)
    row.text.append(CalendarDate(daysSinceEpoch: whole / 86_400 - 25_569))
    let time = whole % 86_400
    guard time > 0 else { return nil }
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    row.text += " \(two(time / 3600)):\(two(time / 60 % 60)):\(two(time % 60))".utf8
    return nil
  }

  // MARK: Names of cells

  /// The column of a cell's name, from 0, as 1 in `B17`; nil for anything else.
  static func column(of name: String) -> Int? {
    var column = 0
    for byte in name.utf8 {
      let letter = byte & 0xDF
      guard (65...90).contains(letter), column < 20_000 else { break }
      column = column * 26 + Int(letter) - 64
    }
    return column == 0 ? nil : column - 1
  }

  /// The name of a cell, as `B17` for column 1 and row 17.
  static func name(column: Int, row: Int) -> String {
    var letters = ""
    var rest = column + 1
    while rest > 0 {
      letters = String(UnicodeScalar(UInt8(65 + (rest - 1) % 26))) + letters
      rest = (rest - 1) / 26
    }
    return "\(letters)\(row)"
  }
}
