import Diagnostics
import Input

/// Makes findings about the current record of a reader. Where the registry has columns that are
/// left out, a finding shows no field but the one it is about.
struct RowExcerpts {
  let path: String
  let uses: [ColumnUse]
  /// What kind of file it is, as messages name it.
  let noun: String
  /// Blots out what nobody is to see, wherever it stands.
  private let blot: (String) -> String
  private let isOpen: Bool
  private let unnamed: [Int]

  init(
    path: String, uses: [ColumnUse], noun: String = "registry",
    blot: @escaping (String) -> String = { $0 }
  ) {
    self.path = path
    self.uses = uses
    self.noun = noun
    self.blot = blot
    isOpen = !uses.contains { $0 == .personal || $0 == .ignored }
    unnamed = uses.indices.filter { uses[$0] == .unnamed }
  }

  /// The finding for a problem with one column's value.
  func diagnostic(for problem: RowProblem, in reader: borrowing RowReader) -> Diagnostic {
    let found = finding(
      problem.id, problem.severity, at: uses.firstIndex(of: .read(problem.column)), in: reader,
      message: problem.message, hint: PersonalData.masked(problem.hint))
    // What does not belong in the registry does not belong in a log of its checks.
    // And of rows that all say the same, one is told with its places.
    guard problem.id == "personal-data-in-text" || problem.id == "specimen-row" else {
      return found
    }
    return Diagnostic(
      found.id, found.severity, at: found.location, message: found.message, hint: found.hint)
  }

  /// A finding at a field of the record, counted from 0; at the record where there is none.
  func finding(
    _ id: DiagnosticID, _ severity: Severity = .error, at position: Int?,
    in reader: borrowing RowReader, message: String, hint: String
  ) -> Diagnostic {
    if reader.isWorkbook {
      return Diagnostic(
        id, severity, at: SourceLocation(path: path, place: reader.cell(position)),
        message: message,
        hint: hint,
        excerpt: position.flatMap { position in
          guard position < reader.fields.count else { return nil }
          let value = text(reader.fields[position].range, in: reader)
          return value.isEmpty ? nil : Excerpt.alone(value)
        })
    }
    var place = linePlace(of: reader.record.lowerBound, in: reader)
    var shown: Excerpt?
    if let position, position < reader.fields.count {
      let field = reader.fields[position].range
      place = linePlace(of: field.lowerBound, in: reader)
      shown = excerpt(of: field, at: place, in: reader)
    } else if isOpen {
      shown = Excerpt(line: text(place.range, in: reader), column: 1)
    }
    return Diagnostic(
      id, severity, at: SourceLocation(path: path, line: place.line, column: place.column),
      message: message, hint: hint, excerpt: shown)
  }

  /// The finding for a record that is no row of this table, if it is none.
  func malformation(in reader: borrowing RowReader) -> Diagnostic? {
    if let sheet = reader.sheet {
      return sheet.stray.map { position in
        finding(
          "value-without-column", at: position, in: reader, message: Self.strayMessage,
          hint:
            "name the column in the header, or empty the cell; a cell that was put in moves all others"
        )
      }
    }
    let record = reader.buffer[reader.record]
    if record.contains(where: { $0 >= 0x80 }),
      String(validating: record, as: UTF8.self) == nil
    {
      return notUTF8(in: reader)
    }
    switch reader.malformation {
    case .unclosedQuote:
      return whole(
        "unclosed-quote", in: reader,
        message: "A quoted field ends with a quote, and this one runs on to the end of the file",
        hint: "close the quote, or double it if it belongs to the text")
    case .textAfterQuote(let offset):
      return whole(
        "text-after-quote", in: reader, offset: offset,
        message: "After a quoted field comes the next delimiter or the end of the line",
        hint: "double a quote that belongs to the text: \"\"")
    case nil: break
    }
    if let swallowed = swallowedRows(in: reader) { return swallowed }
    guard reader.fields.count != uses.count else { return unnamedValue(in: reader) }
    if reader.fields.count == uses.count + reader.emptyCellsBehind,
      reader.fields.suffix(reader.emptyCellsBehind).allSatisfy(\.range.isEmpty)
    {
      return unnamedValue(in: reader)
    }
    return whole(
      "wrong-field-count", in: reader,
      message: "A row has one field for each column: \(uses.count), not \(reader.fields.count)",
      hint: reader.fields.count > uses.count
        ? "put quotes around a field that holds the delimiter"
        : "a row was cut, or a field is missing: compare it with the header")
  }

