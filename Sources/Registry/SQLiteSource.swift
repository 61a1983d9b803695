import Diagnostics
import GRDB
import SystemPackage

/// A registry in a table of an SQLite file, opened read-only.
struct SQLiteSource: RegistrySource {
  let settings: RegistrySettings
  let table: String
  private let columns: [(column: Column, name: String)]

  var placeName: String { "row" }

  /// Opens the file and looks at the table's columns; nil when that is not possible.
  static func open(
    _ settings: RegistrySettings, table: String, findings: inout Findings
  ) throws(MachineFailure) -> SQLiteSource? {
    let location = SourceLocation(path: settings.shownAs)
    let names: [String]
    do {
      let found = try connect(settings).read { database in
        // The rows of a view have no ids, so they could not be found again in the next pass.
        let isTable =
          try Bool.fetchOne(
            database,
            sql: """
              SELECT EXISTS (
                SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE)
              """, arguments: [table]) ?? false
        return isTable
          ? try String.fetchAll(
            database, sql: "SELECT name FROM pragma_table_info(?)", arguments: [table]) : nil
      }
      guard let found else {
        findings.add(
          Diagnostic(
            "missing-table", at: location, message: "The registry is a table of this database",
            hint:
              "there is no table `\(table)`: correct registry.table in site.yml; a view has to be"
              + " copied into a table"))
        return nil
      }
      names = found
    } catch {
      findings.add(unreadable(error, at: location))
      return nil
    }
    let header = HeaderRow(settings: settings)
    let uses = header.uses(ofNames: names, findings: &findings) { index in
      (
        SourceLocation(
          path: settings.shownAs,
          place: .row(table: table, row: 0, column: index < names.count ? names[index] : nil)), nil
      )
    }
    guard let uses else { return nil }
    var columns: [(Column, String)] = []
    for (name, use) in zip(names, uses) {
      if case .read(let column) = use { columns.append((column, name)) }
    }
    return SQLiteSource(settings: settings, table: table, columns: columns)
  }

  func bytes(from start: RowPosition, to end: RowPosition?) -> [UInt8]? { nil }

  func walk(
    from start: RowPosition?, findings: inout Findings,
    visit: (inout RowText, RowPosition, inout [RowProblem]) -> Bool
  ) throws(MachineFailure) {
    // Only the columns to be read are asked for, so personal data stays in the file.
    let list = columns.map { Self.quoted($0.name) }.joined(separator: ", ")
    let query =
      "SELECT rowid, \(list) FROM \(Self.quoted(table)) WHERE rowid >= ? ORDER BY rowid"
    var local = findings
    do {
      try Self.connect(settings).read { database in
        var row = RowText()
        var problems: [RowProblem] = []
        let first = Int64(start?.place ?? .min)
        let cursor = try GRDB.Row.fetchCursor(database, sql: query, arguments: [first])
        while let record = try cursor.next() {
          problems.removeAll(keepingCapacity: true)
          row.startRow()
          for (index, column) in columns.enumerated() {
            try fill(&row, column.column, from: record, at: index + 1, problems: &problems)
          }
          let id: Int64 = record[0]
          let goesOn = visit(&row, RowPosition(place: Int(id)), &problems)
          for problem in problems {
            local.add(diagnostic(for: problem, row: id))
          }
          if !goesOn { break }
        }
      }
    } catch {
      local.add(Self.unreadable(error, at: SourceLocation(path: settings.shownAs)))
    }
    findings = local
  }

  private func fill(
    _ row: inout RowText, _ column: Column, from record: GRDB.Row, at index: Int,
    problems: inout [RowProblem]
  ) throws {
    let bytes: [UInt8]
    let value: DatabaseValue = record[index]
    switch value.storage {
    case .null: return
    case .string:
      // The string above was mended and ends at the first NUL; the bytes are as they are.
      bytes = try record.withUnsafeData(atIndex: index) { $0.map { Array($0) } ?? [] }
      guard String(validating: bytes, as: UTF8.self) != nil else {
        problems.append(
          RowProblem(
            column: column, id: "not-utf8", message: "Text in the database is UTF-8",
            hint: "this text was written in another encoding: convert it and write it again"))
        return
      }
    case .int64(let number): bytes = Array(String(number).utf8)
    case .double(let number):
      let isWhole = number == number.rounded() && abs(number) < 1e15
      bytes = Array((isWhole ? String(Int64(number)) : "\(number)").utf8)
    case .blob:
      problems.append(
        RowProblem(
          column: column, id: "wrong-value-type",
          message: "Values in the registry are texts, numbers and dates",
          hint: "this one is a blob: convert the column to text"))
      return
    }
    do throws(TextNormalizer.Problem) {
      try row.set(column, to: bytes)
    } catch {
      problems.append(RowProblem(error, in: column))
    }
  }

  private func diagnostic(for problem: RowProblem, row: Int64) -> Diagnostic {
    let name = columns.first { $0.column == problem.column }?.name ?? problem.column.name
    return Diagnostic(
      problem.id, problem.severity,
      at: SourceLocation(
        path: settings.shownAs, place: .row(table: table, row: row, column: name)),
      message: problem.message, hint: problem.hint)
  }

  /// A name as SQL's identifier; GRDB leaves quotes inside as they are.
  private static func quoted(_ name: String) -> String {
    "\"" + name.replacing("\"", with: "\"\"") + "\""
  }

  private static func connect(_ settings: RegistrySettings) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.readonly = true
    return try DatabaseQueue(path: settings.file.string, configuration: configuration)
  }

  private static func unreadable(_ error: any Error, at location: SourceLocation) -> Diagnostic {
    let reason = (error as? DatabaseError)?.message ?? "\(error)"
    return Diagnostic(
      "unreadable-database", at: location,
      message: "The registry is an SQLite file with an ordinary table: \(reason)",
      hint: "check registry.file and registry.table in site.yml; views and tables without row ids"
        + " need to be copied into a table")
  }
}
