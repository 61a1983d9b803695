import Diagnostics
import Input
import Proof
import Testing

@Suite struct WitnessTests {
  private let checkpoint = Checkpoint(
    origin: "example.com/log", size: 9, root: Digest(hashing: [1, 2, 3]))
  private let log: NoteSigner
  private let witness: NoteSigner

  init() throws {
    // One key may sign both ways, since its two ids differ.
    let key = try #require(
      SigningKey(secretMultikey: "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"))
    log = try NoteSigner(name: "example.com/log", key: key)
    witness = try NoteSigner(name: "watch.example/w", key: key, kind: .cosignature)
  }

  private func note(_ lines: String...) throws -> SignedNote {
    try SignedNote(try log.sign(checkpoint.text) + Array(lines.joined().utf8))
  }

  private func read(_ text: String) -> (policy: WitnessPolicy?, ids: [String]) {
    var findings = Findings()
    let policy = WitnessPolicy(Array(text.utf8), displayPath: "policy", findings: &findings)
    return (policy, findings.diagnostics.map(\.id.name))
  }

  @Test func aCosignatureIsReadAsItWasSigned() throws {
    let note = try note(try witness.cosign(checkpoint, at: 1_795_410_123))
    let found = try #require(try note.cosignature(by: witness.verifier))
    #expect(found.seconds == 1_795_410_123)
    #expect(found.moment == "2026-11-23 05:02 UTC")
    #expect(found.line == (try witness.cosign(checkpoint, at: 1_795_410_123)))
    #expect(try note.open([log.verifier]) == checkpoint.text)
  }

  @Test func theTypeIsAPartOfTheKey() throws {
    let key = "\(witness.verifier)"
    #expect(try NoteVerifier(key, kind: .cosignature) == witness.verifier)
    #expect(throws: NoteFailure.self) { try NoteVerifier(key) }
    #expect(throws: NoteFailure.self) { try NoteVerifier("\(log.verifier)", kind: .cosignature) }
    let same = try NoteVerifier(name: log.verifier.name, key: log.verifier.key, kind: .cosignature)
    #expect(same.keyID != log.verifier.keyID)
  }

  @Test func noFlippedBitOfALineIsAccepted() throws {
    let line = Array(try witness.cosign(checkpoint, at: 1_795_410_123).utf8)
    let start = Array(try log.sign(checkpoint.text))
    for index in line.indices {
      var changed = line
      changed[index] ^= 1
      let found = try? SignedNote(start + changed).cosignature(by: witness.verifier)
      #expect(found == nil, "byte \(index)")
    }
  }

  @Test func theNewestOfSeveralLinesCounts() throws {
    let moments = [1_795_410_000, 1_795_410_900, 1_795_410_500]
    let lines = try moments.map { try witness.cosign(checkpoint, at: $0) }
    let note = try note(lines[0], lines[1], lines[2])
    #expect(try note.cosignature(by: witness.verifier)?.seconds == moments[1])
    let newest = try #require(try note.cosignature(by: witness.verifier))
    let once = try SignedNote(note.adding(newest))
    #expect(once.signatures.count == 2)
    #expect(once.text == checkpoint.text)
  }

  @Test(arguments: [0, -1, 253_402_300_800]) func aMomentThatNoCalendarHasIsRefused(seconds: Int)
    throws
  {
    let line = try witness.cosign(checkpoint, at: max(0, seconds))
    let note = try note(line)
    #expect(throws: NoteFailure.self) { try note.cosignature(by: witness.verifier) }
  }

  @Test func aWitnessAloneOpensNoCheckpoint() throws {
    let line = try witness.cosign(checkpoint, at: 1_795_410_000)
    let alone = try SignedNote(Array("\(checkpoint.text)\n\(line)".utf8))
    #expect(throws: NoteFailure.self) { try alone.open([log.verifier]) }
  }

  @Test func linesThatStandAloneAreReadBelowTheNote() throws {
    let note = try note()
    let line = try witness.cosign(checkpoint, at: 1_795_410_000)
    #expect(try note.answered(Array(line.utf8))?.cosignature(by: witness.verifier) != nil)
    for answer in ["", "\n", "text\n", "\n\(line)", line + "x", "\(checkpoint.text)\n\(line)"] {
      let found = note.answered(Array(answer.utf8))
      #expect((try? found?.cosignature(by: witness.verifier)) ?? nil == nil, "\(answer)")
    }
  }

  @Test func aReportSaysWhoAndWhetherTheySuffice() throws {
    let key = "\(witness.verifier)"
    let policy = try #require(read("witness w \(key)\nquorum w").policy)
    let today = CalendarDate(daysSinceEpoch: 1_795_410_000 / 86_400)
    let line = try witness.cosign(checkpoint, at: 1_795_410_000)
    let met = try WitnessReport(
      note(line), by: log.verifier, policy: policy, today: today)
    #expect(met.hasQuorum)
    #expect(met.sentence == "cosigned by w (2026-11-23 05:00 UTC)")
    let alone = try WitnessReport(note(), by: log.verifier, policy: policy, today: today)
    #expect(!alone.hasQuorum)
    #expect(alone.sentence.hasPrefix("shown to you alone, for all that can be told"))
    #expect(policy.bytes.last == 0x0A)
    #expect(policy.rule == "quorum w")
    let early = try WitnessReport(
      note(line), by: log.verifier, policy: policy, today: today.adding(days: -2))
    #expect(!early.hasQuorum)
  }

  @Test func noBytesMakeTheReaderOfPoliciesStumble() {
    var generator = SystemRandomNumberGenerator()
    let words = [
      "log", "witness", "group", "quorum", "none", "all", "any", "2", "w1", "w2", " ", "\t", "\n",
      "#", "\r", "\u{7F}", "https://a", "\(witness.verifier)", "\(log.verifier)",
      "99999999999999999999",
    ]
    for _ in 0..<2000 {
      let count = Int.random(in: 0..<24, using: &generator)
      let text = (0..<count).map { _ in words.randomElement(using: &generator) ?? "" }
      let (policy, ids) = read(text.joined(separator: Bool.random(using: &generator) ? " " : ""))
      #expect((policy == nil) == !ids.isEmpty)
    }
  }

  @Test func aDeepPolicyIsReadWithoutRecursion() throws {
    let key = "\(witness.verifier)"
    let groups = (1..<1500).map { "group g\($0) all g\($0 - 1)\n" }.joined()
    let policy = try #require(
      read("witness w \(key)\ngroup g0 any w\n\(groups)quorum g1499\n").policy)
    #expect(policy.isQuorum([0]))
    #expect(!policy.isQuorum([]))
  }

  @Test func theRecordsOfTheDNSNameEachKey() throws {
    let keys = try IssuerKeys(
      published: Array(
        #"{"keys":[{"from":"2024-10-01","key":"\#(log.verifier.key.multikey)"}],"log":{"key":"\#(log.verifier.key.multikey)","verifierKey":"\#(log.verifier)"}}"#
          .utf8), origin: "example.com/log")
    let records = try KeyRecords(keys, origin: "example.com/log")
    #expect(records.texts.count == 2)
    #expect(records.contradiction(to: records.texts.reversed() + ["v=spf1 -all"]) == nil)
    #expect(records.contradiction(to: [records.texts[0]]) != nil)
    #expect(KeyRecords.name(host: "example.com:8080") == "_canting.example.com")
  }
}
