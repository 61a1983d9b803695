import Diagnostics
import Files
import Input
import SystemPackage

/// What the readers of small lists beside the registry share.
extension RowReader {
  /// What a list is made of.
  struct ListShape: Sendable {
    /// The names of its columns, in an order of their own; `required` are positions among them.
    let columns: [String]
    let required: [Int]
    /// What columns are called elsewhere, by header key.
    var otherNames: [String: Int] = [:]
    /// The finding where a column is missing or unknown.
    let wrongHeader: @Sendable (SourceLocation) -> Diagnostic

    func position(_ heading: String) -> Int? {
      let key = headerKey(heading)
      return columns.firstIndex(of: key) ?? otherNames[key]
    }

    /// The position of each heading; nil where they are not the list's.
    func positions(_ headings: [String]) -> [Int?]? {
      let positions = headings.map(position)
      let known = positions.compactMap { $0 }
      let isWhole = required.allSatisfy(known.contains) && Set(known).count == known.count
      let isKnown = zip(headings, positions).allSatisfy { heading, position in
        position != nil || heading.isEmpty || Column.leftOut.contains(headerKey(heading))
      }
      return isWhole && isKnown ? positions : nil
    }
  }

  /// Reads a list row by row: delimited text, or the first sheet of a workbook that has its columns.
  ///
  /// - Parameter take: gets every row that is well formed.
  /// - Returns: false, with findings, when it cannot be read or has errors.
  static func readList(
    _ file: FilePath, displayPath path: String, shape: ListShape, findings: inout Findings,
    take: (ListRow, inout Findings) -> Void
  ) throws(MachineFailure) -> Bool {
    let before = findings.errorCount
    let limit = InputFile.Limit.list
    guard try InputFile.isFit(file, displayPath: path, limit: limit, findings: &findings) else {
      return false
    }
    let start = SourceLocation(path: path, line: 1, column: 1)
    let found = try RowFile(file, displayPath: path, limit: limit).firstTable(
      excerpts: RowExcerpts(path: path, uses: [], noun: "list"),
      emptyFile: shape.wrongHeader(start),
      knownColumns: { Set($0.compactMap(shape.position)).count },
      isTable: { shape.positions($0) != nil }, findings: &findings)
    guard var reader = found else { return false }
    guard let positions = shape.positions(reader.texts) else {
      let place = reader.isWorkbook ? SourceLocation(path: path, place: reader.cell(nil)) : start
      findings.add(shape.wrongHeader(place))
      return false
    }
    let isRead = try reader.readRows(
      ofColumns: Set(positions.indices.filter { positions[$0] != nil }), unnamed: [],
      findings: &findings)
    guard isRead else { return false }
    let excerpts = RowExcerpts(path: path, uses: positions.map { _ in .ignored }, noun: "list")
    while try reader.advance() {
      if let malformed = excerpts.malformation(in: reader) {
        findings.add(malformed)
        if malformed.id == "not-utf8" { break }
        continue
      }
      let row = ListRow(reader, positions, count: shape.columns.count, path: path)
      let flawed = reader.sheet?.flaws ?? []
      for (position, flaw) in flawed
      where position < positions.count && flaw != .day && flaw != .formatted {
        guard let column = positions[position] else { continue }
        findings.add(
          row.finding(flaw.words.id, at: column, message: flaw.words.message, hint: flaw.words.hint)
        )
      }
      if flawed.allSatisfy({ $0.flaw == .day || $0.flaw == .formatted }) { take(row, &findings) }
    }
    return findings.errorCount == before
  }

  /// The record's fields as normalised texts; one with a forbidden character counts as empty.
  var texts: [String] {
    fields.map { field in
      var raw: [UInt8] = []
      append(field, to: &raw)
      var bytes: [UInt8] = []
      do throws(TextNormalizer.Problem) {
        try TextNormalizer.append(raw, to: &bytes)
      } catch {
        return ""
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}

/// A row of a small list: its values by column, and where they stand.
struct ListRow {
  /// Empty where the row has none.
  let values: [String]
  /// How the row is called, as in `line 12`.
  let name: String
  private let places: [(location: SourceLocation, excerpt: Excerpt?)]

  init(_ reader: borrowing RowReader, _ positions: [Int?], count: Int, path: String) {
    let texts = reader.texts
    var values = [String](repeating: "", count: count)
    let start: SourceLocation =
      reader.isWorkbook
      ? SourceLocation(path: path, place: reader.cell(nil))
      : SourceLocation(path: path, line: reader.line, column: 1)
    var places = [(location: SourceLocation, excerpt: Excerpt?)](
      repeating: (start, nil), count: count)
    func scalars(_ range: Range<Int>) -> Int {
      reader.buffer[range].count { $0 & 0xC0 != 0x80 }
    }
    for (position, column) in positions.enumerated() where position < reader.fields.count {
      guard let column else { continue }
      values[column] = texts[position]
      let field = reader.fields[position].range
      if reader.isWorkbook {
        places[column] = (
          SourceLocation(path: path, place: reader.cell(position)),
          texts[position].isEmpty ? nil : Excerpt.alone(texts[position])
        )
      } else {
        let start = scalars(reader.record.lowerBound..<field.lowerBound) + 1
        places[column] = (
          SourceLocation(path: path, line: reader.line, column: start),
          Excerpt(
            line: String(decoding: reader.buffer[reader.record], as: UTF8.self), column: start,
            length: scalars(field))
        )
      }
    }
    self.values = values
    self.places = places
    name = "\(reader.isWorkbook ? "row" : "line") \(reader.line)"
  }

  /// Where the row begins.
  var location: SourceLocation { places[0].location }

  /// A finding at a column.
  func finding(
    _ id: DiagnosticID, _ severity: Severity = .error, at column: Int, message: String, hint: String
  ) -> Diagnostic {
    Diagnostic(
      id, severity, at: places[column].location, message: message, hint: hint,
      excerpt: places[column].excerpt)
  }

  /// The first trace of damage in some columns.
  func damage(_ kinds: [Int: TextDamage.Kind]) -> Diagnostic? {
    for (column, kind) in kinds.sorted(by: { $0.key < $1.key }) {
      if let damage = TextDamage.find(in: Array(values[column].utf8)[...], as: kind) {
        return finding(
          damage.id, damage.severity, at: column, message: damage.message, hint: damage.hint)
      }
      if kind == .name || kind == .place, PersonalData.stands(in: values[column]) {
        return finding(
          "personal-data-in-text", at: column,
          message: "What is published holds no identity number, telephone number or e-mail address",
          hint: "take it away; a value may have come into the wrong column")
      }
    }
    return nil
  }
}
