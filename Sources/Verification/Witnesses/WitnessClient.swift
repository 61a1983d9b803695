import Foundation
package import Input
package import Proof

/// Asks witnesses to cosign a log's checkpoint: C2SP tlog-witness, from the log's side.
///
/// Nothing that a witness answers is believed: a line is taken if its signature holds, and what it saw
/// counts if the log's own key signed it.
package struct WitnessClient: Sendable {
  /// What came of asking a witness.
  package enum Answer: Sendable {
    case cosigned(Cosignature)
    /// It cosigned an earlier state of this log.
    case behind(size: Int)
    /// It answered, and not with a cosignature; why, in words.
    case refused(String)
    /// It did not answer; the last reason, in words.
    case silent(String)
    /// It has a checkpoint that the log's key signed, and that this log did not grow from.
    case otherLog(String, note: [UInt8])
  }

  private let log: LogReader
  private let today: CalendarDate
  private let connection = SiteConnection(.forWitnesses)

  /// Requests to one witness, and milliseconds between those that failed.
  private static let attempts = 4
  private static let pause = 500

  package init(_ log: LogReader, today: CalendarDate) {
    self.log = log
    self.today = today
  }

  /// Asks all at the same time.
  ///
  /// - Returns: the answers in the order of the witnesses; nil for one without an address.
  package func ask(_ witnesses: [WitnessPolicy.Witness]) async throws -> [Answer?] {
    try await withThrowingTaskGroup(of: (Int, Answer?).self) { group in
      for (position, witness) in witnesses.enumerated() {
        group.addTask {
          guard let prefix = witness.address else { return (position, nil) }
          return (position, try await ask(witness.verifier, at: Self.trimmed(prefix)))
        }
      }
      var answers = [Answer?](repeating: nil, count: witnesses.count)
      for try await (position, answer) in group { answers[position] = answer }
      return answers
    }
  }

  private static func trimmed(_ prefix: String) -> String {
    var prefix = prefix[...]
    while prefix.hasSuffix("/") { prefix.removeLast() }
    return String(prefix)
  }

  private func ask(_ witness: NoteVerifier, at prefix: String) async throws -> Answer {
    guard let url = URL(string: prefix + "/add-checkpoint") else {
      return .refused("its address cannot be asked")
    }
    // What it has is not known here: it answers with its size, and gets a proof from there.
    var old = 0
    var silence = ""
    for attempt in 1...Self.attempts {
      switch await connection.post(try await body(from: old), to: url, limit: SignedNote.longest) {
      case .complete(status: 200, let lines): return accept(lines, witness)
      case .complete(status: 409, let bytes):
        guard let size = Self.size(bytes) else {
          return .refused("it answered 409 without the size that it has")
        }
        guard size != old else { return .refused("it answered 409 with the size that it was told") }
        guard size <= log.checkpoint.size else {
          return try await retrieve(
            witness, prefix,
            otherwise:
              "it says that it has \(size) entries, and this log has \(log.checkpoint.size)")
        }
        old = size
        continue
      // A folder on a static host takes no POST: what the witness wrote there is asked for.
      case .complete(let status, _) where [403, 404, 405, 422, 501].contains(status):
        return try await retrieve(witness, prefix, otherwise: Self.words(for: status))
      case .complete(let status, _) where status == 429 || status >= 500:
        silence = "it answered \(status)"
      case .complete(let status, _): return .refused(Self.words(for: status))
      case .tooLong: return .refused("its answer is longer than it can be")
      case .failed(let reason): silence = reason
      }
      if attempt < Self.attempts {
        try await Task.sleep(for: .milliseconds(Self.pause * attempt))
      }
    }
    return silence.isEmpty ? .refused("it answered 409 again and again") : .silent(silence)
  }

  private static func words(for status: Int) -> String {
    switch status {
    case 400: "it answered 400: it takes the request for malformed"
    case 403: "it answered 403: it knows the log by another key"
    case 404: "it answered 404: it does not know this log"
    case 422: "it answered 422: for it, this log is not what grew from the one that it knows"
    default: "it answered \(status)"
    }
  }

  private static func size(_ bytes: [UInt8]) -> Int? {
    var text = String(decoding: bytes, as: UTF8.self)
    if text.hasSuffix("\n") { text.removeLast() }
    guard let size = Int(text), size >= 0, String(size) == text else { return nil }
    return size
  }

  private func body(from old: Int) async throws -> [UInt8] {
    let proof = old == 0 ? [] : try await log.consistencyProof(from: old)
    let lines = proof.map { Data($0.bytes).base64EncodedString() + "\n" }.joined()
    return Array("old \(old)\n\(lines)\n".utf8) + log.note
  }

  private func accept(_ lines: [UInt8], _ witness: NoteVerifier) -> Answer {
    do {
      guard let note = try SignedNote(log.note).answered(lines),
        let cosignature = try note.cosignature(by: witness)
      else { return .refused("its answer has no line of its key") }
      guard cosignature.isPossible(on: today) else {
        return .refused("its line is of a day to come, \(cosignature.day)")
      }
      return .cosigned(cosignature)
    } catch {
      return .refused("its line does not hold: \(error)")
    }
  }

  /// Asks for the newest checkpoint that a witness cosigned (“Monitor Retrieval Mechanism”).
  ///
  /// - Parameter reason: what is said where there is nothing to be had.
  private func retrieve(
    _ witness: NoteVerifier, _ prefix: String, otherwise reason: String
  ) async throws -> Answer {
    let path = CosignedCheckpoint.path(ofLog: log.checkpoint.origin)
    guard let url = URL(string: "\(prefix)/\(path)"),
      case .complete(status: 200, let bytes) = await connection.get(url, limit: SignedNote.longest)
    else { return .refused(reason) }
    let theirs: CosignedCheckpoint
    do {
      theirs = try CosignedCheckpoint(bytes, by: witness, logs: log.earlierVerifiers)
    } catch {
      return .refused("what it has of this log does not hold: \(error)")
    }
    let (mine, its) = (log.checkpoint, theirs.checkpoint)
    guard its.origin == mine.origin else { return .refused("it has a checkpoint of \(its.origin)") }
    if its == mine { return accept(theirs.lines, witness) }
    if its.size > mine.size {
      return .otherLog(
        "it has cosigned \(its.size) entries of this log, and there are \(mine.size) here",
        note: bytes)
    }
    return try await log.root(at: its.size) == its.root
      ? .behind(size: its.size)
      : .otherLog(
        "the \(its.size) entries that it has cosigned are not those of this log", note: bytes)
  }
}
