import Input
import Diagnostics

/// A rule that a row breaks.
struct RowProblem {
  let column: Column
  let id: DiagnosticID
  var severity = Severity.error
  let message: String
  let hint: String
  /// Whether it is a date that has its day with day and month changed.
  var isMonthFirst = false
}

/// Checks the rules that concern a row by itself.
struct RowParser {
  let schemes: [Scheme]
  let issuer: Editions<Issuer>
  private let batches: [Batch]
  /// Positions in `batches.csv`; nil without such a file.
  private let batchPositions: [Text: Int]?
  let today: CalendarDate
  /// The registry's file as diagnostics show it.
  let displayPath: String
  let publishesReasons: Bool
  let isSpecimen: Bool
  private let schemePositions: [Text: Int]

  init(
    schemes: [Scheme], issuer: Editions<Issuer>, batches: [Batch]?, today: CalendarDate,
    settings: RegistrySettings
  ) {
    self.schemes = schemes
    self.issuer = issuer
    self.today = today
    displayPath = settings.displayPath
    publishesReasons = settings.publishesReasons
    isSpecimen = settings.isSpecimen
    self.batches = batches ?? []
    batchPositions = batches.map { batches in
      Dictionary(
        batches.enumerated().map { (Text($1.code), $0) }, uniquingKeysWith: { first, _ in first })
    }
    var positions: [Text: Int] = [:]
    for (position, scheme) in schemes.enumerated() {
      for edition in scheme.editions.all {
        for title in edition.value.title.texts.values {
          positions[Text(Array(title.lowercased().utf8)[...])] = position
        }
      }
    }
    for (position, scheme) in schemes.enumerated() {
      positions[Text(Array(scheme.code.utf8)[...])] = position
      positions[Text(Array(scheme.code.lowercased().utf8)[...])] = position
    }
    schemePositions = positions
  }

  /// The row's values, or nil where a rule is broken; what is broken is appended to `problems`.
  ///
  /// - Parameter doubts: gets what keeps a new certificate from being sealed, and warnings; once sealed, a
  ///   record stays as it is.
  func parse(
    _ row: RowText, problems: inout [RowProblem], doubts: inout [RowProblem]
  ) -> RowValues? {
    let before = problems.count
    for column in Column.required
    where row.isEmpty(column) && !problems.contains(where: { $0.column == column }) {
      problems.append(
        RowProblem(
          column: column, id: "empty-required-field",
          message: "Every certificate has a \(column.name)",
          hint: "fill in the \(column.name), or take the row out if there is no such certificate"))
    }
    checkText(row, problems: &problems, doubts: &doubts)
    let issued = date(.issued, in: row, problems: &problems)
    let givenExpiry = date(.expires, in: row, mayBeFuture: true, problems: &problems)
    let scheme = scheme(in: row, problems: &problems)
    let revision = revision(in: row, problems: &problems)
    let status = status(in: row, problems: &problems)
    let statusDate = date(.statusDate, in: row, problems: &problems)
    let isListed = listed(in: row, problems: &problems)
    checkStatus(status, date: statusDate, issued: issued, in: row, problems: &problems)
    let batch = batch(in: row, problems: &problems)
    if let issued, let givenExpiry, givenExpiry < issued {
      problems.append(
        RowProblem(
          column: .expires, id: "expiry-before-issue",
          message: "A certificate expires after it was issued (\(issued))",
          hint: "check both dates; day and month may be swapped"))
    }
    let edition = scheme.flatMap { scheme in
      issued.flatMap { schemes[scheme].editions.position(on: $0) }
    }
    let issuerEdition = issued.flatMap { issuer.position(on: $0) }
    checkEditions(
      scheme: edition == nil ? scheme.map { schemes[$0] } : nil, hasIssuer: issuerEdition != nil,
      issued: issued, problems: &problems)
    keepOneProblem(&problems, from: before)
    guard let issued, let scheme, let edition, let issuerEdition, let status, let revision else {
      return nil
    }
    let years = schemes[scheme].editions.all[edition].value.years
    let usualExpiry = issued.adding(years: years)
    let expires = givenExpiry ?? usualExpiry
    // What is issued again may end with what it replaces.
    let mayEndEarlier = revision > 1 && expires < usualExpiry
    if expires >= issued, !mayEndEarlier,
      abs(expires.daysSinceEpoch - usualExpiry.daysSinceEpoch) > 1
    {
      doubts.append(unexpectedExpiry(expires, usualExpiry, years, schemes[scheme]))
    }
    if let batch { checkBatch(batches[batch], issued: issued, doubts: &doubts) }
    if expires >= today, !row.isEmpty(.status),
      Self.expiredWords.contains(row.string(.status).lowercased())
    {
      problems.append(
        RowProblem(
          column: .status, id: "expired-before-date",
          message: "A certificate expires by its date alone, and this one holds until \(expires)",
          hint: "correct the date in expires, or empty the status"))
    }
    guard problems.count == before else { return nil }
    return RowValues(
      revision: revision, scheme: scheme, schemeEdition: edition, issuerEdition: issuerEdition,
      issued: issued, expires: expires, status: status, statusDate: statusDate, isListed: isListed,
      batch: batch)
  }

