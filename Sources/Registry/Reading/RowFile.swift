import Diagnostics
import Files
import SystemPackage

/// A file with one table or several: delimited text, or a workbook with sheets.
struct RowFile {
  private let file: FilePath
  private let displayPath: String
  private let limit: Int

  init(_ file: FilePath, displayPath path: String, limit: Int) {
    self.file = file
    displayPath = path
    self.limit = limit
  }

  /// A table at its beginning.
  ///
  /// - Parameter sheet: nil for delimited text.
  /// - Returns: nil where the workbook has no such sheet any more.
  func reader(sheet: String?) throws(MachineFailure) -> RowReader? {
    guard let sheet else {
      return try RowReader(
        file, displayPath: displayPath, delimiter: UInt8(ascii: ","), limit: limit)
    }
    var findings = Findings()
    guard let book = try workbook(findings: &findings),
      let found = book.sheets.first(where: { $0.name == sheet })
    else { return nil }
    return RowReader(found, of: book, displayPath: displayPath)
  }

  /// The sheets that are not hidden, or nil alone for delimited text; nil, with findings, when the file cannot
  /// be read.
  func tableNames(findings: inout Findings) throws(MachineFailure) -> [String?]? {
    guard try isWorkbook else { return [nil] }
    guard let book = try workbook(findings: &findings) else { return nil }
    return book.sheets.filter { !$0.isHidden }.map(\.name)
  }

  /// Goes through the tables of the file, each at its header.
  ///
  /// - Parameters:
  ///   - names: the sheets that are wanted; nil for all with a known header that are not hidden.
  ///   - emptyFile: the finding for a file without a row.
  ///   - isTable: whether a header is that of such a table, where no sheet is named.
  ///   - visit: gets the reader at the header, and the sheet's name; nil for delimited text.
  func forEachTable(
    named names: [String]?, excerpts: RowExcerpts, emptyFile: Diagnostic,
    knownColumns: ([String]) -> Int, isTable: ([String]) -> Bool, findings: inout Findings,
    visit: (borrowing RowReader, String?, inout Findings) -> Void
  ) throws(MachineFailure) {
    guard try isWorkbook else {
      guard var reader = try reader(sheet: nil) else { return }
      switch try reader.begin(excerpts, knownColumns: knownColumns) {
      case .header:
        noteTitles(reader.titleCount, sheet: nil, findings: &findings)
        visit(reader, nil, &findings)
      case .nothing: findings.add(emptyFile)
      case .unreadable(let finding): findings.add(finding)
      }
      return
    }
    guard let book = try workbook(findings: &findings) else { return }
    let chosen = chosen(from: book, names, findings: &findings)
    var passed: [String] = []
    var hasTable = false
    for sheet in chosen {
      var reader = RowReader(sheet, of: book, displayPath: displayPath)
      switch try reader.begin(excerpts, knownColumns: knownColumns) {
      case .header where names != nil || isTable(reader.texts):
        hasTable = true
        if sheet.isHidden { findings.add(hidden(sheet)) }
        noteTitles(reader.titleCount, sheet: sheet.name, findings: &findings)
        visit(reader, sheet.name, &findings)
      case .header, .nothing: passed.append(sheet.name)
      case .unreadable(let finding):
        hasTable = true
        findings.add(finding)
      }
    }
    if names != nil {
      for sheet in book.sheets
      where !sheet.isHidden && !chosen.contains(where: { $0.name == sheet.name }) {
        var reader = RowReader(sheet, of: book, displayPath: displayPath)
        if case .header = try reader.begin(excerpts, knownColumns: knownColumns),
          isTable(reader.texts)
        {
          findings.add(unread(sheet))
        }
      }
    }
    if !hasTable { findings.add(noHeader(excerpts.noun, passed)) }
    if hasTable, !passed.isEmpty {
      findings.note(
        "\(displayPath): no such table in \(passed.map { "`\($0)`" }.joined(separator: ", "))")
    }
  }

