public import Diagnostics
import Files
public import Input
import Layout
import Output
public import Proof
public import SystemPackage
import Verification

/// Collects the cosignatures of a policy's witnesses for the site of the last build, and keeps them: in the
/// ledger first, then in the site.
public struct Cosigning: Sendable {
  /// A witness of the policy, and what came of it.
  public struct Line: Sendable, Encodable {
    public let witness: String
    /// When it cosigned, in UTC; nil where it did not.
    public let cosigned: String?
    /// Why it did not.
    public let reason: String?
  }

  /// What the checkpoint has in the end.
  public struct Outcome: Sendable, Encodable {
    public let size: Int
    public let hasQuorum: Bool
    /// How many lines are new.
    public let added: Int
    public let witnesses: [Line]
  }

  private let folder: OutputFolder
  private let displayPath: String
  private let cacheFile: BuildCacheFile
  private let ledger: LedgerStore
  private let policy: WitnessPolicy
  private let today: CalendarDate
  private let output: FilePath

  /// - Returns: nil, with findings, where there is no site of the ledger's checkpoint.
  public init?(
    root: FilePath, output: FilePath, displayPath path: String, ledger: LedgerStore,
    policy: WitnessPolicy, today: CalendarDate, findings: inout Findings
  ) throws {
    guard
      let folder = try OutputFolder.open(output, displayPath: path, findings: &findings)
    else { return nil }
    func refuse(_ id: DiagnosticID, _ message: String) {
      findings.add(
        Diagnostic(
          id, at: SourceLocation(path: path), message: message, hint: "run `canting build`"))
    }
    guard !folder.isUnfinished, let published = try folder.publishedCheckpoint() else {
      refuse("site-not-built", "What is cosigned is the log of a site that was built")
      return nil
    }
    guard let stored = try ledger.storedCheckpoint(),
      Self.text(of: stored) == Self.text(of: published), Self.text(of: stored) != nil
    else {
      refuse(
        "site-and-ledger-differ",
        "The site's log ends where the ledger does, and this one does not")
      return nil
    }
    self.folder = folder
    displayPath = path
    cacheFile = BuildCacheFile(root: root, output: output)
    self.ledger = ledger
    self.policy = policy
    self.today = today
    self.output = output
  }

  private static func text(of note: [UInt8]) -> String? {
    do {
      return try SignedNote(note).text
    } catch {
      return nil
    }
  }

  /// Asks every witness that has not cosigned the checkpoint yet.
  ///
  /// - Parameter requiresQuorum: whether a checkpoint without a quorum is an error.
  public func run(
    requiresQuorum: Bool, findings: inout Findings
  ) async throws -> Outcome {
    let log = try await reader()
    guard var note = try ledger.keep([], of: log.checkpoint) else { throw changed }
    var report = try WitnessReport(
      SignedNote(note), by: log.verifier, policy: policy, today: today)
    let waiting = policy.witnesses.filter { report.absent.contains($0.name) }
    let answers = try await WitnessClient(log, today: today).ask(waiting)
    var added: [Cosignature] = []
    var reasons: [String: String] = [:]
    for (witness, answer) in zip(waiting, answers) {
      if case .cosigned(let cosignature) = answer {
        added.append(cosignature)
      } else {
        let finding = finding(witness.name, answer)
        reasons[witness.name] = finding.message
        findings.add(finding)
      }
    }
    guard let kept = try ledger.keep(added, of: log.checkpoint) else { throw changed }
    note = kept
    try publish(note)
    report = try WitnessReport(SignedNote(note), by: log.verifier, policy: policy, today: today)
    if !report.hasQuorum {
      findings.add(
        Diagnostic(
          "quorum-missing", requiresQuorum ? .error : .warning,
          at: SourceLocation(path: WitnessPolicy.projectPath),
          message: "The quorum `\(visible(policy.quorumName))` of the policy is not met:"
            + " \(report.named.count) of \(policy.witnesses.count) witnesses cosigned",
          hint: "ask those that are missing, or run `canting cosign` again later"))
    }
    let moments = Dictionary(
      report.named.map { ($0.name, $0.cosignature.moment) }, uniquingKeysWith: { $1 })
    return Outcome(
      size: log.checkpoint.size, hasQuorum: report.hasQuorum, added: added.count,
      witnesses: policy.witnesses.map {
        Line(witness: $0.name, cosigned: moments[$0.name], reason: reasons[$0.name])
      })
  }

