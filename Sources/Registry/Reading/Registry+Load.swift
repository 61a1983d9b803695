public import Diagnostics
import Files
public import Input

extension Registry {
  /// Reads and checks the whole registry.
  ///
  /// - Parameter today: the day on which the registry is read; nothing in it may be later.
  /// - Returns: nil when there are errors, which are then among the findings.
  /// - Throws: `MachineFailure` when a file cannot be read.
  public static func load(
    _ settings: RegistrySettings, schemes: [Scheme], issuer: Editions<Issuer>, batches: [Batch]?,
    today: CalendarDate, progress: (Int) -> Void = { _ in }, findings: inout Findings
  ) throws(MachineFailure) -> Registry? {
    guard try SourceFile.exists(settings.file, displayPath: settings.displayPath) else {
      findings.add(
        Diagnostic(
          "missing-file", at: SourceLocation(path: settings.displayPath),
          message: "The registry is a file of the project",
          hint: "export it to \(settings.displayPath), or correct registry.file in site.yml"))
      return nil
    }
    guard
      try InputFile.isFit(
        settings.file, displayPath: settings.displayPath, limit: InputFile.Limit.registry,
        findings: &findings)
    else { return nil }
    let opened: (any RegistrySource)? =
      if let table = settings.table {
        SQLiteSource.open(settings, table: table, findings: &findings)
      } else {
        try TableSource.open(settings, findings: &findings)
      }
    guard let source = opened else { return nil }
    let parser = RowParser(
      schemes: schemes, issuer: issuer, batches: batches, today: today, settings: settings)
    var check = RegistryCheck(
      schemeCount: schemes.count, batches: batches ?? [], placeName: source.placeName)
    let before = findings.errorCount
    try source.walk(findings: &findings) { row, place, problems in
      check.visit(row, at: place, parser: parser, problems: &problems)
      if check.numbers.count.isMultiple(of: 4096) { progress(check.numbers.count) }
    }
    let unreadable: Set<DiagnosticID> = ["wrong-field-count", "text-after-quote", "unclosed-quote"]
    let successions = check.finish(
      hasUnreadableRows: findings.diagnostics.contains { unreadable.contains($0.id) })
    let finder = source.finder
    findings.add(contentsOf: try finder.diagnostics(for: check.problems))
    guard findings.errorCount == before else {
      try report(check.doubts, places: check.places, finder, findings: &findings)
      return nil
    }
    findings.add(
      contentsOf: try finder.diagnostics(for: check.figures.census.unknownProvinces))
    if check.numbers.count == 0 {
      findings.add(
        Diagnostic(
          "no-certificates", .warning, at: SourceLocation(path: settings.displayPath),
          message: "A registry has certificates, and this one has none",
          hint: "if it should have some, export it again; the site is built without any"))
    }
    return Registry(
      schemes: schemes, issuer: issuer, batches: batches ?? [], shards: check.shards,
      figures: check.figures, listed: check.listed, day: today, erasures: check.erasures,
      displayPath: settings.displayPath, finder: finder, numbers: check.numbers,
      places: check.places,
      revisions: check.revisions, successions: successions, doubts: check.doubts)
  }

  /// A registry without certificates, where there are texts alone.
  public static func empty(
    schemes: [Scheme], issuer: Editions<Issuer>, today: CalendarDate
  ) -> Registry {
    struct NoRows: RowFinder {
      func diagnostics(
        for problems: [Int: [RowProblem]]
      ) throws(MachineFailure) -> [Diagnostic] { [] }
    }
    var check = RegistryCheck(schemeCount: schemes.count, batches: []) { "row \($0)" }
    let successions = check.finish(hasUnreadableRows: false)
    return Registry(
      schemes: schemes, issuer: issuer, batches: [], shards: check.shards, figures: check.figures,
      listed: check.listed, day: today, erasures: [], displayPath: "seeds", finder: NoRows(),
      numbers: check.numbers, places: check.places, revisions: check.revisions,
      successions: successions, doubts: check.doubts)
  }

  /// Reports what is to be looked at before certificates are sealed.
  ///
  /// - Parameter isSealed: whether a certificate is in the log already.
  /// - Throws: `MachineFailure` when the file cannot be read to show its rows.
  public func reportDoubts(
    isSealed: (Int) -> Bool = { _ in false }, findings: inout Findings
  ) throws(MachineFailure) {
    let open = doubts.filter { !isSealed($0.ordinal) }
    try Self.report(open, places: places, finder, findings: &findings)
  }

  private static func report(
    _ doubts: [Doubt], places: [Int], _ finder: any RowFinder, findings: inout Findings
  ) throws(MachineFailure) {
    var byPlace: [Int: [RowProblem]] = [:]
    for doubt in doubts { byPlace[places[doubt.ordinal], default: []].append(doubt.problem) }
    findings.add(contentsOf: try finder.diagnostics(for: byPlace))
  }
}