  /// The first table with the columns that are looked for, at its header.
  ///
  /// - Returns: nil, with findings, where there is none or it cannot be read.
  func firstTable(
    excerpts: RowExcerpts, emptyFile: Diagnostic, knownColumns: ([String]) -> Int,
    isTable: ([String]) -> Bool, findings: inout Findings
  ) throws(MachineFailure) -> RowReader? {
    guard try isWorkbook else {
      guard var reader = try reader(sheet: nil) else { return nil }
      switch try reader.begin(excerpts, knownColumns: knownColumns) {
      case .header: return reader
      case .nothing: findings.add(emptyFile)
      case .unreadable(let finding): findings.add(finding)
      }
      return nil
    }
    guard let book = try workbook(findings: &findings) else { return nil }
    let shown = book.sheets.filter { !$0.isHidden }
    // Where no sheet is right, the first that is nearly so has most to be told.
    for isLast in [false, true] {
      for sheet in shown {
        var reader = RowReader(sheet, of: book, displayPath: displayPath)
        switch try reader.begin(excerpts, knownColumns: knownColumns) {
        case .header where isLast ? knownColumns(reader.texts) > 0 : isTable(reader.texts):
          return reader
        case .header, .nothing: break
        case .unreadable(let finding):
          findings.add(finding)
          return nil
        }
      }
    }
    findings.add(noHeader(excerpts.noun, shown.map(\.name)))
    return nil
  }

  /// Whether the file is a zip archive, whatever its name.
  private var isWorkbook: Bool {
    get throws(MachineFailure) {
      var reader = try RowReader(
        file, displayPath: displayPath, delimiter: UInt8(ascii: ","), limit: limit)
      return try reader.peek(4).elementsEqual([0x50, 0x4B, 0x03, 0x04])
    }
  }

  private func workbook(findings: inout Findings) throws(MachineFailure) -> Workbook? {
    do {
      return try Workbook.open(file, displayPath: displayPath, limit: limit)
    } catch let problem as ZipArchive.Problem {
      findings.add(RowReader.finding(problem, path: displayPath))
      return nil
    } catch {
      throw error as? MachineFailure ?? MachineFailure("read \(displayPath)", reason: "\(error)")
    }
  }

  private func chosen(
    from book: Workbook, _ names: [String]?, findings: inout Findings
  ) -> [Workbook.Sheet] {
    guard let names else {
      let hidden = book.sheets.filter(\.isHidden).map { "`\($0.name)`" }
      if !hidden.isEmpty {
        findings.note(
          "\(displayPath): hidden sheets are not read: \(hidden.joined(separator: ", "))")
      }
      return book.sheets.filter { !$0.isHidden }
    }
    return names.compactMap { name in
      if let sheet = book.sheets.first(where: { $0.name == name }) { return sheet }
      let all = book.sheets.map(\.name)
      findings.add(
        Diagnostic(
          "missing-sheet", at: SourceLocation(path: displayPath),
          message: "There is no sheet `\(name)` in this workbook",
          hint: (suggestion(for: name, among: all).map { "did you mean `\($0)`? " } ?? "")
            + "its sheets are \(all.map { "`\($0)`" }.joined(separator: ", "))"))
      return nil
    }
  }

  private func noteTitles(_ count: Int, sheet: String?, findings: inout Findings) {
    guard count > 0 else { return }
    findings.note(
      "\(displayPath)\(sheet.map { "!\($0)" } ?? ""): \(count) row\(count == 1 ? "" : "s") of titles above the header"
        + " \(count == 1 ? "is" : "are") passed over")
  }

  private func unread(_ sheet: Workbook.Sheet) -> Diagnostic {
    Diagnostic(
      "sheet-not-read", .warning,
      at: SourceLocation(path: displayPath, place: .cell(sheet: sheet.name, cell: "A1")),
      message: "This sheet has such a table too, and is not among those that are named",
      hint: "name it under registry.sheets in site.yml, or take sheets: away to read all of them")
  }

  private func hidden(_ sheet: Workbook.Sheet) -> Diagnostic {
    Diagnostic(
      "hidden-sheet", .warning,
      at: SourceLocation(path: displayPath, place: .cell(sheet: sheet.name, cell: "A1")),
      message: "This sheet is hidden in the spreadsheet, and read all the same",
      hint: "show it, and see that it holds what is meant to be published")
  }

  private func noHeader(_ noun: String, _ sheets: [String]) -> Diagnostic {
    Diagnostic(
      "missing-header", at: SourceLocation(path: displayPath),
      message: "A row of a \(noun) names its columns, and no sheet has one with known names",
      hint:
        "its sheets are \(sheets.map { "`\($0)`" }.joined(separator: ", ")); name one, or say how its columns"
        + " are called")
  }
}
