import Diagnostics
import Input
import Registry

/// Holds the registry against the log: what is new, and what rewrites history.
struct HistoryComparison {
  let ledger: Ledger
  let registry: Registry
  let fingerprints: Fingerprints
  let format: RecordFormat

  private var schemeEditions: [String: SchemeEditionKey] = [:]
  private var issuerEditions: [String: Int] = [:]
  /// Changed certificates that were published with other editions than those in force now.
  private var moved: [Moved] = []
  /// Where a certificate was sealed before, by ordinal; nil for a new one.
  private(set) var positions: [Int32?]
  /// What happened to certificates, one event each.
  private var changes: [LedgerEntry] = []

  private(set) var changed: [(ordinal: Int, was: Fingerprint)] = []
  private(set) var vanished: [PublishedIndex.Line] = []
  /// Schemes' editions and issuer's editions that say something else, with how many are concerned.
  private(set) var changedSchemes: [SchemeEditionKey: Int] = [:]
  private(set) var changedIssuers: [Int: Int] = [:]
  /// The last issue date among those that an edition took over because it was dated back.
  private(set) var takenByScheme: [SchemeEditionKey: CalendarDate] = [:]
  private(set) var takenByIssuer: [Int: CalendarDate] = [:]
  private(set) var problems: [Registry.Problem] = []

  struct SchemeEditionKey: Hashable {
    let scheme: Int
    let edition: Int
  }

  private struct Moved {
    let ordinal: Int
    let was: Fingerprint
    /// The editions that it was published with.
    let scheme: SchemeEditionKey
    let issuerEdition: Int
  }

  init(
    ledger: Ledger, registry: Registry, fingerprints: Fingerprints, format: RecordFormat
  ) {
    self.ledger = ledger
    self.registry = registry
    self.fingerprints = fingerprints
    self.format = format
    positions = Array(repeating: nil, count: fingerprints.count)
    for scheme in registry.schemes.indices {
      for edition in registry.schemes[scheme].editions.all.indices {
        schemeEditions[format.schemeDigest(scheme, edition)] =
          SchemeEditionKey(scheme: scheme, edition: edition)
      }
    }
    for edition in registry.issuer.all.indices {
      issuerEditions[format.issuerDigest(edition)] = edition
    }
  }

  /// Finds each published certificate in the registry.
  mutating func matchPublished() throws(MachineFailure) {
    for line in ledger.published where !ledger.states.isErased(at: line.index) {
      let number = line.number
      guard let ordinal = registry.ordinal(number: number, revision: line.revision) else {
        if let erasure = registry.erasure(number: number, revision: line.revision) {
          compare(line.fingerprint.logID, erasure)
        } else {
          vanished.append(line)
        }
        continue
      }
      positions[ordinal] = Int32(line.index)
      let entry = fingerprints.entries[ordinal]
      if entry.fingerprint != line.fingerprint { findCause(ordinal, line) }
    }
    tellMovedFromEdited()
  }

  /// Finds what was edited so that a certificate has another fingerprint than the published one.
  ///
  /// A digest that no edition has any more is of one that was edited. Where all digests are known, the
  /// certificate under the editions it was published with tells whether these were only re-dated.
  private mutating func findCause(_ ordinal: Int, _ line: PublishedIndex.Line) {
    let entry = fingerprints.entries[ordinal]
    let now = SchemeEditionKey(scheme: entry.scheme, edition: entry.schemeEdition)
    guard let scheme = schemeEditions[line.schemeDigest] else {
      changedSchemes[now, default: 0] += 1
      return
    }
    guard let issuer = issuerEditions[line.issuerDigest] else {
      changedIssuers[entry.issuerEdition, default: 0] += 1
      return
    }
    if scheme.scheme == now.scheme, scheme != now || issuer != entry.issuerEdition {
      moved.append(
        Moved(
          ordinal: ordinal, was: line.fingerprint, scheme: scheme, issuerEdition: issuer))
    } else {
      changed.append((ordinal, line.fingerprint))
    }
  }

