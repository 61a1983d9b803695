import Diagnostics
import Input
import Registry

/// What is refused, in words.
extension HistoryComparison {
  func report(
    record: (Fingerprint) -> Record?, findings: inout Findings
  ) throws(MachineFailure) {
    for (key, count) in changedSchemes.sorted(by: { $0.value > $1.value }) {
      let scheme = registry.schemes[key.scheme]
      findings.add(
        Diagnostic(
          "published-scheme-changed", at: SourceLocation(path: "seeds/schemes.yml"),
          message: "What a scheme says in published certificates never changes, and \(scheme.code)"
            + " from \(scheme.editions.all[key.edition].from) does in \(count) of them",
          hint: takenByScheme[key].map(earliest)
            ?? "undo the change to code, title or units, and add an edition with its own `from`"))
    }
    for (edition, count) in changedIssuers.sorted(by: { $0.value > $1.value }) {
      findings.add(
        Diagnostic(
          "published-issuer-changed", at: SourceLocation(path: "content/site.yml"),
          message: "The issuer in published certificates never changes, and the edition from"
            + " \(registry.issuer.all[edition].from) does in \(count) of them",
          hint: takenByIssuer[edition].map(earliest)
            ?? "undo the change to name or licence, and add an edition with its own `from`"))
    }
    reportVanished(&findings)
    var all = problems
    for (ordinal, was) in changed {
      all.append(problem(ordinal, was: was, record: record(was)))
    }
    try registry.report(all, findings: &findings)
  }

  /// Where an edition was dated back, when it can begin.
  private func earliest(after last: CalendarDate) -> String {
    "certificates up to \(last) were published with the edition before, so that this one begins on"
      + " \(last.adding(days: 1)) at the earliest: correct its `from`"
  }

  /// More missing rows than this are an export that is not whole.
  private static let mostMissing = 10

  private func reportVanished(_ findings: inout Findings) {
    if vanished.count > Self.mostMissing, let first = vanished.first, let last = vanished.last {
      findings.add(
        Diagnostic(
          "published-certificate-missing", at: SourceLocation(path: registry.displayPath),
          message:
            "\(grouped(vanished.count)) of \(grouped(ledger.published.count)) published certificates are"
            + " missing, from \(first.number) to \(last.number): is this the whole export?",
          hint: "export the register again, with all years and sheets"))
      return
    }
    for line in vanished {
      findings.add(
        Diagnostic(
          "published-certificate-missing", at: SourceLocation(path: registry.displayPath),
          message: "A published certificate stays in the registry, and \(line.number)"
            + (line.revision > 1 ? ", revision \(line.revision)," : "") + " is missing",
          hint: "restore its row; if the holder asked for erasure, keep the row with number, status"
            + " `erased` and status_date alone"))
    }
  }

  /// The finding for a record that is not what was published, with what it was where that is known.
  private func problem(
    _ ordinal: Int, was: Fingerprint, record: Record?
  ) -> Registry.Problem {
    var column = Column.holder
    var difference = ""
    if let record {
      let now = registry.certificate(ordinal: ordinal)
      let fields: [(Column, String, String)] = [
        (.holder, record.holder, now.holder.string),
        (.registration, record.registration ?? "", now.registration?.string ?? ""),
        (.issued, record.issued, now.issued.description),
        (.expires, record.expires, now.expires.description),
        (.scheme, record.schemeCode, registry.schemes[now.scheme].code),
      ]
      if let (name, before, after) = fields.first(where: { $0.1 != $0.2 }) {
        column = name
        difference = ": \(name.name) was `\(before)` and is `\(after)`"
      }
    }
    let revision = fingerprints.entries[ordinal].revision
    return Registry.Problem(
      ordinal: ordinal, column: column, id: "published-certificate-changed",
      message: "A published certificate never changes\(difference); its fingerprint was \(was)"
        + " and is \(fingerprints[ordinal])",
      hint: "undo the change; to correct it, issue a correction that supersedes it: keep this row"
        + " as it was and add one with the same number and revision \(revision + 1)")
  }
}
