import Diagnostics
public import Input
import Layout
public import Proof

/// Looks at a published site as somebody outside does every day, and compares it with the last look.
///
/// What is trusted is what was seen before (or the key that the user brought along), never what the
/// site says of itself today.
public struct SiteMonitor: Sendable {
  let site: PublishedSite
  /// The checkpoint of the last look; nil the first time.
  let earlier: [UInt8]?
  /// What else the last look saw; nil the first time.
  let seen: MonitorState?
  /// The key that the user names: the one in use must be this.
  let pinned: PublicKey?
  /// Whose cosignatures the checkpoint must have; nil for nobody's.
  let policy: WitnessPolicy?
  /// Who is about to cosign what the look sees; nil for nobody.
  let witness: StaticWitness?
  /// Whether the keys must be those in the DNS.
  let asksDNS: Bool
  let today: CalendarDate

  public init(
    site: PublishedSite, earlier: [UInt8]?, seen: MonitorState?, pinned: PublicKey?,
    policy: WitnessPolicy? = nil, witness: StaticWitness? = nil, asksDNS: Bool = false,
    today: CalendarDate
  ) {
    self.site = site
    self.earlier = earlier
    self.seen = seen
    self.pinned = pinned
    self.policy = policy
    self.witness = witness
    self.asksDNS = asksDNS
    self.today = today
  }

  /// What a look found.
  public struct Outcome: Sendable, Encodable {
    public fileprivate(set) var steps: [Verification.Step] = []
    /// The log's name, once its checkpoint was opened.
    public fileprivate(set) var origin: String?
    /// How many entries the log has, and had at the last look.
    public fileprivate(set) var size: Int?
    public fileprivate(set) var sizeBefore: Int?
    /// The last day of the status lists.
    public fileprivate(set) var listsUntil: String?
    /// Every key of the history, the one in use first.
    public fileprivate(set) var keys: [String] = []
    /// Those that the last look did not see.
    public fileprivate(set) var newKeys: [String] = []

    /// What the next look is to be given; only what passed every step is worth keeping.
    public var isClean: Bool { !steps.isEmpty && steps.allSatisfy { $0.result == .passed } }

    /// Whether the site contradicts itself or what was seen before.
    public var isContradicted: Bool { steps.contains { $0.result == .failed } }

    /// What to keep for the next look, when all is well.
    public var keepsake: (seen: MonitorState, checkpoint: [UInt8])? {
      guard isClean, let seen, let note else { return nil }
      return (seen, note)
    }

    fileprivate var seen: MonitorState?
    fileprivate var note: [UInt8]?
    /// The log, and what the witness had published of it before.
    var log: LogReader?
    var published: [UInt8]?

    private enum CodingKeys: String, CodingKey {
      case steps, origin, size, sizeBefore, listsUntil, keys, newKeys
    }

    fileprivate mutating func add(
      _ name: String, _ result: Verification.Step.Result, _ reason: String
    ) {
      steps.append(Verification.Step(name: name, result: result, reason: reason))
    }
  }

