package import Diagnostics
import Files
import SystemPackage

extension LedgerStore {
  /// The signed checkpoint that the ledger ends with; nil where there is none.
  package func storedCheckpoint() throws(MachineFailure) -> [UInt8]? {
    try read(Self.checkpointName)
  }

  /// Keeps cosignatures of the checkpoint that the ledger ends with.
  ///
  /// - Returns: the checkpoint with their lines; nil, and nothing is kept, where the ledger ends with another one.
  package func keep(
    _ cosignatures: [Cosignature], of checkpoint: Checkpoint
  ) throws -> [UInt8]? {
    guard var note = try storedCheckpoint() else { return nil }
    guard try SignedNote(note).text == checkpoint.text else { return nil }
    if cosignatures.isEmpty { return note }
    for cosignature in cosignatures { note = try SignedNote(note).adding(cosignature) }
    guard note.count <= SignedNote.longest else {
      throw MachineFailure(
        "keep the cosignatures", reason: "the checkpoint would be longer than a note may be")
    }
    try DurableFile.replace(
      folder.appending(Self.checkpointName), with: note, displayPath: shown(Self.checkpointName))
    return note
  }

  /// The codes of all certificates that were ever published, erased ones too, as the private index
  /// has them; none where there is no index that can be read whole.
  package func publishedCodes() throws(MachineFailure) -> [CertificateCode] {
    var reader = PublishedIndex.Reader(capacity: 0)
    _ = try SourceFile.forEachPiece(
      of: folder.appending(Self.publishedName), displayPath: shown(Self.publishedName)
    ) { piece, _ in
      reader.take(piece)
    }
    return reader.finish()?.map(\.fingerprint.code) ?? []
  }
}
