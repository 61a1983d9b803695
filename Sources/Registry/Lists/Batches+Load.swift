public import Diagnostics
import Files
import Input
public import SystemPackage

extension Batch {
  private static let columns = [
    "batch", "requested_by", "kind", "regency", "province", "tuk", "from", "to",
  ]

  /// Reads `batches.csv`.
  ///
  /// - Returns: nil when there is no such file or it has errors, which are then among the findings.
  public static func load(
    _ file: FilePath, displayPath path: String, findings: inout Findings
  ) throws(MachineFailure) -> [Batch]? {
    guard try SourceFile.exists(file, displayPath: path) else { return nil }
    var batches: [Batch] = []
    var seen: [String: Int] = [:]
    let isWhole = try CSVReader.readList(
      file, displayPath: path, isHeader: { $0 == columns },
      wrongHeader: Diagnostic(
        "bad-batches-header", at: SourceLocation(path: path, line: 1, column: 1),
        message: "The columns of batches.csv are \(columns.joined(separator: ", "))",
        hint: "write them in the first row, in this order"), findings: &findings
    ) { reader, findings in
      guard let batch = batch(from: reader, path: path, findings: &findings) else { return }
      if let line = seen[batch.code] {
        findings.add(
          reader.finding(
            "duplicate-batch", at: 0, path: path,
            message: "A code names one batch; line \(line) has this one already",
            hint: "correct the code, or remove one of the rows"))
      }
      seen[batch.code] = reader.line
      batches.append(batch)
    }
    return isWhole ? batches : nil
  }

  private static func batch(
    from reader: borrowing CSVReader, path: String, findings: inout Findings
  ) -> Batch? {
    let values = reader.texts
    if let empty = values.firstIndex(where: \.isEmpty) {
      findings.add(
        reader.finding(
          "empty-required-field", at: empty, path: path,
          message: "Every column of a batch has a value", hint: "fill in \(columns[empty])"))
      return nil
    }
    guard let kind = Kind(rawValue: values[2].lowercased()) else {
      findings.add(
        reader.finding(
          "bad-batch-kind", at: 2, path: path,
          message: "A batch is requested by an `agency` or by a `group` of artisans",
          hint: "write one of the two words in the column kind"))
      return nil
    }
    guard let from = CalendarDate(iso: values[6]), let to = CalendarDate(iso: values[7]),
      from <= to
    else {
      findings.add(
        reader.finding(
          "bad-batch-dates", at: CalendarDate(iso: values[6]) == nil ? 6 : 7, path: path,
          message: "A batch lasts from one day to the same or a later day, written YYYY-MM-DD",
          hint: "correct the columns from and to"))
      return nil
    }
    if Province(named: values[4]) == nil {
      findings.add(
        reader.finding(
          Province.unknown, .warning, at: 4, path: path, message: Province.rule,
          hint: Province.hint(for: values[4])))
    }
    return Batch(
      code: values[0], requestedBy: values[1], kind: kind, regency: values[3],
      province: values[4], place: values[5], from: from, to: to, line: reader.line)
  }
}
