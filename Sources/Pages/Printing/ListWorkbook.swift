import CZip
import Diagnostics
import Foundation
import Input

/// An Excel workbook of one sheet: a line of headings that stays in sight, and rows of texts and days.
///
/// ECMA-376, as little of it as spreadsheets need. Texts are marked as such, so that no number loses its
/// digits and none is taken for a formula; days take the form that the reader's settings give them.
struct ListWorkbook {
  enum Cell {
    case text(String)
    case day(CalendarDate)
  }

  /// Rows that a sheet can have, by the specification of Excel.
  static let mostRows = 1_048_576

  private var sheet: [UInt8]
  private(set) var rowCount = 0

  /// - Parameter widths: of the columns, in characters.
  init(headings: [String], widths: [Int]) {
    let columns = widths.enumerated().map {
      "<col min=\"\($0 + 1)\" max=\"\($0 + 1)\" width=\"\($1)\" customWidth=\"1\"/>"
    }
    sheet = Array(
      """
      \(Self.start)<worksheet xmlns="\(Self.main)">\
      <sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" \
      activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>\
      <cols>\(columns.joined())</cols><sheetData>
      """.utf8)
    append(headings.map { .text($0) }, textStyle: 3)
  }

  mutating func append(_ cells: [Cell]) { append(cells, textStyle: 1) }

  /// - Parameter textStyle: a position in `cellXfs` of the styles.
  private mutating func append(_ cells: [Cell], textStyle: Int) {
    rowCount += 1
    sheet += "<row>".utf8
    for cell in cells {
      switch cell {
      case .text(let text):
        sheet += "<c s=\"\(textStyle)\" t=\"inlineStr\"><is><t>".utf8
        HTML.append(text.utf8, to: &sheet)
        sheet += "</t></is></c>".utf8
      case .day(let day):
        // Excel counts from 30 December 1899.
        sheet += "<c s=\"2\"><v>\(day.daysSinceEpoch + 25_569)</v></c>".utf8
      }
    }
    sheet += "</row>".utf8
  }

  // MARK: As a file

  private static let start = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
  private static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
  private static let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
  private static let package = "http://schemas.openxmlformats.org/package/2006"
  private static let type = "application/vnd.openxmlformats-officedocument.spreadsheetml"

  /// The file's bytes, the same for the same rows.
  ///
  /// - Throws: `MachineFailure` where there is no room for it.
  func bytes(sheetName: String) throws(MachineFailure) -> [UInt8] {
    let relationships = "\(Self.start)<Relationships xmlns=\"\(Self.package)/relationships\">"
    return try Self.zip([
      (
        "[Content_Types].xml",
        Array(
          """
          \(Self.start)<Types xmlns="\(Self.package)/content-types">\
          <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
          <Default Extension="xml" ContentType="application/xml"/>\
          <Override PartName="/xl/workbook.xml" ContentType="\(Self.type).sheet.main+xml"/>\
          <Override PartName="/xl/styles.xml" ContentType="\(Self.type).styles+xml"/>\
          <Override PartName="/xl/worksheets/sheet1.xml" ContentType="\(Self.type).worksheet+xml"/></Types>
          """.utf8)
      ),
      (
        "_rels/.rels",
        Array(
          """
          \(relationships)<Relationship Id="rId1" Type="\(Self.office)/officeDocument" Target="xl/workbook.xml"/>\
          </Relationships>
          """.utf8)
      ),
      (
        "xl/workbook.xml",
        Array(
          """
          \(Self.start)<workbook xmlns="\(Self.main)" xmlns:r="\(Self.office)"><sheets>\
          <sheet name="\(HTML.escaped(sheetName))" sheetId="1" r:id="rId1"/></sheets></workbook>
          """.utf8)
      ),
      (
        "xl/_rels/workbook.xml.rels",
        Array(
          """
          \(relationships)<Relationship Id="rId1" Type="\(Self.office)/worksheet" Target="worksheets/sheet1.xml"/>\
          <Relationship Id="rId2" Type="\(Self.office)/styles" Target="styles.xml"/></Relationships>
          """.utf8)
      ),
      ("xl/styles.xml", Array(Self.styles.utf8)),
      ("xl/worksheets/sheet1.xml", sheet + Array("</sheetData></worksheet>".utf8)),
    ])
  }

  /// The cells' styles: the usual one, a text (format 49), a day (format 14), a heading.
  private static let styles = """
    \(start)<styleSheet xmlns="\(main)">\
    <fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>\
    <font><b/><sz val="11"/><name val="Calibri"/></font></fonts>\
    <fills count="2"><fill><patternFill patternType="none"/></fill>\
    <fill><patternFill patternType="gray125"/></fill></fills>\
    <borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
    <cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
    <cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
    <xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
    <xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
    <xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>\
    <cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>
    """

  /// A zip file in memory.
  private static func zip(_ parts: [(name: String, bytes: [UInt8])]) throws(MachineFailure)
    -> [UInt8]
  {
    let failure = MachineFailure("make a workbook", reason: "there is no room for it")
    var error = zip_error_t()
    guard let source = zip_source_buffer_create(nil, 0, 0, &error) else { throw failure }
    defer { zip_source_free(source) }
    guard let archive = zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, &error) else {
      throw failure
    }
    // Kept beyond the archive, which takes its own hold.
    zip_source_keep(source)
    for (name, bytes) in parts {
      // libzip frees it.
      guard let copy = malloc(bytes.count) else {
        zip_discard(archive)
        throw failure
      }
      bytes.withUnsafeBytes { if let base = $0.baseAddress { memcpy(copy, base, $0.count) } }
      let part = zip_source_buffer(archive, copy, zip_uint64_t(bytes.count), 1)
      let index = zip_file_add(archive, name, part, ZIP_FL_ENC_UTF_8)
      // 1 January 1980, the first day that a zip file can say, wherever the clock stands.
      guard index >= 0, zip_file_set_mtime(archive, zip_uint64_t(index), 315_619_200, 0) == 0 else {
        zip_discard(archive)
        throw failure
      }
    }
    guard zip_close(archive) == 0 else {
      zip_discard(archive)
      throw failure
    }
    return try read(source, or: failure)
  }

  private static func read(
    _ source: OpaquePointer, or failure: MachineFailure
  ) throws(MachineFailure) -> [UInt8] {
    var facts = zip_stat_t()
    guard zip_source_stat(source, &facts) == 0, zip_source_open(source) == 0 else { throw failure }
    defer { zip_source_close(source) }
    var bytes = [UInt8](repeating: 0, count: Int(facts.size))
    let count = bytes.withUnsafeMutableBytes {
      zip_source_read(source, $0.baseAddress, zip_uint64_t($0.count))
    }
    guard count == bytes.count else { throw failure }
    return bytes
  }
}
