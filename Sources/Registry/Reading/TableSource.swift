import Diagnostics
import Files
import Input
import SystemPackage

/// A registry in a delimited text file, or in sheets of a workbook.
struct TableSource: RegistrySource, RowFinder {
  /// A table of the file: the text, or one sheet.
  struct Table {
    /// Nil for text.
    let sheet: String?
    /// What to do with each column, in the order of the table.
    let uses: [ColumnUse]
  }

  let settings: RegistrySettings
  let tables: [Table]
  /// Of the file that was opened.
  private let signature: StatSignature?

  var placeName: @Sendable (Int) -> String {
    let names = tables.map(\.sheet)
    return { place in
      let number = place % Self.rowsOfATable
      guard let sheet = names[place / Self.rowsOfATable] else { return "line \(number)" }
      return names.count == 1 ? "row \(number)" : "row \(number) of \(sheet)"
    }
  }

  var finder: any RowFinder { self }

  /// A place is the number of a line or row, and of its table.
  private static let rowsOfATable = 1 << 40

  /// Opens the file and reads its header; nil when that is not possible, with findings.
  static func open(
    _ settings: RegistrySettings, findings: inout Findings
  ) throws(MachineFailure) -> TableSource? {
    let signature = try signature(settings)
    let before = findings.errorCount
    var tables: [Table] = []
    let file = RowFile(
      settings.file, displayPath: settings.displayPath, limit: InputFile.Limit.registry)
    let header = HeaderRow(settings: settings)
    try file.forEachTable(
      named: settings.sheets, excerpts: RowExcerpts(path: settings.displayPath, uses: []),
      emptyFile: Diagnostic(
        "empty-registry", at: SourceLocation(path: settings.displayPath),
        message: "The first row of a registry names its columns",
        hint: "export the registry again, with its header row"),
      knownColumns: header.knownColumns, isTable: header.isRegister, findings: &findings
    ) { reader, sheet, findings in
      if let uses = header.uses(of: reader, findings: &findings) {
        tables.append(Table(sheet: sheet, uses: uses))
      }
    }
    guard findings.errorCount == before else { return nil }
    return TableSource(settings: settings, tables: tables, signature: signature)
  }

  func walk(
    findings: inout Findings, visit: (RowText, Int, inout [RowProblem]) -> Void
  ) throws(MachineFailure) {
    for (number, table) in tables.enumerated() {
      let excerpts = RowExcerpts(path: settings.displayPath, uses: table.uses)
      guard var reader = try reader(behindHeaderOf: table, findings: &findings) else { continue }
      var below = RowsBelow(uses: table.uses)
      var row = RowText()
      var scratch: [UInt8] = []
      func take(_ found: RowsBelow.Row, _ findings: inout Findings) {
        guard found.malformation == nil else {
          if let malformation = found.malformation { findings.add(malformation) }
          return
        }
        var problems = found.problems
        visit(found.text, number * Self.rowsOfATable + found.line, &problems)
        for problem in problems { findings.add(found.diagnostic(problem)) }
      }
      while try reader.advance() {
        let malformed = excerpts.malformation(in: reader)
        var problems: [RowProblem] = []
        row.clear()
        if malformed == nil {
          // A row with an unprintable character is still checked for everything else.
          fill(&row, table.uses, from: reader, scratch: &scratch, problems: &problems)
        }
        // A row that is numbered and has nothing else is blank.
        if malformed == nil, problems.isEmpty, row.isBlank { continue }
        if below.holds(reader) {
          below.add(excerpts.row(row, malformed, problems, in: reader))
          continue
        }
        for held in below.release() { take(held, &findings) }
        if let malformed {
          findings.add(malformed)
          if malformed.id == "not-utf8" { return }
          continue
        }
        below.noteNumber(row)
        visit(row, number * Self.rowsOfATable + reader.line, &problems)
        for problem in problems {
          findings.add(excerpts.diagnostic(for: problem, in: reader))
        }
      }
      below.note(settings.displayPath, sheet: table.sheet, findings: &findings)
    }
    try checkUnchanged()
  }

  func diagnostics(for problems: [Int: [RowProblem]]) throws(MachineFailure) -> [Diagnostic] {
    var found: [Diagnostic] = []
    for (number, table) in tables.enumerated() {
      let start = number * Self.rowsOfATable
      var remaining = problems.keys.count { $0 / Self.rowsOfATable == number }
      guard remaining > 0 else { continue }
      let excerpts = RowExcerpts(path: settings.displayPath, uses: table.uses)
      // What it has to say was said when the file was read.
      var ignored = Findings()
      guard var reader = try reader(behindHeaderOf: table, findings: &ignored) else { continue }
      while remaining > 0, try reader.advance() {
        guard let own = problems[start + reader.line] else { continue }
        for problem in own { found.append(excerpts.diagnostic(for: problem, in: reader)) }
        remaining -= 1
      }
    }
    try checkUnchanged()
    return found
  }

  /// Nil, with findings, where a sheet cannot be read.
  private func reader(
    behindHeaderOf table: Table, findings: inout Findings
  ) throws(MachineFailure) -> RowReader? {
    let file = RowFile(
      settings.file, displayPath: settings.displayPath, limit: InputFile.Limit.registry)
    guard var reader = try file.reader(sheet: table.sheet) else { return nil }
    _ = try reader.begin(
      RowExcerpts(path: settings.displayPath, uses: []),
      knownColumns: HeaderRow(settings: settings).knownColumns)
    var read: Set<Int> = []
    var unnamed: Set<Int> = []
    for (position, use) in table.uses.enumerated() {
      switch use {
      case .read: read.insert(position)
      case .unnamed: unnamed.insert(position)
      case .ignored, .personal: break
      }
    }
    guard try reader.readRows(ofColumns: read, unnamed: unnamed, findings: &findings) else {
      return nil
    }
    return reader
  }