  /// Looks once. What the site does not answer could not be checked; everything else still is.
  public func look() async -> Outcome {
    var outcome = Outcome()
    var history: (issuer: String, keys: IssuerKeys)?
    await step("keys", &outcome) { outcome in
      history = try await readKeys(&outcome)
    }
    if asksDNS, let (issuer, keys) = history {
      switch KeyRecordCheck.run(keys, host: KeyDirectory.host(of: issuer)) {
      case .same(let reason): outcome.add("dns", .passed, reason)
      case .differs(let reason): outcome.add("dns", .failed, reason)
      case .notRun(let reason): outcome.add("dns", .notRun, reason)
      }
    }
    // A site whose keys are wrong is still held against the keys that were seen before.
    guard let (issuer, keys) = history ?? seen.map({ ($0.issuer, $0.keys) }) else { return outcome }
    guard let directory = KeyDirectory(keys, issuer: issuer) else { return outcome }
    var log: LogReader?
    await step("checkpoint", &outcome) { outcome in
      let read = try await LogReader(site, directory: directory)
      try await read.checkRoot()
      log = read
      outcome.origin = read.checkpoint.origin
      outcome.size = read.checkpoint.size
      outcome.note = read.note
      outcome.add(
        "checkpoint", .passed,
        "\(read.checkpoint.origin) has \(read.checkpoint.size) entries, its key signed that, and"
          + " its tiles lead to it")
    }
    guard let log else { return outcome }
    outcome.log = log
    await step("consistency", &outcome) { outcome in
      try await compareEarlier(log, &outcome)
    }
    if let witness {
      await step("witness", &outcome) { outcome in
        try await comparePublished(by: witness, log, &outcome)
      }
    }
    if let policy {
      await step("witnesses", &outcome) { outcome in
        let report = try WitnessReport(
          SignedNote(log.note), by: log.verifier, policy: policy, today: today)
        outcome.add("witnesses", report.hasQuorum ? .passed : .notRun, report.sentence)
      }
    }
    let lists = await checkLists(of: log, directory, &outcome)
    if let lists { outcome.seen = MonitorState(issuer: issuer, keys: keys, lists: lists) }
    return outcome
  }

  /// Runs a step; what it throws is that it failed, or that it could not be run.
  private func step(
    _ name: String, _ outcome: inout Outcome, _ run: (inout Outcome) async throws -> Void
  ) async {
    do {
      try await run(&outcome)
    } catch let failure as NoteFailure {
      outcome.add(name, failure.isMissing ? .notRun : .failed, failure.description)
    } catch let failure as MachineFailure {
      outcome.add(name, .notRun, failure.description)
    } catch {
      outcome.add(name, .failed, "\(error)")
    }
  }

  // MARK: Keys

  private func readKeys(
    _ outcome: inout Outcome
  ) async throws -> (issuer: String, keys: IssuerKeys)? {
    guard let did = try await site.read(SingleFile.didDocument.path.text) else {
      throw NoteFailure(missing: SingleFile.didDocument.path.text)
    }
    let issuer = try KeyDirectory(did).issuer
    if let seen, seen.issuer != issuer {
      throw NoteFailure("did.json is that of \(issuer), and the last look saw \(seen.issuer)")
    }
    let host = KeyDirectory.host(of: issuer)
    if let asked = site.host, asked != (normalHost(host) ?? host) {
      throw NoteFailure("\(asked) is not the issuer's site: its keys are those of \(host)")
    }
    guard let published = try await site.read(SingleFile.keys.path.text) else {
      throw NoteFailure(missing: SingleFile.keys.path.text)
    }
    let keys = try IssuerKeys(published: published, origin: host + "/log")
    let history = keys.history
    guard let current = history.current else { throw NoteFailure("keys.json lists no keys") }
    guard try JSONParser.parse(did).isSame(as: keys.didDocument(issuer: issuer)) else {
      throw NoteFailure("did.json is not what the history in keys.json makes of it")
    }
    if let contradiction = seen.flatMap({ keys.contradiction(to: $0.keys) }) {
      throw NoteFailure(contradiction)
    }
    if let early = history.entries.first(where: { $0.from > today.adding(days: 1) }) {
      throw NoteFailure("keys.json has a key in use from a day to come, \(early.from)")
    }
    if let pinned, current.key != pinned, keys.log != pinned {
      throw NoteFailure(
        "the key in use is \(current.key.multikey), since \(current.from), and not the one that was"
          + " named: ask the institution for its key by a second route")
    }
    outcome.keys = history.entries.reversed().map(\.key.multikey)
    if let seen {
      outcome.newKeys = history.entries.dropFirst(seen.keys.history.entries.count).map(
        \.key.multikey)
    }
    outcome.add("keys", .passed, words(for: current, isNew: !outcome.newKeys.isEmpty))
    return (issuer, keys)
  }