  // MARK: One rule each

  func date(
    _ column: Column, in row: RowText, mayBeFuture: Bool = false, problems: inout [RowProblem]
  ) -> CalendarDate? {
    guard !row.isEmpty(column) else { return nil }
    func broken(
      _ id: DiagnosticID, _ message: String, _ hint: String, isMonthFirst: Bool = false
    ) {
      problems.append(
        RowProblem(
          column: column, id: id, message: message, hint: hint, isMonthFirst: isMonthFirst))
    }
    do {
      let date = try RegistryDate.parse(row.bytes(column))
      if date <= today || mayBeFuture { return date }
      broken(
        "future-date", "Nothing in the registry happens after today (\(today))",
        "check the year, and whether day and month are swapped")
    } catch {
      let written = row.string(column)
      let ways = "A date is written 2024-10-15, 15/10/2024 or 15 Oktober 2024"
      switch error {
      case .unreadable: broken("unreadable-date", ways, "write `\(written)` in one of these ways")
      case .shortYear:
        broken(
          "unreadable-date", ways,
          "write the year of `\(written)` in four digits; if the spreadsheet shows it so, format the column"
        )
      case .time:
        broken(
          "time-in-date", "A date has no time, since a day begins at another moment elsewhere",
          "see that the day of `\(written)` is the one on the certificate, and take the time away")
      case .serialNumber:
        broken(
          "unreadable-date", ways,
          "`\(written)` is the spreadsheet's own count of days: format the column as a date")
      case .impossible, .monthFirst:
        broken(
          "impossible-date",
          "The calendar has no such day, read as "
            + (row.bytes(column).prefix(4).contains { !(48...57).contains($0) }
              ? "day, month, year" : "year, month, day"),
          "correct `\(written)`; day and month may be swapped",
          isMonthFirst: error == .monthFirst)
      }
    }
    return nil
  }

  private func scheme(in row: RowText, problems: inout [RowProblem]) -> Int? {
    guard !row.isEmpty(.scheme) else { return nil }
    let written = Text(row.bytes(.scheme))
    if let position = schemePositions[written]
      ?? schemePositions[Text(Array(written.string.lowercased().utf8)[...])]
    {
      return position
    }
    let codes = schemes.map(\.code)
    let titles = schemes.flatMap { $0.editions.all.flatMap { $0.value.title.texts.values } }
      .sorted()
    let meant = suggestion(for: written.string, among: codes + titles)
    problems.append(
      RowProblem(
        column: .scheme, id: "unknown-scheme",
        message: "A scheme is named by its code or title in schemes.yml",
        hint: (meant.map { "did you mean `\($0)`? " } ?? "")
          + "the codes are \(codes.joined(separator: ", "))"))
    return nil
  }

  func revision(in row: RowText, problems: inout [RowProblem]) -> Int? {
    guard !row.isEmpty(.revision) else { return 1 }
    if let number = Int(digits: row.bytes(.revision)), (1...999).contains(number) { return number }
    problems.append(
      RowProblem(
        column: .revision, id: "bad-revision",
        message: "A revision is a whole number: empty for the first issue, then 2, 3 and so on",
        hint: "write 2 for a certificate issued again under its number, else leave it empty"))
    return nil
  }

  private func status(in row: RowText, problems: inout [RowProblem]) -> Status? {
    guard !row.isEmpty(.status) else { return .valid }
    let written = row.string(.status).lowercased()
    if let status = Self.statusWords[written] { return status }
    let meant = suggestion(for: written, among: Self.statusWords.keys.sorted())
    problems.append(
      RowProblem(
        column: .status, id: "unknown-status",
        message: "A status is valid, suspended, revoked or superseded"
          + " (berlaku, ditangguhkan, dicabut, digantikan)",
        hint: meant.map { "did you mean `\($0)`?" }
          ?? "use one of these words; expiry follows from the date by itself"))
    return nil
  }

