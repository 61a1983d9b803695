import Diagnostics
import Foundation
public import Input
import Layout
public import Proof

/// Walks the whole public log of a site and everything that must agree with it.
public struct LogAudit: Sendable {
  let site: PublishedSite
  /// Codes of certificates to look at, where the site cannot be listed.
  let codes: [CertificateCode]
  let earlier: [UInt8]?
  /// Public keys that the user trusts more than the site.
  let named: [PublicKey]
  /// Whose cosignatures the checkpoint must have; nil for nobody's.
  let policy: WitnessPolicy?
  /// A site or a checkpoint of somebody else, which is to be of the same log.
  let other: PublishedSite?
  let today: CalendarDate

  /// - Parameters:
  ///   - codes: the certificates to check on a site on the web, which nothing public may
  ///     enumerate; a folder is checked whole.
  ///   - earlier: a checkpoint saved earlier.
  ///   - other: what somebody else is shown of the log.
  public init(
    site: PublishedSite, codes: [CertificateCode], earlier: [UInt8]?, named: [PublicKey],
    policy: WitnessPolicy? = nil, against other: PublishedSite? = nil, today: CalendarDate
  ) {
    self.site = site
    self.codes = codes
    self.earlier = earlier
    self.named = named
    self.policy = policy
    self.other = other
    self.today = today
  }

  /// What an audit found.
  public struct Outcome: Sendable, Encodable {
    public fileprivate(set) var steps: [Verification.Step] = []
    public fileprivate(set) var entries = 0
    public fileprivate(set) var certificates = 0

    /// Whether every step passed.
    public var isClean: Bool { !steps.isEmpty && steps.allSatisfy { $0.result == .passed } }

    /// Whether something contradicts the log, rather than being missing or out of date.
    public var isContradicted: Bool { steps.contains { $0.result == .failed } }

    mutating func add(
      _ name: String, _ result: Verification.Step.Result, _ reason: String
    ) {
      steps.append(Verification.Step(name: name, result: result, reason: reason))
    }
  }

  /// What the log says of a certificate.
  private struct State {
    let index: Int
    var event: LedgerEntry.Event
  }

  /// Runs the audit.
  ///
  /// - Parameter progress: gets how many entries or certificates are done, and of what.
  /// - Throws: `MachineFailure` when the site does not answer.
  public func run(progress: (String, Int) -> Void) async throws -> Outcome {
    var outcome = Outcome()
    let keys: TrustedKeys
    let history: KeyHistory?
    let log: LogReader
    do {
      keys = try await self.keys()
      history = try await IssuerKeys.read(site, origin: keys.directory.logOrigin)?.history
      log = try await LogReader(site, directory: keys.directory)
    } catch let failure as MachineFailure {
      throw failure
    } catch {
      outcome.add("checkpoint", .failed, "\(error)")
      return outcome
    }
    outcome.add(
      "checkpoint", .passed, "\(log.checkpoint.origin) has \(log.checkpoint.size) entries")
    checkWitnesses(of: log, &outcome)
    try await compareOther(with: log, &outcome)
    if history == nil {
      outcome.add("keys", .notRun, "keys.json is missing, which says when each key was in use")
    }
    let states: [LogID: State]
    do {
      states = try await walk(log, progress: progress)
    } catch let failure as NoteFailure {
      outcome.add("log", .failed, failure.description)
      return outcome
    }
    outcome.entries = log.checkpoint.size
    outcome.add("log", .passed, "every entry and tile agrees with the checkpoint")
    try await compareEarlier(log, &outcome)
    await compareStatusLists(states, keys, size: log.checkpoint.size, &outcome)
    try await compareCertificates(states, keys, history, &outcome, progress: progress)
    return outcome
  }

  private func keys() async throws -> TrustedKeys {
    guard let bytes = try await site.read(SingleFile.didDocument.path.text) else {
      throw NoteFailure("\(SingleFile.didDocument.path) is missing")
    }
    let listed = try KeyDirectory(bytes)
    if let host = site.host, host != listed.officialHost {
      throw NoteFailure("\(host) is not the issuer's site: its keys are those of \(listed.host)")
    }
    return try TrustedKeys(listed, named: named)
  }

  // MARK: The log