  /// Each row speaks for itself: one that was edited as well is a row that was edited.
  private mutating func tellMovedFromEdited() {
    moved.sort { $0.ordinal < $1.ordinal }
    var rest = moved[...]
    for shard in registry.shards {
      let here = rest.prefix { shard.ordinals.contains($0.ordinal) }
      guard !here.isEmpty else { continue }
      rest = rest.dropFirst(here.count)
      let certificates = registry.certificates(in: shard)
      for each in here {
        let entry = fingerprints.entries[each.ordinal]
        let now = SchemeEditionKey(scheme: entry.scheme, edition: entry.schemeEdition)
        let before = Fingerprint(
          of: format.bytes(
            of: certificates[each.ordinal - shard.ordinals.lowerBound], scheme: each.scheme.scheme,
            schemeEdition: each.scheme.edition, issuerEdition: each.issuerEdition))
        if before != each.was {
          changed.append((each.ordinal, each.was))
          continue
        }
        let issued = certificates[each.ordinal - shard.ordinals.lowerBound].issued
        if each.scheme != now {
          changedSchemes[now, default: 0] += 1
          takenByScheme[now] = max(takenByScheme[now] ?? issued, issued)
        } else {
          let edition = entry.issuerEdition
          changedIssuers[edition, default: 0] += 1
          takenByIssuer[edition] = max(takenByIssuer[edition] ?? issued, issued)
        }
      }
    }
  }

  /// Finds what happened to certificates since the log was last appended to.
  mutating func compareStatuses() {
    for (ordinal, entry) in fingerprints.entries.enumerated() {
      if positions[ordinal] == nil,
        ledger.states.position(of: entry.fingerprint.logID) != nil
      {
        problems.append(
          Registry.Problem(
            ordinal: ordinal, column: .number, id: "erased-certificate-restored",
            message: "An erased certificate stays erased: the log says so for ever",
            hint: "empty the row again but for number, status `erased` and status_date; to certify"
              + " the person anew, issue a new certificate"))
        continue
      }
      let last = positions[ordinal].map { ledger.states.lastEvent(at: Int($0)) } ?? .issued
      guard let wanted = event(of: entry, after: last) else {
        problems.append(
          Registry.Problem(
            ordinal: ordinal, column: .supersededBy, id: "successor-erased",
            message: "The log names each successor, and it never had this one, which was erased, as"
              + " the successor of this certificate",
            hint: "write the status and the successor that were published; where this is new, name"
              + " a certificate that stands, or write `revoked` and the day"))
        continue
      }
      guard last != .issued || wanted != .issued else { continue }
      // Its successor's own row was changed, which is said there.
      if let replacement = entry.replacement, positions[replacement] != nil,
        ledger.lastEvent(of: fingerprints[replacement].logID) == nil
      {
        continue
      }
      compare(last, wanted, ordinal: ordinal)
    }
  }

  /// What the registry says last happened; issuance for a certificate that is just valid.
  ///
  /// - Returns: nil where the log cannot say it: the successor was erased, and was never published
  ///   as one.
  private func event(
    of entry: Fingerprints.Entry, after last: LedgerEntry.Event
  ) -> LedgerEntry.Event? {
    switch (entry.status, entry.statusDate) {
    case (.valid, let date?): .reinstated(date)
    case (.suspended, let date?): .suspended(date)
    case (.revoked, let date?): .revoked(date)
    case (.superseded, let date?):
      successor(of: entry, after: last).map { .superseded(date, by: $0) }
    // The registry's own rules want a date for all but the valid ones.
    case (_, nil): .issued
    }
  }

  /// A successor as the log names it. Of one that was erased, only the log knows its name.
  private func successor(
    of entry: Fingerprints.Entry, after last: LedgerEntry.Event
  ) -> LogID? {
    if let replacement = entry.replacement { return fingerprints[replacement].logID }
    guard case .superseded(_, let published) = last,
      let position = ledger.states.position(of: published),
      !positions.contains(Int32(position))
    else { return nil }
    return published
  }