  private func words(for current: KeyHistory.Entry, isNew: Bool) -> String {
    let key = "\(current.key.multikey), in use since \(current.from)"
    if pinned != nil { return "the key in use is the one that was named, \(key)" }
    if seen == nil { return "taken on trust, since this is the first look: \(key)" }
    return isNew
      ? "the history names a new key: \(key); ask the institution whether it is its own"
      : "as they were: \(key)"
  }

  // MARK: The log and the lists

  private func compareEarlier(
    _ log: LogReader, _ outcome: inout Outcome
  ) async throws {
    guard let earlier else { return }
    outcome.sizeBefore =
      try Checkpoint(text: try SignedNote(earlier).open(log.earlierVerifiers)).size
    switch try await log.consistency(with: earlier) {
    case .success(let text): outcome.add("consistency", .passed, text)
    case .failure(let failure): outcome.add("consistency", .failed, failure.description)
    }
  }

  /// Holds the log against what the witness published of it last, whatever its memory says.
  private func comparePublished(
    by witness: StaticWitness, _ log: LogReader, _ outcome: inout Outcome
  ) async throws {
    outcome.published = try witness.published(ofLog: log.checkpoint.origin)
    guard let published = outcome.published else { return }
    do {
      _ = try CosignedCheckpoint(
        published, by: witness.signer.verifier, logs: log.earlierVerifiers)
    } catch {
      throw NoteFailure("what this witness published last does not hold: \(error)")
    }
    switch try await log.consistency(with: published) {
    case .success(let text): outcome.add("witness", .passed, text)
    case .failure(let failure): outcome.add("witness", .failed, failure.description)
    }
  }

  /// Looks at every status list.
  ///
  /// - Returns: the day on which they were made; nil when one of them is not as it should be.
  private func checkLists(
    of log: LogReader, _ directory: KeyDirectory, _ outcome: inout Outcome
  ) async -> CalendarDate? {
    let count = max(1, (log.checkpoint.size + StatusList.length - 1) / StatusList.length)
    var made: [CalendarDate] = []
    var until: [CalendarDate] = []
    let lists = await StatusListReader.series(on: site)
    for series in lists {
      for number in 0..<count {
        let name = "\(series.name) list \(number)"
        await step(name, &outcome) { outcome in
          let keys = try TrustedKeys(directory, named: pinned.map { [$0] } ?? [])
          let reader = StatusListReader(site: site, keys: keys, today: today)
          switch await reader.read(number, series) {
          case .wrong(let reason): outcome.add(name, .failed, reason)
          case .notRun(_, let reason): outcome.add(name, .notRun, reason)
          case .list(let list):
            let days = try check(list)
            made.append(days.made)
            until.append(days.until)
            outcome.add(name, .passed, "made on \(days.made), good until \(days.until)")
          }
        }
      }
    }
    guard made.count == lists.count * count else { return nil }
    outcome.listsUntil = until.min()?.description
    return made.min()
  }

  /// From when to when a list is good, if it counts today and is no older than the last look's.
  private func check(
    _ list: StatusListReader.Signed
  ) throws(NoteFailure) -> (made: CalendarDate, until: CalendarDate) {
    if let (cause, reason) = ListAnswer.objection(from: list.from, until: list.until, today: today)
    {
      // A list that ran out is late; one with other days than a list can have is wrong.
      let isLate = cause == .outdated && (list.until ?? today) < today
      throw NoteFailure(reason, isLate ? .missing : .wrong)
    }
    guard let made = list.from, let until = list.until else {
      throw NoteFailure("it does not say from when to when it is good")
    }
    if let last = seen?.lists, made < last {
      throw NoteFailure("it is of \(made), and the last look saw one of \(last)")
    }
    return (made, until)
  }
}
