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
        try CSVSource.open(settings, findings: &findings)
      }
    guard let source = opened else { return nil }
    let parser = RowParser(
      schemes: schemes, issuer: issuer, batches: batches, today: today,
      displayPath: settings.displayPath)
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
    guard findings.errorCount == before else { return nil }
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
      revisions: check.revisions, successions: successions)
  }
}