  /// What was read in pieces must be one file, as it was when its header was read.
  private func checkUnchanged() throws(MachineFailure) {
    guard try Self.signature(settings) == signature else {
      throw MachineFailure(
        "read \(settings.displayPath)", reason: "it was changed meanwhile; try again")
    }
  }

  private static func signature(
    _ settings: RegistrySettings
  ) throws(MachineFailure) -> StatSignature? {
    do {
      return try FileStatus(settings.file, followsLinks: true)?.signature
    } catch {
      throw MachineFailure("read \(settings.displayPath)", error)
    }
  }

  private func fill(
    _ row: inout RowText, _ uses: [ColumnUse], from reader: borrowing RowReader,
    scratch: inout [UInt8], problems: inout [RowProblem]
  ) {
    for (field, use) in zip(reader.fields, uses) {
      guard case .read(let column) = use, !field.range.isEmpty else { continue }
      if column == .number || column == .registration,
        reader.buffer[field.range].split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).count > 1
      {
        problems.append(
          RowProblem(
            column: column, id: "number-changed",
            message: "A \(column.name) is on one line, and here are two",
            hint: "write one \(column.name) in each row"))
      }
      do throws(TextNormalizer.Problem) {
        if field.hasDoubledQuotes {
          scratch.removeAll(keepingCapacity: true)
          reader.append(field, to: &scratch)
          try row.set(column, to: scratch)
        } else {
          try row.set(column, to: reader.buffer[field.range])
        }
      } catch {
        problems.append(RowProblem(error, in: column))
      }
    }
    for (position, flaw) in reader.sheet?.flaws ?? [] {
      guard position < uses.count, case .read(let column) = uses[position],
        flaw.counts(in: column)
      else { continue }
      // What the cell has is not what it shows.
      row.remove(column)
      let words = flaw.words
      problems.append(
        RowProblem(column: column, id: words.id, message: words.message, hint: words.hint))
    }
  }
}

/// Rows at the end of a table that may stand below it: dates, places, names of those who sign. Each has one
/// value, and a blank row parts them from the table.
struct RowsBelow {
  struct Row {
    let text: RowText
    let line: Int
    let malformation: Diagnostic?
    let problems: [RowProblem]
    /// The finding for one of its problems.
    let diagnostic: (RowProblem) -> Diagnostic
  }

  private let numberPosition: Int?
  private var held: [Row] = []
  /// How many digits the numbers of the table have, by the last one.
  private var digits = 0

  init(uses: [ColumnUse]) {
    numberPosition = uses.firstIndex(of: .read(.number))
  }

  mutating func noteNumber(_ row: RowText) {
    digits = Self.digits(row.bytes(.number))
  }

  private static func digits(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.count { $0 &- UInt8(ascii: "0") < 10 }
  }

  /// Whether the current record may stand below the table. One that begins with a number like those of the
  /// table is a row that lost its other values.
  func holds(_ reader: borrowing RowReader) -> Bool {
    guard !held.isEmpty || reader.followsBlank, reader.malformation == nil else { return false }
    let filled = reader.fields.indices.filter { !reader.fields[$0].range.isEmpty }
    guard filled.count == 1, let position = filled.first else { return false }
    guard position == numberPosition else { return true }
    let value = reader.buffer[reader.fields[position].range]
    guard Self.digits(value) > 0 else { return true }
    // A sentence has words; a number has not.
    let words = String(decoding: value, as: UTF8.self).split { !$0.isLetter }.filter {
      $0.count > 3
    }
    return words.count > 1 && Self.digits(value) != digits
  }

  mutating func add(_ row: Row) { held.append(row) }

  /// What was held back, now that another row of the table follows.
  mutating func release() -> [Row] {
    guard !held.isEmpty else { return [] }
    defer { held = [] }
    return held
  }

  /// Says what was passed over.
  func note(_ path: String, sheet: String?, findings: inout Findings) {
    guard let first = held.first, let last = held.last else { return }
    let kind = sheet == nil ? "line" : "row"
    let place = path + (sheet.map { "!\($0)" } ?? "")
    findings.note(
      first.line == last.line
        ? "\(place): \(kind) \(first.line) below the table is passed over"
        : "\(place): \(kind)s \(first.line) to \(last.line) below the table are passed over")
  }
}

extension RowExcerpts {
  /// The current record, for later.
  func row(
    _ text: RowText, _ malformation: Diagnostic?, _ problems: [RowProblem],
    in reader: borrowing RowReader
  ) -> RowsBelow.Row {
    let known = Dictionary(
      Column.allCases.map { column in
        (
          column,
          finding(
            "held-back", at: uses.firstIndex(of: .read(column)), in: reader, message: "", hint: "")
        )
      }, uniquingKeysWith: { first, _ in first })
    let line = reader.line
    let path = self.path
    return RowsBelow.Row(text: text, line: line, malformation: malformation, problems: problems) {
      problem in
      Diagnostic(
        problem.id, problem.severity,
        at: known[problem.column]?.location ?? SourceLocation(path: path, line: line, column: 1),
        message: problem.message, hint: PersonalData.masked(problem.hint),
        excerpt: known[problem.column]?.excerpt)
    }
  }
}
