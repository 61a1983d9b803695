public import Diagnostics
import Files
public import Input
public import SystemPackage

/// Whose cosignatures make a checkpoint credible: C2SP tlog-policy.
public struct WitnessPolicy: Sendable {
  /// A log whose checkpoints are believed.
  public struct Log: Sendable {
    public let verifier: NoteVerifier
  }

  /// A witness, under the name that the policy gives it.
  public struct Witness: Sendable {
    public let name: String
    public let verifier: NoteVerifier
    /// Where it is asked: the prefix of tlog-witness.
    public let address: String?
  }

  /// What a group counts: witnesses and earlier groups, by their positions.
  enum Member: Sendable {
    case witness(Int)
    case group(Int)
  }

  struct Group: Sendable {
    let threshold: Int
    let members: [Member]
  }

  public internal(set) var logs: [Log] = []
  public internal(set) var witnesses: [Witness] = []
  var groups: [Group] = []
  /// nil for `quorum none`.
  var quorum: Member?
  /// What the quorum is called.
  public internal(set) var quorumName = "none"
  /// The file's bytes, with the last line ended.
  public internal(set) var bytes: [UInt8] = []

  /// The lines that say which witnesses suffice.
  public var rule: String {
    var rules: [String] = []
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      if words.first == "group" || words.first == "quorum" {
        rules.append(words.joined(separator: " "))
      }
    }
    return rules.joined(separator: "\n")
  }

  /// The name of a project's policy.
  public static let projectPath = "seeds/witnesses.policy"

  init() {}

  /// Reads a policy file.
  ///
  /// - Returns: nil when there is none, or with findings when it is wrong.
  public static func load(
    _ file: FilePath, displayPath path: String, findings: inout Findings
  ) throws(MachineFailure) -> WitnessPolicy? {
    let limit = InputFile.Limit.key
    guard try InputFile.isFit(file, displayPath: path, limit: limit, findings: &findings),
      let bytes = try SourceFile.readBytes(file, displayPath: path, limit: limit)
    else { return nil }
    return WitnessPolicy(bytes, displayPath: path, findings: &findings)
  }

  /// Whether a log is among those of the policy; one that names none leaves the choice to whoever asks.
  public func names(_ log: NoteVerifier) -> Bool {
    logs.isEmpty || logs.contains { $0.verifier == log }
  }

  /// Whether cosignatures by some of the witnesses suffice.
  ///
  /// - Parameter cosigned: positions in `witnesses`.
  public func isQuorum(_ cosigned: Set<Int>) -> Bool {
    var areMet: [Bool] = []
    func isMet(_ member: Member) -> Bool {
      switch member {
      case .witness(let position): cosigned.contains(position)
      case .group(let position): areMet[position]
      }
    }
    for group in groups { areMet.append(group.members.count(where: isMet) >= group.threshold) }
    return quorum.map(isMet) ?? true
  }
}

/// What a policy makes of a checkpoint.
public struct WitnessReport: Sendable {
  /// A witness that cosigned it, under its name in the policy.
  public struct Named: Sendable {
    public let name: String
    public let cosignature: Cosignature
  }

  public let named: [Named]
  public let hasQuorum: Bool
  /// The names of the witnesses that did not.
  public let absent: [String]
  private let quorumName: String

  /// Opens a note with the witnesses of a policy.
  ///
  /// - Parameters:
  ///   - log: who signed the checkpoint.
  ///   - today: a cosignature from a day to come does not count.
  /// - Throws: `NoteFailure` when the policy does not name the log, or a known witness's line does not hold.
  public init(
    _ note: SignedNote, by log: NoteVerifier, policy: WitnessPolicy, today: CalendarDate
  ) throws(NoteFailure) {
    guard policy.names(log) else {
      throw NoteFailure("the policy does not name this log: \(log)")
    }
    var named: [Named] = []
    var absent: [String] = []
    var positions: Set<Int> = []
    for (position, witness) in policy.witnesses.enumerated() {
      if let cosignature = try note.cosignature(by: witness.verifier),
        cosignature.isPossible(on: today)
      {
        named.append(Named(name: witness.name, cosignature: cosignature))
        positions.insert(position)
      } else {
        absent.append(witness.name)
      }
    }
    self.named = named
    self.absent = absent
    hasQuorum = policy.isQuorum(positions)
    quorumName = policy.quorumName
  }

  /// Who cosigned, and whether that suffices.
  public var sentence: String {
    let who = named.map { "\($0.name) (\($0.cosignature.moment))" }.joined(separator: ", ")
    let seen = named.isEmpty ? "no witness of the policy cosigned it" : "cosigned by \(who)"
    return hasQuorum
      ? seen
      : "shown to you alone, for all that can be told: \(seen), and the quorum `\(quorumName)` is not met"
  }
}