  private static let expiredWords: Set<String> = [
    "expired", "kedaluwarsa", "kadaluarsa", "kadaluwarsa", "tidak berlaku",
  ]

  /// A certificate past its date needs no word for it, so `expired` is read as no status at all.
  private static let statusWords: [String: Status] = expiredWords.reduce(into: [
    "valid": .valid, "active": .valid, "reinstated": .valid, "berlaku": .valid, "aktif": .valid,
    "dipulihkan": .valid,
    "suspended": .suspended, "ditangguhkan": .suspended, "dibekukan": .suspended,
    "revoked": .revoked, "withdrawn": .revoked, "dicabut": .revoked, "dibatalkan": .revoked,
    "superseded": .superseded, "replaced": .superseded, "digantikan": .superseded,
    "diganti": .superseded,
  ]) { words, word in words[word] = .valid }

  private func checkStatus(
    _ status: Status?, date: CalendarDate?, issued: CalendarDate?, in row: RowText,
    problems: inout [RowProblem]
  ) {
    guard let status else { return }
    func broken(_ column: Column, _ id: DiagnosticID, _ message: String, _ hint: String) {
      problems.append(RowProblem(column: column, id: id, message: message, hint: hint))
    }
    if status != .valid, row.isEmpty(.statusDate) {
      broken(
        .status, "status-without-date", "A status other than valid has the day it began",
        "write the day in the column `status_date`, or `Tanggal Status`")
    }
    if let date, let issued, date < issued {
      broken(
        .statusDate, "status-before-issue",
        "Nothing happens to a certificate before it is issued (\(issued))",
        "check both dates; day and month may be swapped")
    }
    if status == .superseded, row.isEmpty(.supersededBy) {
      broken(
        .status, "superseded-without-successor", "A superseded certificate names its successor",
        "write the new certificate's number in the column `superseded_by`, or `Digantikan Oleh`")
    }
    if status != .superseded, !row.isEmpty(.supersededBy) {
      broken(
        .supersededBy, "successor-without-status",
        "Only a superseded certificate names a successor",
        "write `superseded` and its date in status, or empty superseded_by")
    }
  }

  func isKnownBatch(_ code: ArraySlice<UInt8>) -> Bool {
    batchPositions?[Text(code)] != nil
  }

  /// The position of the row's batch; nil for none, and where no list of batches can tell.
  private func batch(in row: RowText, problems: inout [RowProblem]) -> Int? {
    guard let batchPositions, !row.isEmpty(.batch) else { return nil }
    if let position = batchPositions[Text(row.bytes(.batch))] { return position }
    let meant = suggestion(
      for: row.string(.batch), among: batchPositions.keys.map(\.string).sorted())
    problems.append(
      RowProblem(
        column: .batch, id: "unknown-batch", message: "A batch is named by its code in batches.csv",
        hint: meant.map { "did you mean `\($0)`?" } ?? "add the batch to batches.csv"))
    return nil
  }

  private func checkEditions(
    scheme: Scheme?, hasIssuer: Bool, issued: CalendarDate?, problems: inout [RowProblem]
  ) {
    guard issued != nil else { return }
    if let scheme, let first = scheme.editions.all.first {
      problems.append(
        RowProblem(
          column: .issued, id: "issued-before-scheme",
          message: "Scheme \(scheme.code) holds from \(first.from)",
          hint: "check the date, or give the scheme an earlier edition in schemes.yml"))
    }
    if !hasIssuer, let first = issuer.all.first {
      problems.append(
        RowProblem(
          column: .issued, id: "issued-before-licence",
          message: "The issuer's first edition holds from \(first.from)",
          hint: "check the date, or give the issuer an earlier edition in site.yml"))
    }
  }

  private func listed(in row: RowText, problems: inout [RowProblem]) -> Bool {
    if row.isEmpty(.listed) { return false }
    switch row.string(.listed).lowercased() {
    case "no", "tidak", "false", "0", "n", "t": return false
    case "yes", "ya", "true", "1", "y": return true
    default:
      problems.append(
        RowProblem(
          column: .listed, id: "unknown-listed",
          message: "The holder agreed to be listed, or did not: yes or no (ya, tidak)",
          hint: "write one of them, or leave the field empty for no"))
      return false
    }
  }
}
