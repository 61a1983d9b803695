package import Diagnostics
package import Files
import Layout
package import Proof

/// Signatures of the certificates' files, which there are hundreds of thousands of.
extension OutputWriter {
  /// The joined signatures of the files of all certificates of a table, in its order.
  package func signatures(
    of table: CertificateTable, names: [String], jobs: Int
  ) async throws -> [StatSignature] {
    var signatures: [StatSignature] = []
    signatures.reserveCapacity(table.entries.count)
    let starts = Array(stride(from: 0, to: table.entries.count, by: 4096))
    try await orderedConcurrentMap(starts, jobs: jobs) { start in
      try table.entries[start...].prefix(4096).map {
        StatSignature(joining: try self.signatures(of: $0.code, names: names))
      }
    } take: {
      signatures += $0
    }
    return signatures
  }

  /// The signatures of a certificate's files; for one that is not there, a signature that no file has.
  package func signatures(of code: CertificateCode, names: [String]) throws(MachineFailure)
    -> [StatSignature]
  {
    let folder = code.folderBytes
    var signatures: [StatSignature] = []
    for name in names {
      signatures.append(try signature(of: OutputPath(folder: folder, name: name)) ?? .nothing)
    }
    return signatures
  }
}