  private func walk(
    _ log: LogReader, progress: (String, Int) -> Void
  ) async throws -> [LogID: State] {
    var edge = TreeEdge()
    var states: [LogID: State] = [:]
    for tile in Tile.bundles(size: log.checkpoint.size) {
      let path = "log/\(tile.path)"
      guard let bytes = try await site.read(path, limit: Tile.width * 65_537) else {
        throw NoteFailure("\(path) is missing")
      }
      let entries: [ArraySlice<UInt8>]
      do {
        entries = try EntryBundle(bytes, count: tile.count).entries
      } catch {
        throw NoteFailure("\(path): \(error)")
      }
      for bytes in entries {
        guard let entry = LedgerEntry(bytes), Self.apply(entry, at: edge.size, to: &states) else {
          throw NoteFailure("\(path): entry \(edge.size) cannot be one of this log")
        }
        for full in edge.append(MerkleTree.leaf(bytes)) { try await compare(full) }
      }
      progress("entries", edge.size)
    }
    for partial in edge.partialTiles { try await compare(partial) }
    guard edge.root == log.checkpoint.root else {
      throw NoteFailure("the entries do not lead to the checkpoint's root")
    }
    return states
  }

  private func compare(_ tile: TreeEdge.FilledTile) async throws {
    let path = "log/\(tile.tile.path)"
    guard let bytes = try await site.read(path, limit: Tile.width * 32) else {
      throw NoteFailure("\(path) is missing")
    }
    guard bytes == tile.hashes.flatMap(\.bytes) else {
      throw NoteFailure("\(path): its hashes are not those of the entries")
    }
  }

  /// False for an entry that contradicts those before it.
  private static func apply(
    _ entry: LedgerEntry, at index: Int, to states: inout [LogID: State]
  ) -> Bool {
    guard entry.event != .issued else {
      return states.updateValue(State(index: index, event: .issued), forKey: entry.certificate)
        == nil
    }
    guard let last = states[entry.certificate]?.event else { return false }
    if case .erased = last { return false }
    if case .revoked = last, entry.type != "erased" { return false }
    states[entry.certificate]?.event = entry.event
    return true
  }

  private func compareEarlier(_ log: LogReader, _ outcome: inout Outcome) async throws {
    guard let earlier else { return }
    switch try await log.consistency(with: earlier) {
    case .success(let text): outcome.add("consistency", .passed, text)
    case .failure(let failure): outcome.add("consistency", .failed, failure.description)
    }
  }

  private func compareStatusLists(
    _ states: [LogID: State], _ keys: TrustedKeys, size: Int, _ outcome: inout Outcome
  ) async {
    let reader = StatusListReader(site: site, keys: keys, today: today)
    for series in await StatusListReader.series(on: site) {
      var wanted: Set<Int> = []
      for state in states.values where state.event.sets(series) { wanted.insert(state.index) }
      for number in 0..<max(1, (size + StatusList.length - 1) / StatusList.length) {
        let name = "\(series.name) list \(number)"
        switch await reader.read(number, series) {
        case .wrong(let reason): outcome.add(name, .failed, reason)
        case .notRun(_, let reason): outcome.add(name, .notRun, reason)
        case .list(let signed):
          if let (_, reason) = ListAnswer.objection(
            from: signed.from, until: signed.until, today: today)
          {
            outcome.add(name, .notRun, "it does not count today: \(reason)")
          }
          let list = signed.list
          let first = number * StatusList.length
          let wrong = (0..<StatusList.length).first { list[$0] != wanted.contains(first + $0) }
          outcome.add(
            name, wrong == nil ? .passed : .failed,
            wrong.map { "the log and the list disagree on entry \(first + $0)" }
              ?? "it says what the log says")
        }
      }
    }
  }

  // MARK: Certificates

  private func compareCertificates(
    _ states: [LogID: State], _ keys: TrustedKeys, _ history: KeyHistory?,
    _ outcome: inout Outcome, progress: (String, Int) -> Void
  ) async throws {
    let listed = try site.certificateCodes()
    var seen: Set<LogID> = []
    var erased = 0
    var badges = 0
    for code in listed ?? codes {
      let isErased = try await isErased(code)
      if isErased { erased += 1 }
      let found =
        isErased
        ? try await problem(withErased: code)
        : try await problem(with: code, states, keys, history, seen: &seen, badges: &badges)
      if let problem = found {
        outcome.add("certificate \(code)", .failed, problem)
      } else if listed != nil, let problem = try await problem(withCompressed: code) {
        outcome.add("certificate \(code)", .failed, problem)
      }
      outcome.certificates += 1
      if outcome.certificates.isMultiple(of: 100) { progress("certificates", outcome.certificates) }
    }
    if badges > 0, await !StatusListReader.series(on: site).contains(.badges) {
      outcome.add(
        "badges list 0", .failed,
        "\(badges) certificates have a badge, and no list says which of them are revoked")
    }
    // An erased page does not say whose it is, so that all that can be compared is how many.
    let erasures = states.count { $0.value.event.isErasure }
    if erased > erasures {
      outcome.add(
        "certificates", .failed,
        "\(erased) pages say that a certificate was erased, and the log has \(erasures)")
    }
    if listed != nil {
      let missing = states.count { !$0.value.event.isErasure && !seen.contains($0.key) }
      if missing > 0 {
        outcome.add("certificates", .failed, "\(missing) that the log knows have no page")
      }
    } else if codes.isEmpty {
      outcome.add(
        "certificates", .notRun,
        "none were looked at: a site on the web does not list them; name some with --list")
      return
    }
    if !outcome.steps.contains(where: { $0.name.hasPrefix("certificate") && $0.result == .failed })
    {
      outcome.add(
        "certificates", .passed,
        "\(outcome.certificates - erased) pages, records and credentials agree with the log"
          + (badges == 0 ? "" : ", \(badges) badges too")
          + (erased == 0 ? "" : ", and \(erased) more say that they were erased"))
    }
  }

