import Diagnostics

/// Makes findings about the current record of a reader, with personal data masked.
struct CSVExcerpts {
  let path: String
  let uses: [ColumnUse]

  /// The finding for a problem with one column's value.
  func diagnostic(for problem: RowProblem, in reader: borrowing CSVReader) -> Diagnostic {
    let position = uses.firstIndex(of: .read(problem.column))
    guard let position, position < reader.fields.count else {
      return Diagnostic(
        problem.id, at: SourceLocation(path: path, line: reader.line, column: 1),
        message: problem.message, hint: problem.hint,
        excerpt: excerpt(ofField: nil, in: reader).excerpt)
    }
    let shown = excerpt(ofField: position, in: reader)
    return Diagnostic(
      problem.id, at: SourceLocation(path: path, line: shown.line, column: shown.column),
      message: problem.message, hint: problem.hint, excerpt: shown.excerpt)
  }

  /// The finding for a record that is no row of this table, if it is none.
  func malformation(in reader: borrowing CSVReader) -> Diagnostic? {
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
    guard reader.fields.count != uses.count else { return nil }
    return whole(
      "wrong-field-count", in: reader,
      message: "A row has one field for each column: \(uses.count), not \(reader.fields.count)",
      hint: reader.fields.count > uses.count
        ? "put quotes around a field that holds the delimiter"
        : "a row was cut, or a field is missing: compare it with the header")
  }

  private func notUTF8(in reader: borrowing CSVReader) -> Diagnostic {
    Diagnostic(
      "not-utf8", at: SourceLocation(path: path, line: reader.line, column: 1),
      message: "A registry is UTF-8, and this file looks like Windows-1252 (“ANSI”, Latin-1)",
      hint: "save it again: in Excel as “CSV UTF-8 (Comma delimited)”, in LibreOffice with the"
        + " character set UTF-8")
  }

  /// A finding about the record as a whole; which field is personal is unknown here, so the line
  /// is shown only when none is.
  private func whole(
    _ id: DiagnosticID, in reader: borrowing CSVReader, offset: Int? = nil, message: String,
    hint: String
  ) -> Diagnostic {
    let target = offset ?? reader.record.lowerBound
    let place = linePlace(of: target, in: reader)
    var shown: Excerpt?
    if !uses.contains(.personal) {
      let line = reader.buffer[place.range]
      shown = Excerpt(line: String(decoding: line, as: UTF8.self), column: place.column)
    }
    return Diagnostic(
      id, at: SourceLocation(path: path, line: place.line, column: place.column),
      message: message, hint: hint, excerpt: shown)
  }

  /// The physical line of the record in which an offset lies, and the column in it.
  private func linePlace(
    of offset: Int, in reader: borrowing CSVReader
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

  private func excerpt(
    ofField position: Int?, in reader: borrowing CSVReader
  ) -> (line: Int, column: Int, excerpt: Excerpt) {
    let target = position.map { reader.fields[$0] }
    let offset = target?.range.lowerBound ?? reader.record.lowerBound
    let place = linePlace(of: offset, in: reader)
    var line: [UInt8] = []
    var column = 1
    var index = place.range.lowerBound
    while index < place.range.upperBound {
      if index == offset { column = scalars(line[...]) + 1 }
      if let hidden = personalField(at: index, in: reader) {
        line.append(contentsOf: "•••".utf8)
        index = hidden.upperBound
      } else {
        line.append(reader.buffer[index])
        index += 1
      }
    }
    if index == offset { column = scalars(line[...]) + 1 }
    let end = min(target?.range.upperBound ?? offset, place.range.upperBound)
    let length = end > offset ? scalars(reader.buffer[offset..<end]) : 1
    return (
      place.line, place.column,
      Excerpt(line: String(decoding: line, as: UTF8.self), column: column, length: length)
    )
  }

  /// The rest of the personal field that covers an offset.
  private func personalField(at offset: Int, in reader: borrowing CSVReader) -> Range<Int>? {
    for (field, use) in zip(reader.fields, uses) where use == .personal {
      if field.range.contains(offset) { return offset..<field.range.upperBound }
    }
    return nil
  }

  private func scalars(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.count { $0 & 0xC0 != 0x80 }
  }
}