  private mutating func compare(
    _ last: LedgerEntry.Event, _ wanted: LedgerEntry.Event, ordinal: Int
  ) {
    func refuse(
      _ id: DiagnosticID, at column: Column = .status, _ message: String, _ hint: String
    ) {
      problems.append(
        Registry.Problem(ordinal: ordinal, column: column, id: id, message: message, hint: hint))
    }
    let lastDate = last.date
    let wantedDate = wanted.date
    switch (last, wanted) {
    case (.issued, .issued), (.reinstated, .issued): return
    case (.superseded(let was, let old), .superseded(let now, let new)) where was == now:
      guard old != new else { return }
      refuse(
        "successor-changed", at: .supersededBy,
        "A published successor never changes, and this one names another",
        "write the number of the certificate that was published as its successor")
    case (.revoked(let was), .revoked(let now)) where was == now: return
    case (.suspended(let was), .suspended(let now)) where was == now: return
    case (.reinstated(let was), .reinstated(let now)) where was == now: return
    case (.revoked(let was), .revoked), (.superseded(let was, _), .superseded):
      refuse(
        "status-date-changed", at: .statusDate,
        "A published date never changes, and this one was \(was)",
        "write \(was) in status_date")
    case (.revoked(let was), _):
      refuse(
        "status-back-from-revoked",
        "A revoked certificate stays revoked; this one was published as revoked on \(was)",
        "write `revoked` and \(was) again; to certify the person anew, issue a new certificate")
    case (.superseded(let was, _), let now) where !now.isRevocation:
      refuse(
        "status-back-from-superseded",
        "A superseded certificate stays superseded; this one was published so on \(was)",
        "write `superseded` and \(was) again, or `revoked` with its date")
    case (.suspended(let was), .issued):
      refuse(
        "reinstatement-without-date",
        "A certificate that was published as suspended (\(was)) is reinstated on a day",
        "write `valid` in status and the day in status_date")
    case _ where (wantedDate ?? .distantPast) < (lastDate ?? .distantPast):
      refuse(
        "back-dated-status", at: .statusDate,
        "Nothing is published with a date before what the log already has"
          + (lastDate.map { " (\($0))" } ?? ""),
        "correct status_date")
    default:
      changes.append(LedgerEntry(fingerprints[ordinal].logID, wanted))
    }
  }

  private mutating func compare(_ certificate: LogID, _ erasure: Erasure) {
    let last = ledger.lastEvent(of: certificate)?.date
    if let last, erasure.date < last {
      problems.append(
        Registry.Problem(
          erasure, column: .statusDate, id: "back-dated-status",
          message: "Nothing is published with a date before what the log already has (\(last))",
          hint: "correct status_date"))
    } else {
      changes.append(LedgerEntry(certificate, .erased(erasure.date)))
    }
  }

  // MARK: What is appended

  /// What a seal appends: an entry, with its certificate's ordinal where it issues one.
  struct Addition {
    let entry: LedgerEntry
    let issues: Int?
  }

  /// All that is new, in the order of log ids, and for one certificate in that of events.
  ///
  /// So a place in the log says nothing about a certificate's number or date.
  func additions() -> [Addition] {
    let issuances = positions.indices.filter { positions[$0] == nil }.map {
      Addition(entry: LedgerEntry(fingerprints[$0].logID, .issued), issues: $0)
    }
    return (issuances + changes.map { Addition(entry: $0, issues: nil) }).sorted {
      let (left, right) = ($0.entry.certificate, $1.entry.certificate)
      // A certificate has one change at most, and an issuance comes before it.
      return left == right ? $0.issues != nil : left < right
    }
  }
}

extension LedgerEntry.Event {
  fileprivate var isRevocation: Bool {
    if case .revoked = self { true } else { false }
  }
}
