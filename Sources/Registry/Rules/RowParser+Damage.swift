import Diagnostics
import Input

/// Rules about values that were damaged on their way into the registry.
extension RowParser {
  /// Takes dashes for nothing, as offices write them in fields that may be empty.
  func emptyDashes(_ row: inout RowText) {
    for column in Column.allCases where TextDamage.isDash(row.bytes(column)) {
      row.remove(column)
    }
  }

  /// Checks texts that are read or printed as they are.
  func checkText(
    _ row: RowText, problems: inout [RowProblem], doubts: inout [RowProblem]
  ) {
    if !isSpecimen, row.bytes(.registration).starts(with: "BTK.0000.".utf8) {
      problems.append(
        RowProblem(
          column: .registration, id: "specimen-row",
          message:
            "This row is of the specimen: nobody has the licence 0000, and its holder is invented",
          hint:
            "put your own register in its place; `canting init` begins a project without any of it")
      )
    }
    for column in Column.allCases where !row.isEmpty(column) {
      let bytes = row.bytes(column)
      let isSealed = Self.sealed.contains(column)
      if isSealed, let first = bytes.first, Self.formulaStarts.contains(first) {
        problems.append(formula(in: column))
      } else if hasPersonalData(bytes, in: column) {
        let problem = Self.personalData(in: column)
        if isSealed { doubts.append(problem) } else { problems.append(problem) }
      } else if column == .batch, isKnownBatch(bytes) {
        // The list of batches has it so too.
      } else if let damage = TextDamage.find(in: bytes, as: column.damageKind) {
        // Nothing is published of the assessor, and some offices call a batch `MEI-24`.
        let isHarmless = column == .assessor || column == .batch && damage == .day
        let problem = RowProblem(
          column: column, id: damage.id, severity: isHarmless ? .warning : damage.severity,
          message: damage.message, hint: damage.hint)
        if isSealed || problem.severity == .warning {
          doubts.append(problem)
        } else {
          problems.append(problem)
        }
      }
    }
  }

  /// What a record holds of a row as it is written.
  private static let sealed: [Column] = [.number, .holder, .registration]
  private static let formulaStarts = Array("=+-@".utf8)

  private func formula(in column: Column) -> RowProblem {
    RowProblem(
      column: column, id: "formula-in-text",
      message: "A \(column.name) is text, and one that begins with = + - or @ is a formula"
        + " to every spreadsheet that opens it",
      hint: "write the \(column.name) as printed")
  }

  /// Whether a value that may be published holds an identity number, a telephone number or an address.
  /// Numbers and registrations are looked at together, since some are as long as a NIK.
  private func hasPersonalData(_ bytes: ArraySlice<UInt8>, in column: Column) -> Bool {
    switch column {
    case .holder, .regency, .province: PersonalData.stands(in: bytes)
    case .batch, .assessor, .supersededBy: PersonalData.isIdentity(bytes)
    case .statusReason: publishesReasons && PersonalData.stands(in: bytes)
    default: false
    }
  }

  static func personalData(in column: Column) -> RowProblem {
    RowProblem(
      column: column, id: "personal-data-in-text",
      message: "A \(column.name) holds no identity number, telephone number or e-mail address",
      hint: "write the \(column.name) alone; a value may have come into the wrong column")
  }

  /// Where a value is a word of an error or for nothing, nothing else is to be said of it.
  func keepOneProblem(_ problems: inout [RowProblem], from start: Int) {
    guard problems.count > start + 1 else { return }
    let ids: Set<DiagnosticID> = ["spreadsheet-error-value", "word-for-nothing"]
    let columns = problems.filter { ids.contains($0.id) }.map(\.column)
    problems.removeAll { columns.contains($0.column) && !ids.contains($0.id) }
  }

  func unexpectedExpiry(
    _ expires: CalendarDate, _ usual: CalendarDate, _ years: Int, _ scheme: Scheme
  ) -> RowProblem {
    let days = expires.daysSinceEpoch - usual.daysSinceEpoch
    let span = abs(days) > 730 ? "\(abs(days) / 365) years" : "\(abs(days)) days"
    return RowProblem(
      column: .expires, id: "unexpected-expiry", severity: .warning,
      message:
        "Scheme \(scheme.code) gives \(years) year\(years == 1 ? "" : "s"), and this certificate ends"
        + " \(span) \(days > 0 ? "later" : "earlier")",
      hint: "correct the date, or the years in schemes.yml; an empty field follows the scheme")
  }

  /// After an assessment, a certificate is issued within this many days.
  private static let daysToIssue = 183

  func checkBatch(_ batch: Batch, issued: CalendarDate, doubts: inout [RowProblem]) {
    let isBefore = issued < batch.from
    guard
      isBefore || issued.daysSinceEpoch - batch.to.daysSinceEpoch > Self.daysToIssue
    else { return }
    doubts.append(
      RowProblem(
        column: .issued, id: "issued-outside-batch", severity: .warning,
        message:
          "Batch \(batch.code) was assessed from \(batch.from) to \(batch.to), and this certificate was"
          + " issued \(isBefore ? "before" : "more than half a year after") it",
        hint: "check the date, the batch, and the batch's days; day and month may be swapped"))
  }
}
