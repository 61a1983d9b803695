import Foundation
package import Proof

/// A checkpoint as a witness publishes it: the lines of the log's key and of its own.
package struct CosignedCheckpoint: Sendable {
  package let checkpoint: Checkpoint
  package let cosignature: Cosignature
  /// The signature lines.
  let lines: [UInt8]

  /// Where a witness has it, below its prefix: the hash of the log's name.
  package static func path(ofLog origin: String) -> String {
    "\(Digest(hashing: Array(origin.utf8)))/checkpoint"
  }

  /// - Parameter logs: who may have signed the checkpoint.
  /// - Throws: `NoteFailure` unless one of them did, and the witness.
  package init(
    _ bytes: [UInt8], by witness: NoteVerifier, logs: [NoteVerifier]
  ) throws(NoteFailure) {
    let note = try SignedNote(bytes)
    checkpoint = try Checkpoint(text: try note.open(logs))
    guard let cosignature = try note.cosignature(by: witness) else {
      throw NoteFailure("it has no line of the witness \(witness.name)")
    }
    self.cosignature = cosignature
    lines = Array(bytes.dropFirst(note.text.utf8.count + 1))
  }
}