  /// A quote that was opened by mistake takes in what follows, up to the next one: lines that are rows.
  ///
  /// A text of several lines may have as many delimiters in one of them, in a table of few columns.
  private func swallowedRows(in reader: borrowing RowReader) -> Diagnostic? {
    let lines = reader.buffer[reader.record].split(omittingEmptySubsequences: false) {
      $0 == 0x0A || $0 == 0x0D
    }
    guard uses.count > 3, lines.count > 1 else { return nil }
    let delimiter = reader.delimiter
    let counts = uses.count...uses.count + reader.emptyCellsBehind
    let fieldCounts = lines.map { line in line.count { $0 == delimiter } + 1 }
    let hasRowInside = fieldCounts.dropFirst().dropLast().contains(where: counts.contains)
    // A text that ends in the last line has the row's own other fields behind it; where the first line is a whole
    // row already, it is another row.
    let hasTwoRows = fieldCounts[0] >= uses.count && counts.contains(fieldCounts[lines.count - 1])
    guard hasRowInside || hasTwoRows else { return nil }
    let opening = reader.fields.first { field in
      field.isQuoted && reader.buffer[field.range].contains { $0 == 0x0A || $0 == 0x0D }
    }
    return whole(
      "swallowed-rows", in: reader, offset: opening.map { $0.range.lowerBound - 1 },
      message:
        "A quote opens here and closes \(lines.count - 1) line\(lines.count == 2 ? "" : "s") further"
        + " down, and what lies between looks like rows of the table",
      hint: "take the quote away, or close it where the field ends")
  }

  private func unnamedValue(in reader: borrowing RowReader) -> Diagnostic? {
    for position in unnamed where !reader.fields[position].range.isEmpty {
      return whole(
        "value-without-column", in: reader, offset: reader.fields[position].range.lowerBound,
        message: Self.strayMessage,
        hint: "name the column in the header, empty the field, or put quotes around a field that"
          + " holds the delimiter")
    }
    return nil
  }

  private static let strayMessage = "A value stands in a column, and this one's column has no name"

  func notUTF8(in reader: borrowing RowReader) -> Diagnostic {
    Diagnostic(
      "not-utf8", at: SourceLocation(path: path, line: reader.line, column: 1),
      message: "A \(noun) is UTF-8, and this file looks like Windows-1252 (“ANSI”, Latin-1)",
      hint: Self.savedAnew)
  }

  var utf16: Diagnostic {
    Diagnostic(
      "not-utf8", at: SourceLocation(path: path),
      message: "A \(noun) is UTF-8, and this file is UTF-16 (“Unicode Text”)",
      hint: Self.savedAnew)
  }

  private static let savedAnew =
    "save it again: in Excel as “CSV UTF-8 (Comma delimited)”, in LibreOffice with the character"
    + " set UTF-8"

  /// A finding about the record as a whole.
  private func whole(
    _ id: DiagnosticID, in reader: borrowing RowReader, offset: Int? = nil, message: String,
    hint: String
  ) -> Diagnostic {
    let target = offset ?? reader.record.lowerBound
    let place = linePlace(of: target, in: reader)
    var shown: Excerpt?
    if isOpen {
      let line = String(decoding: reader.buffer[place.range], as: UTF8.self)
      shown = blot(line) == line ? Excerpt(line: line, column: place.column) : nil
    }
    return Diagnostic(
      id, at: SourceLocation(path: path, line: place.line, column: place.column),
      message: message, hint: hint, excerpt: shown)
  }

  /// The physical line of the record in which an offset lies, and the column in it.
  private func linePlace(
    of offset: Int, in reader: borrowing RowReader
  ) -> (range: Range<Int>, line: Int, column: Int) {
    let record = reader.record
    let before = reader.buffer[record.lowerBound..<offset]
    let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? record.lowerBound
    let rest = reader.buffer[offset..<max(offset, record.upperBound)]
    let end = rest.firstIndex { $0 == 0x0A || $0 == 0x0D } ?? max(offset, record.upperBound)
    return (
      start..<end, reader.line + before.count { $0 == 0x0A },
      scalars(reader.buffer[start..<offset]) + 1
    )
  }

  /// The field in its line, or by itself where the line may hold what nobody is to see.
  private func excerpt(
    of field: Range<Int>, at place: (range: Range<Int>, line: Int, column: Int),
    in reader: borrowing RowReader
  ) -> Excerpt? {
    let inLine = field.clamped(to: place.range)
    let line = String(decoding: reader.buffer[place.range], as: UTF8.self)
    guard isOpen else { return Excerpt.alone(text(inLine, in: reader)) }
    guard blot(line) == line else {
      return inLine.isEmpty ? nil : Excerpt.alone(text(inLine, in: reader))
    }
    return Excerpt(
      line: line, column: place.column,
      length: max(1, scalars(reader.buffer[inLine])))
  }

  private func text(_ range: Range<Int>, in reader: borrowing RowReader) -> String {
    let text = String(decoding: reader.buffer[range], as: UTF8.self)
    return blot(isOpen ? text : PersonalData.masked(text))
  }

  private func scalars(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.count { $0 & 0xC0 != 0x80 }
  }
}
