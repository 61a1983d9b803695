import GRDB

/// The columns of a table, and what its rows can be named by.
struct TableShape {
  /// In the order of the table, generated ones too.
  let columns: [String]
  /// A name of SQLite's row id that no column has taken; nil where there is none, or no row id.
  let rowID: String?

  /// Looks at a table; nil when the database has no table of this name, or a view has it.
  init?(of table: String, in database: Database) throws {
    let kind = try GRDB.Row.fetchOne(
      database,
      sql: """
        SELECT type, wr FROM pragma_table_list
        WHERE schema = 'main' AND name = ? COLLATE NOCASE
        """, arguments: [table])
    guard let kind, kind["type"] != "view" else { return nil }
    // Unlike table_info, it knows generated columns; 1 are the hidden ones of virtual tables.
    columns = try String.fetchAll(
      database, sql: "SELECT name FROM pragma_table_xinfo(?) WHERE hidden <> 1", arguments: [table])
    let taken = Set(columns.map { $0.lowercased() })
    rowID = kind["wr"] == 1 ? nil : ["rowid", "oid", "_rowid_"].first { !taken.contains($0) }
  }
}

/// The rows of a table as they were read, in one block of bytes.
struct SQLiteRows: Sendable {
  /// What names each row to people: its row id, or its place in the table, from 1.
  private(set) var ids: [Int64] = []
  private var bytes: [UInt8] = []
  /// By row and field: where its value ends in `bytes`, and the next one begins.
  private var ends: [Int] = []
  /// By the same position, the values that are no texts.
  private var flaws: [Int: Flaw] = [:]
  private let fieldCount: Int

  /// What a value should be and is not.
  enum Flaw { case text, utf8, short }

  enum Value {
    /// UTF-8; empty for NULL.
    case text(ArraySlice<UInt8>)
    case not(Flaw)
  }

  /// The longest value in bytes, as in delimited text the longest row.
  static let longestValue = RowReader.longestRecord

  /// Reads all rows, in the order of the row ids, or else of the table.
  init(of table: String, rowID: String?, columns: [String], in database: Database) throws {
    fieldCount = columns.count
    let list = columns.map(quoted).joined(separator: ", ")
    // A covering index has another order, and need not agree with a damaged table.
    let query =
      "SELECT \(list), \(rowID ?? "NULL") FROM \(quoted(table)) NOT INDEXED"
      + (rowID.map { " ORDER BY \($0)" } ?? "")
    let cursor = try GRDB.Row.fetchCursor(database, sql: query)
    while let record = try cursor.next() {
      for index in 0..<fieldCount { try append(record, at: index) }
      ids.append(record[fieldCount] ?? Int64(ids.count + 1))
    }
  }

  var count: Int { ids.count }

  func value(_ field: Int, ofRow row: Int) -> Value {
    let position = row * fieldCount + field
    if let flaw = flaws[position] { return .not(flaw) }
    return .text(bytes[(position == 0 ? 0 : ends[position - 1])..<ends[position]])
  }

  private mutating func append(_ record: GRDB.Row, at index: Int) throws {
    let value: DatabaseValue = record[index]
    switch value.storage {
    case .null: break
    case .string:
      // The string above was mended and ends at the first NUL; the bytes are as they are.
      let text = try record.withUnsafeData(atIndex: index) { $0.map { Array($0) } ?? [] }
      if text.count > Self.longestValue {
        flaws[ends.count] = .short
      } else if String(validating: text, as: UTF8.self) == nil {
        flaws[ends.count] = .utf8
      } else {
        bytes += text
      }
    case .int64(let number): bytes += String(number).utf8
    case .double(let number):
      let isWhole = number == number.rounded() && abs(number) < 1e15
      bytes += (isWhole ? String(Int64(number)) : "\(number)").utf8
    case .blob: flaws[ends.count] = .text
    }
    ends.append(bytes.count)
  }
}

/// A name as SQL's identifier; GRDB leaves quotes inside as they are.
package func quoted(_ name: String) -> String {
  "\"" + name.replacing("\"", with: "\"\"") + "\""
}
