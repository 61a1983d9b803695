import Diagnostics

/// A file that is named like a table and is something else.
enum ForeignFile {
  case oldExcel, html, spreadsheetXML, pdf, database, compressed, json

  /// Looks at the first bytes of a file.
  init?(_ start: [UInt8]) {
    func begins(_ bytes: [UInt8]) -> Bool { start.starts(with: bytes) }
    var text = String(decoding: start, as: UTF8.self).lowercased()
    if text.hasPrefix("\u{FEFF}") { text.removeFirst() }
    text = String(text.drop { $0.isWhitespace })
    if begins([0xD0, 0xCF, 0x11, 0xE0]) {
      self = .oldExcel
    } else if begins(Array("%PDF".utf8)) {
      self = .pdf
    } else if begins(Array("SQLite format 3\0".utf8)) {
      self = .database
    } else if begins([0x1F, 0x8B]) || begins(Array("Rar!".utf8))
      || begins(Array("7z".utf8) + [0xBC])
    {
      self = .compressed
    } else if ["<html", "<!doctype", "<table", "<head", "<body", "<meta"].contains(
      where: text.hasPrefix)
    {
      self = .html
    } else if text.hasPrefix("<?xml") || text.hasPrefix("<workbook") {
      self = .spreadsheetXML
    } else if text.hasPrefix("{\"") || text.hasPrefix("[{") {
      self = .json
    } else {
      return nil
    }
  }

  var name: String {
    switch self {
    case .oldExcel: "a workbook of Excel 97 (.xls), or one with a password"
    case .html: "an HTML page, as web systems export it under the name .xls"
    case .spreadsheetXML: "an XML file"
    case .pdf: "a PDF file"
    case .database: "an SQLite database"
    case .compressed: "a compressed file"
    case .json: "a JSON file"
    }
  }

  var hint: String {
    switch self {
    case .database: "say which table it is: registry: {file: …, table: …} in site.yml"
    case .compressed: "unpack it"
    case .pdf, .json: "export it again, as CSV UTF-8 or as Excel workbook (.xlsx)"
    case .oldExcel, .html, .spreadsheetXML:
      "open it in a spreadsheet, and save it as Excel workbook (.xlsx) without a password, or as CSV UTF-8"
    }
  }
}

extension RowExcerpts {
  func foreign(_ kind: ForeignFile) -> Diagnostic {
    Diagnostic(
      "not-a-table", at: SourceLocation(path: path),
      message: "A \(noun) is delimited text or a workbook, and this file is \(kind.name)",
      hint: kind.hint)
  }

  func foreignDelimiter(_ sign: String) -> Diagnostic {
    Diagnostic(
      "foreign-delimiter", at: SourceLocation(path: path, line: 1, column: 1),
      message: "Columns are parted by a comma, a semicolon or a tab, and here by `\(sign)`",
      hint: "export it again with one of these, or as Excel workbook (.xlsx)")
  }
}
