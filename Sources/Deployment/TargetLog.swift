public import Diagnostics
import Foundation
import Layout
import Proof
public import SystemPackage
import Verification

/// The log of the site that is about to be uploaded, held against the one at the target.
public struct TargetLog: Sendable {
  private let log: LogReader
  private let target: String

  /// - Parameters:
  ///   - site: the folder of the site.
  ///   - target: as people name it.
  /// - Throws: `MachineFailure` when the site's own proof cannot be read.
  public init(
    _ site: FilePath, displayPath path: String, target: String
  ) async throws {
    let site = PublishedSite(folder: site, displayPath: path)
    do {
      guard let did = try await site.read(SingleFile.didDocument.path.text) else {
        throw NoteFailure(missing: SingleFile.didDocument.path.text)
      }
      log = try await LogReader(site, directory: try KeyDirectory(did))
    } catch let failure as NoteFailure {
      throw MachineFailure("read \(path)", reason: failure.description)
    } catch let failure as DataIntegrity.Failure {
      throw MachineFailure("read \(path)", reason: failure.description)
    }
    self.target = target
  }

  /// Entries of the site's log.
  public var size: Int { log.checkpoint.size }

  /// Why the site must not replace what is at the target; nil when its log only grew from there.
  ///
  /// - Parameter note: the checkpoint at the target.
  public func objection(to note: [UInt8]) async throws -> Diagnostic? {
    let claimed: Checkpoint
    let earlier: Checkpoint
    do {
      let note = try SignedNote(note)
      claimed = try Checkpoint(text: note.text)
      guard claimed.origin == log.checkpoint.origin else {
        return finding(
          "target-of-another-site",
          "A target holds the site that is uploaded to it, and the log there is"
            + " \(visible(claimed.origin))",
          "choose another target: it would be overwritten")
      }
      earlier = try Checkpoint(text: try note.open(log.earlierVerifiers))
    } catch {
      return finding(
        "target-log-unsigned",
        "The checkpoint at the target is signed by a key of the institution: \(error.description)",
        "find out who wrote it, and with which key, before anything is uploaded")
    }
    guard earlier.size <= size else {
      return finding(
        "target-log-ahead",
        "The log at the target is the beginning of this one, and it has \(earlier.size) entries"
          + " where this one has \(size)",
        "somebody else published: fetch their seeds/ledger, run `canting build` and deploy again")
    }
    let isPrefix = MerkleTree.isConsistent(
      oldSize: earlier.size, oldRoot: earlier.root, newSize: size, newRoot: log.checkpoint.root,
      proof: try await log.consistencyProof(from: earlier.size))
    if isPrefix { return nil }
    return finding(
      "target-log-differs",
      "The log at the target is the beginning of this one, and its \(earlier.size) entries are not"
        + " those of this one",
      "history was written twice: find the seeds/ledger that the published site grew from, and"
        + " publish from there; whoever keeps a checkpoint would see the difference")
  }

  private func finding(_ id: DiagnosticID, _ message: String, _ hint: String) -> Diagnostic {
    Diagnostic(
      id, at: SourceLocation(path: "\(target)/\(LogFile.checkpoint.path)"), message: message,
      hint: hint)
  }
}
