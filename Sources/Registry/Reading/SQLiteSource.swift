import Diagnostics
import GRDB
import SystemPackage

/// A registry in a table of an SQLite file, read once, in one transaction.
struct SQLiteSource: RegistrySource {
  private let rows: SQLiteRows
  private let places: SQLiteRowFinder

  var placeName: @Sendable (Int) -> String { { "row \($0)" } }
  var finder: any RowFinder { places }

  /// Opens the file, looks at the table's columns and reads its rows; nil when that is not possible.
  static func open(
    _ settings: RegistrySettings, table: String, findings: inout Findings
  ) -> SQLiteSource? {
    let location = SourceLocation(path: settings.displayPath)
    var local = findings
    defer { findings = local }
    do {
      return try connect(settings).read { database in
        guard let shape = try TableShape(of: table, in: database) else {
          local.add(
            Diagnostic(
              "missing-table", at: location, message: "The registry is a table of this database",
              hint:
                "there is no table `\(table)`: correct registry.table in site.yml; a view has to be"
                + " copied into a table"))
          return nil
        }
        let header = HeaderRow(settings: settings)
        let uses = header.uses(ofNames: shape.columns, findings: &local) { index in
          let name = index < shape.columns.count ? shape.columns[index] : nil
          return (
            SourceLocation(
              path: settings.displayPath, place: .row(table: table, row: 0, column: name)), nil
          )
        }
        guard let uses else { return nil }
        // Only the columns to be read are asked for, so personal data stays in the file.
        let columns: [SQLiteRowFinder.TableColumn] = zip(shape.columns, uses).compactMap {
          name, use in
          if case .read(let column) = use { (column, name) } else { nil }
        }
        let rows = try SQLiteRows(
          of: table, rowID: shape.rowID, columns: columns.map(\.name), in: database)
        let counted = try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM \(quoted(table))")
        guard counted == rows.count else {
          local.add(
            unreadable(
              "\(rows.count) rows were read and \(counted ?? 0) were counted", at: location,
              hint: "the file is damaged: export the registry again"))
          return nil
        }
        return SQLiteSource(
          rows: rows,
          places: SQLiteRowFinder(displayPath: settings.displayPath, table: table, columns: columns)
        )
      }
    } catch {
      let reason = (error as? DatabaseError)?.message ?? "\(error)"
      local.add(
        unreadable(
          reason, at: location, hint: "check registry.file and registry.table in site.yml"))
      return nil
    }
  }

  func walk(
    findings: inout Findings, visit: (RowText, Int, inout [RowProblem]) -> Void
  ) {
    var row = RowText()
    var problems: [RowProblem] = []
    for index in 0..<rows.count {
      problems.removeAll(keepingCapacity: true)
      row.clear()
      for (field, column) in places.columns.enumerated() {
        fill(&row, column.column, with: rows.value(field, ofRow: index), problems: &problems)
      }
      let id = rows.ids[index]
      visit(row, Int(id), &problems)
      for problem in problems { findings.add(places.diagnostic(for: problem, row: id)) }
    }
  }

  private func fill(
    _ row: inout RowText, _ column: Column, with value: SQLiteRows.Value,
    problems: inout [RowProblem]
  ) {
    switch value {
    case .text(let bytes):
      do throws(TextNormalizer.Problem) {
        try row.set(column, to: bytes)
      } catch {
        problems.append(RowProblem(error, in: column))
      }
    case .not(.utf8):
      problems.append(
        RowProblem(
          column: column, id: "not-utf8", message: "Text in the database is UTF-8",
          hint: "this text was written in another encoding: convert it and write it again"))
    case .not(.text):
      problems.append(
        RowProblem(
          column: column, id: "wrong-value-type",
          message: "Values in the registry are texts, numbers and dates",
          hint: "this one is a blob: convert the column to text"))
    case .not(.short):
      problems.append(
        RowProblem(
          column: column, id: "long-value", message: "A value in the registry has at most 1 MiB",
          hint: "this one has more: look for what was written there by mistake"))
    }
  }

  private static func connect(_ settings: RegistrySettings) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.readonly = true
    return try DatabaseQueue(path: settings.file.string, configuration: configuration)
  }

  private static func unreadable(
    _ reason: String, at location: SourceLocation, hint: String
  ) -> Diagnostic {
    Diagnostic(
      "unreadable-database", at: location,
      message: "The registry is an SQLite file with an ordinary table: \(reason)", hint: hint)
  }
}

/// Shows rows of a table by their row ids.
struct SQLiteRowFinder: RowFinder {
  typealias TableColumn = (column: Column, name: String)

  let displayPath: String
  let table: String
  /// The columns that were read.
  let columns: [TableColumn]

  func diagnostics(for problems: [Int: [RowProblem]]) -> [Diagnostic] {
    problems.sorted { $0.key < $1.key }.flatMap { place, own in
      own.map { diagnostic(for: $0, row: Int64(place)) }
    }
  }

  func diagnostic(for problem: RowProblem, row: Int64) -> Diagnostic {
    let name = columns.first { $0.column == problem.column }?.name ?? problem.column.name
    return Diagnostic(
      problem.id, problem.severity,
      at: SourceLocation(
        path: displayPath, place: .row(table: table, row: row, column: name)),
      message: problem.message, hint: problem.hint)
  }
}