  private func isErased(_ code: CertificateCode) async throws -> Bool {
    try await site.read("\(code.folder)/index.html").map { ErasedPage.isOne($0) } ?? false
  }

  /// What is wrong with the files beside the page of an erased certificate, if anything is.
  private func problem(withErased code: CertificateCode) async throws -> String? {
    for name in ["record.json", "credential.json", "badge.json"]
    where try await site.read("\(code.folder)/\(name)") != nil {
      return "its page says that its data was erased, and \(name) is still there"
    }
    return nil
  }

  /// What is wrong with the compressed pages that a host may send in place of the plain one, if
  /// anything is.
  private func problem(withCompressed code: CertificateCode) async throws -> String? {
    let path = "\(code.folder)/index.html"
    for kind in Compression.allCases {
      guard let bytes = try await site.read(path + kind.suffix) else { continue }
      guard let page = try await site.read(path), kind.isCompressed(bytes, of: page) else {
        return "its index.html\(kind.suffix) is another page than its index.html"
      }
    }
    return nil
  }

  /// What is wrong with a certificate's files, if anything is.
  private func problem(
    with code: CertificateCode, _ states: [LogID: State], _ keys: TrustedKeys,
    _ history: KeyHistory?, seen: inout Set<LogID>, badges: inout Int
  ) async throws -> String? {
    let page = try await site.read("\(code.folder)/index.html").flatMap {
      CertificatePageMetadata($0)
    }
    guard let bytes = try await site.read("\(code.folder)/record.json") ?? page?.record else {
      return "its record is missing"
    }
    let record: Record
    do {
      record = try Record(bytes)
    } catch {
      return "its record is none: \(error)"
    }
    guard record.fingerprint.code == code else { return "its record has another hash" }
    guard let state = states[record.fingerprint.logID] else { return "the log does not know it" }
    seen.insert(record.fingerprint.logID)
    let credential = try await site.read("\(code.folder)/credential.json")
    if credential == nil, page?.isSignedByLogAlone == true, page?.logIndex != state.index {
      return "its page names another place in the log"
    }
    guard credential != nil || page?.isSignedByLogAlone == true else {
      return "its credential is missing"
    }
    if let credential,
      let problem = await problem(with: credential, .credential, of: record, state, keys, history)
    {
      return problem
    }
    if let badge = try await site.read("\(code.folder)/badge.json") {
      badges += 1
      if let problem = await problem(with: badge, .badge, of: record, state, keys, history) {
        return problem
      }
    }
    guard let page else { return "its page is missing or states no status" }
    guard page.fingerprint == record.fingerprint else { return "its page shows another record" }
    guard page.status == state.event.statusName else {
      return "its page says \(page.status), and the log \(state.event.statusName)"
    }
    return nil
  }

  private func problem(
    with bytes: [UInt8], _ file: CertificateVerifier.SignedFile, of record: Record, _ state: State,
    _ keys: TrustedKeys, _ history: KeyHistory?
  ) async -> String? {
    do {
      let signed = try await CertificateVerifier.Signed(bytes, file, of: record, keys.directory)
      guard keys.counts(signed.key) else {
        return "its \(file.word) is signed by a key that was not named, \(signed.key.multikey)"
      }
      if let history, let problem = signed.objection(to: record, history) { return problem }
      guard CertificateVerifier.logIndex(signed.document) == state.index else {
        return "its \(file.word) names another place in the log"
      }
    } catch {
      return "its \(file.word) does not hold: \(error)"
    }
    return nil
  }
}

extension LedgerEntry.Event {
  /// The word that a page shows after this event.
  var statusName: String {
    switch self {
    case .issued, .reinstated: "valid"
    case .revoked: "revoked"
    case .suspended: "suspended"
    case .superseded: "superseded"
    case .erased: "erased"
    }
  }

  fileprivate var isErasure: Bool {
    if case .erased = self { true } else { false }
  }
}
