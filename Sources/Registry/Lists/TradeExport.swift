public import Diagnostics
import Files
import Input
public import SystemPackage

/// What batik was exported for in a year, or is meant to be, by somebody's statement.
public struct TradeExport: Sendable, Hashable {
  public enum Kind: String, Sendable, CaseIterable {
    case actual
    case target
  }

  public let kind: Kind
  /// Nil for a target without a year.
  public let year: Int?
  /// In thousands of US dollars.
  public let thousandDollars: Int
  /// Who said so, when and where, in English.
  public let source: String
  /// The same in Indonesian, where somebody wrote it.
  public let indonesianSource: String?
}

extension TradeExport {
  private static let columns = ["year", "kind", "value_usd_million", "source"]
  /// May stand behind the others.
  private static let indonesianColumn = "source_id"

  /// Reads `exports.csv`.
  ///
  /// - Parameter thisYear: no export is later.
  /// - Returns: those of every year in order, then the targets; none without the file. Nil when it has
  ///   errors, which are then among the findings.
  public static func load(
    _ file: FilePath, displayPath path: String, thisYear: Int, findings: inout Findings
  ) throws(MachineFailure) -> [TradeExport]? {
    guard try SourceFile.exists(file, displayPath: path) else { return [] }
    var exports: [TradeExport] = []
    var names: [TradeExport.Name: String] = [:]
    let shape = RowReader.ListShape(
      columns: columns + [indonesianColumn], required: Array(columns.indices),
      wrongHeader: { location in
        Diagnostic(
          "bad-exports-header", at: location,
          message: "The columns of a list of exports are \(columns.joined(separator: ", "))"
            + " and, if need be, \(indonesianColumn)",
          hint: "write them in the first row")
      })
    let isWhole = try RowReader.readList(
      file, displayPath: path, shape: shape, findings: &findings
    ) { row, findings in
      guard let export = export(from: row, thisYear: thisYear, findings: &findings) else { return }
      if let other = names[export.name] {
        findings.add(
          row.finding(
            "duplicate-export", at: 0,
            message: "A year has one value of a kind; \(other) has it already",
            hint: "correct the year or the kind, or remove one of the rows"))
      }
      names[export.name] = row.name
      exports.append(export)
    }
    guard isWhole else { return nil }
    // A target without a year is for some day to come.
    return exports.sorted {
      ($0.kind == .target ? 1 : 0, $0.year ?? .max) < ($1.kind == .target ? 1 : 0, $1.year ?? .max)
    }
  }

  /// What there can be one of.
  private struct Name: Hashable {
    let kind: Kind
    let year: Int?
  }

  private var name: Name { Name(kind: kind, year: year) }

  /// Checks the rules of one row.
  private static func export(
    from row: ListRow, thisYear: Int, findings: inout Findings
  ) -> TradeExport? {
    let values = row.values
    func broken(_ id: DiagnosticID, _ position: Int, _ message: String, _ hint: String) {
      findings.add(row.finding(id, at: position, message: message, hint: hint))
    }
    if let empty = (1...3).first(where: { values[$0].isEmpty }) {
      broken(
        "empty-required-field", empty, "Every figure has a kind, a value and a source",
        "fill in \(columns[empty])")
      return nil
    }
    guard let kind = Kind(rawValue: values[1].lowercased()) else {
      broken(
        "bad-export-kind", 1, "A figure is `actual` or a `target`",
        "write one of the two words in the column kind")
      return nil
    }
    let year = values[0].utf8.count == 4 ? Int(digits: Array(values[0].utf8)[...]) : nil
    let hasNone = values[0].isEmpty && kind == .target
    guard hasNone || year.map({ kind == .target || $0 <= thisYear }) ?? false else {
      broken(
        "bad-export-year", 0,
        "Exports were in a year of four digits, \(thisYear) or earlier; a target may have none",
        "correct the year, or the kind")
      return nil
    }
    guard let value = thousands(values[2]), value > 0 else {
      broken(
        "bad-export-value", 2,
        "A value is in millions of US dollars, with a point and at most three digits behind it",
        "write it as in 17.5, without currency and without a sign for thousands")
      return nil
    }
    return TradeExport(
      kind: kind, year: year, thousandDollars: value, source: values[3],
      indonesianSource: values.count > 4 && !values[4].isEmpty ? values[4] : nil)
  }

  /// A thousand times a decimal number below a million; nil for any other text.
  private static func thousands(_ text: String) -> Int? {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count <= 2, (1...6).contains(parts[0].count),
      let whole = Int(digits: Array(parts[0])[...])
    else { return nil }
    guard parts.count == 2 else { return whole * 1000 }
    let digits = Array(parts[1])
    guard (1...3).contains(digits.count), let fraction = Int(digits: digits[...]) else {
      return nil
    }
    return whole * 1000 + fraction * [100, 10, 1][digits.count - 1]
  }
}