  private var changed: MachineFailure {
    MachineFailure("cosign the log", reason: "the ledger changed meanwhile; run it again")
  }

  private func reader() async throws -> LogReader {
    let site = PublishedSite(folder: output, displayPath: displayPath)
    do {
      guard let did = try await site.read(SingleFile.didDocument.path.text) else {
        throw NoteFailure(missing: SingleFile.didDocument.path.text)
      }
      return try await LogReader(site, directory: try KeyDirectory(did))
    } catch let failure as MachineFailure {
      throw failure
    } catch {
      throw MachineFailure("read \(displayPath)", reason: "\(error)")
    }
  }

  private func finding(_ name: String, _ answer: WitnessClient.Answer?) -> Diagnostic {
    let shown = visible(name)
    func make(
      _ id: DiagnosticID, _ severity: Severity, _ message: String, _ hint: String
    ) -> Diagnostic {
      Diagnostic(
        id, severity, at: SourceLocation(path: WitnessPolicy.projectPath), message: message,
        hint: hint)
    }
    switch answer {
    case nil, .cosigned:
      return make(
        "witness-without-address", .note, "The witness `\(shown)` has no address to be asked at",
        "add one behind its key, or leave it out if its line comes by another way")
    case .behind(let size):
      return make(
        "witness-behind", .note,
        "The witness `\(shown)` has cosigned \(size) entries so far, and not the newest",
        "publish the site, wait until the witness has looked at it, and run `canting cosign` again")
    case .refused(let reason):
      return make(
        "witness-refused", .warning,
        "The witness `\(shown)` did not cosign: \(visible(reason))",
        "ask its operator whether it knows this log and its key")
    case .silent(let reason):
      return make(
        "witness-silent", .warning, "The witness `\(shown)` did not answer: \(visible(reason))",
        "run `canting cosign` again later; if it stays away, see the policy")
    case .otherLog(let reason, let note):
      return make(
        "witness-saw-another-log", .error,
        "The witness `\(shown)` has seen another history of this log: \(reason), and the log's key signed it:"
          + " \(visible(Self.text(of: note)?.replacing("\n", with: " ") ?? ""))",
        "publish nothing: find the newest seeds/ledger; two histories would be seen by everybody who"
          + " compares")
    }
  }

  /// Puts the checkpoint with its lines into the site, and tells the memory of the last build.
  private func publish(_ note: [UInt8]) throws {
    guard try folder.publishedCheckpoint() != note else { return }
    let edge = LogFile.edge.path
    let writer = folder.lookingAt
    var cache = cacheFile.read()
    guard let bytes = try folder.published(edge),
      case .object(var members) = try JSONParser.parse(bytes)
    else { throw MachineFailure("read \(displayPath)/\(edge)", reason: "it is no JSON object") }
    members["checkpoint"] = .string(String(decoding: note, as: UTF8.self))
    for (path, bytes) in [
      (edge, CanonicalJSON.encode(.object(members))), (LogFile.checkpoint.path, note),
    ] {
      let before = try writer.signature(of: path)?.value
      let after = try writer.write(path, bytes, worker: 0).signature.value
      // What somebody else changed there stays known as changed.
      if let before, cache?.heading.files[path.text] == before {
        cache?.heading.files[path.text] = after
      }
    }
    if let cache { _ = cacheFile.write(cache) }
  }
}
