import Diagnostics
import Files
import Input
import SystemPackage

/// Reads a table as spreadsheets save it: separated by commas, semicolons or tabs, in UTF-8.
struct TableReader {
  /// More than this is no table that somebody reads; it belongs into a file to download.
  static let largestRowCount = 500
  static let largestColumnCount = 20
  static let largestByteCount = 200_000

  private let file: SourceFile
  private let bytes: [UInt8]

  /// Reads a file; nil where there is none, or, with findings, where it is no table.
  static func read(
    _ path: String, content: FilePath, displayPath root: String, findings: inout Findings
  ) throws(MachineFailure) -> Table? {
    guard let file = ContentFile.place(of: path, content: content, displayPath: root),
      try SourceFile.exists(file, displayPath: path),
      let source = try SourceFile.read(file, displayPath: path, findings: &findings)
    else { return nil }
    return TableReader(source).table(&findings)
  }

  init(_ file: SourceFile) {
    self.file = file
    bytes = Array(file.text.utf8)
  }

  private struct Record {
    let cells: [String]
    /// From 1.
    let line: Int
  }

  /// The table; nil, with findings, when the file is none.
  func table(_ findings: inout Findings) -> Table? {
    let before = findings.errorCount
    guard bytes.count <= Self.largestByteCount else {
      findings.add(tooLarge("\(bytes.count / 1000) kB"))
      return nil
    }
    findings.add(contentsOf: file.forbiddenCharacters(where: Self.isForbidden))
    let records = records(&findings)
    guard findings.errorCount == before else { return nil }
    guard let head = records.first, records.count > 1 else {
      findings.add(
        Diagnostic(
          "empty-table", at: SourceLocation(path: file.path),
          message: "A table has a row of headings and at least one row below it",
          hint: "save the sheet again with its rows"))
      return nil
    }
    // Spreadsheets save columns that were once used as empty ones.
    let width =
      (records.map { $0.cells.lastIndex { !$0.isEmpty } ?? -1 }.max() ?? -1) + 1
    for record in records where record.cells.count != head.cells.count {
      findings.add(
        file.diagnostic(
          "wrong-field-count", line: record.line,
          message: "A row has one field for each column: \(head.cells.count), not"
            + " \(record.cells.count)",
          hint: record.cells.count > head.cells.count
            ? "put quotes around a field that holds the delimiter"
            : "a row was cut, or a field is missing: compare it with the headings"))
    }
    guard findings.errorCount == before else { return nil }
    guard records.count - 1 <= Self.largestRowCount, width <= Self.largestColumnCount else {
      findings.add(tooLarge("\(records.count - 1) rows and \(width) columns"))
      return nil
    }
    if let column = head.cells.prefix(width).firstIndex(of: "") {
      findings.add(
        file.diagnostic(
          "unnamed-column", line: head.line,
          message: "Every column of a table has a heading, and column \(column + 1) has none",
          hint: "write in the first row what the column holds"))
      return nil
    }
    return Table(
      headings: Array(head.cells.prefix(width)),
      rows: records.dropFirst().map { Array($0.cells.prefix(width)) })
  }

  private func tooLarge(_ size: String) -> Diagnostic {
    Diagnostic(
      "large-table", at: SourceLocation(path: file.path),
      message: "A table in a text has at most \(Self.largestRowCount) rows,"
        + " \(Self.largestColumnCount) columns and \(Self.largestByteCount / 1000) kB, and this one"
        + " has \(size)",
      hint: "show the rows that matter, and link to a PDF for the rest")
  }

  // MARK: Records

  /// The records that are not blank.
  private func records(_ findings: inout Findings) -> [Record] {
    var position = 0
    var line = 1
    if let named = separatorLine {
      position = named.next
      line = 2
    }
    let delimiter = separatorLine?.delimiter ?? likelyDelimiter
    var records: [Record] = []
    while position < bytes.count {
      guard let (scan, end) = scan(at: position, delimiter: delimiter) else {
        findings.add(
          file.diagnostic(
            "unclosed-quote", line: line,
            message:
              "A quoted field ends with a quote, and this one runs on to the end of the file",
            hint: "close the quote, or double it if it belongs to the text"))
        return records
      }
      if scan.textAfterQuote != nil {
        findings.add(
          file.diagnostic(
            "text-after-quote", line: line,
            message: "After a quoted field comes the next delimiter or the end of the line",
            hint: "double a quote that belongs to the text: \"\""))
      }
      let cells = scan.fields.map(text)
      if !cells.allSatisfy(\.isEmpty) { records.append(Record(cells: cells, line: line)) }
      position = end.next
      line += end.lines
    }
    return records
  }

  private func scan(at start: Int, delimiter: UInt8) -> (RecordScan, RecordEnd)? {
    var scan = RecordScan(
      index: start, limit: bytes.count, isAtEnd: true, delimiter: delimiter, fields: [])
    let end = bytes.withUnsafeBufferPointer { scan.record(in: $0) }
    return end.map { (scan, $0) }
  }

  /// Excel's `sep=;` line.
  private var separatorLine: (delimiter: UInt8, next: Int)? {
    guard bytes.count >= 6, bytes.starts(with: Array("sep=".utf8)), bytes[5] == 0x0A else {
      return nil
    }
    return (bytes[4], 6)
  }

  /// Whichever gives the headings most fields; commas where none does.
  private var likelyDelimiter: UInt8 {
    let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    var best = (count: 1, delimiter: candidates[0])
    for candidate in candidates {
      let count = scan(at: 0, delimiter: candidate)?.0.fields.count ?? 0
      if count > best.count { best = (count, candidate) }
    }
    return best.delimiter
  }

  /// Cells are printed as registry values are, so the rule is theirs; tabs and line ends become spaces.
  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isUnprintable && !["\n", "\r", "\t"].contains(scalar)
  }

  /// A field's text in one line, without white space at its ends.
  private func text(_ field: RecordScan.Field) -> String {
    var text = String(decoding: bytes[field.range], as: UTF8.self)
    if field.hasDoubledQuotes { text = text.replacing("\"\"", with: "\"") }
    return text.unicodeScalars.split { $0.properties.isWhitespace }.map { String($0) }
      .joined(separator: " ")
  }
}
