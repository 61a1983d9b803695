import Diagnostics
import Proof

/// What an audit asks of others: the witnesses, and somebody else's checkpoint.
extension LogAudit {
  func checkWitnesses(of log: LogReader, _ outcome: inout Outcome) {
    guard let policy else { return }
    do {
      let report = try WitnessReport(
        SignedNote(log.note), by: log.verifier, policy: policy, today: today)
      outcome.add("witnesses", report.hasQuorum ? .passed : .notRun, report.sentence)
    } catch {
      outcome.add("witnesses", .failed, "\(error)")
    }
  }

  /// Compares the log with the one that somebody else is shown: the shorter must be the beginning of the longer.
  func compareOther(with log: LogReader, _ outcome: inout Outcome) async throws {
    guard let other else { return }
    let name = "other log"
    do {
      guard let note = try await checkpoint(of: other, log.checkpoint.origin) else {
        outcome.add(name, .notRun, "\(other.name) has no checkpoint of this log")
        return
      }
      let theirs = try Checkpoint(text: try SignedNote(note).open(log.earlierVerifiers))
      let mine = log.checkpoint
      guard theirs.origin == mine.origin else {
        outcome.add(name, .failed, "it is that of \(theirs.origin)")
        return
      }
      let (short, long) = theirs.size <= mine.size ? (theirs, mine) : (mine, theirs)
      let tiles = theirs.size <= mine.size ? log : LogReader(log, on: other, note, theirs)
      let isSame = MerkleTree.isConsistent(
        oldSize: short.size, oldRoot: short.root, newSize: long.size, newRoot: long.root,
        proof: try await tiles.consistencyProof(from: short.size))
      outcome.add(
        name, isSame ? .passed : .failed,
        isSame
          ? "\(other.name) is shown the same log, with \(theirs.size) entries"
          : "SPLIT VIEW: the log's key signed \(theirs.size) entries for \(other.name) and \(mine.size)"
            + " here, and neither log is the beginning of the other; keep both checkpoints")
    } catch let failure as NoteFailure {
      outcome.add(
        name, failure.isMissing ? .notRun : .failed, "\(other.name): \(failure.description)")
    } catch let failure as MachineFailure {
      outcome.add(name, .notRun, failure.description)
    }
  }

  /// The other's checkpoint: a site's, one that lies in a folder by itself, or a witness's.
  private func checkpoint(of other: PublishedSite, _ origin: String) async throws -> [UInt8]? {
    for path in ["log/checkpoint", "checkpoint", CosignedCheckpoint.path(ofLog: origin)] {
      if let note = try await other.read(path, limit: SignedNote.longest) { return note }
    }
    return nil
  }
}
