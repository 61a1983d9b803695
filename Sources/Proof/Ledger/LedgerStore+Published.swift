package import Diagnostics
import Files
import SystemPackage

extension LedgerStore {
  /// The signed checkpoint that the ledger ends with; nil where there is none.
  package func storedCheckpoint() throws(MachineFailure) -> [UInt8]? {
    try read(Self.checkpointName)
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
