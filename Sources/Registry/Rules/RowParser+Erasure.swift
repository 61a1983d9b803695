import Diagnostics

extension RowParser {
  /// Whether the row says that the certificate was erased at its holder's request.
  func isErased(_ row: RowText) -> Bool {
    if row.isEmpty(.status) { return false }
    let word = row.string(.status).lowercased()
    return word == "erased" || word == "dihapus"
  }

  /// The erasure that a row speaks of; nil where a rule is broken.
  func erasure(
    _ row: RowText, at place: Int, problems: inout [RowProblem]
  ) -> Erasure? {
    let before = problems.count
    for column in [Column.holder, .registration] where !row.isEmpty(column) {
      problems.append(
        RowProblem(
          column: column, id: "erased-with-data",
          message: "The row of an erased certificate has nothing but number, revision, status and"
            + " status_date",
          hint: "empty its other fields"))
    }
    if row.isEmpty(.number) {
      problems.append(
        RowProblem(
          column: .number, id: "empty-required-field", message: "Every certificate has a number",
          hint: "fill in the number, which is kept so that nobody gets it again"))
    }
    let date = date(.statusDate, in: row, problems: &problems)
    if row.isEmpty(.statusDate) {
      problems.append(
        RowProblem(
          column: .status, id: "status-without-date",
          message: "A status other than valid has the day it began",
          hint: "write the day of the erasure in status_date"))
    }
    guard let revision = revision(in: row, problems: &problems), problems.count == before, let date
    else { return nil }
    return Erasure(
      number: Text(Array(row.bytes(.number))[...]), revision: revision, date: date,
      place: place)
  }
}
