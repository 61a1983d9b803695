import Diagnostics
import Foundation
import Proof

/// The files of the proof that belong to no certificate: keys, status lists, the log's checkpoint.
enum ProofFiles {
  static let didPath = OutputPath(".well-known/did.json")
  static let keysPath = OutputPath("keys.json")
  static let contextPath = OutputPath("contexts/certificate-v1.jsonld")
  /// What changes with every checkpoint, in one file, so that a browser asks once.
  static let edgePath = OutputPath("log/edge.json")
  static let checkpointPath = OutputPath("log/checkpoint")

  static func statusPath(_ purpose: StatusList.Purpose, _ number: Int) -> OutputPath {
    OutputPath("status/\(purpose.rawValue)/\(number)")
  }

  static func paths(_ ledger: Ledger) -> [OutputPath] {
    let lists = StatusList.Purpose.allCases.flatMap { purpose in
      (0..<ledger.statusListCount).map { statusPath(purpose, $0) }
    }
    return [didPath, keysPath, contextPath] + lists + [edgePath, checkpointPath]
  }

  /// The signed checkpoint and the hash tiles that are not full, by their paths.
  static func edge(_ ledger: Ledger, checkpoint: [UInt8]) -> [UInt8] {
    let tiles = ledger.partialHashTiles.map { tile, bytes in
      (tile.path, JSONValue.string(Data(bytes).base64EncodedString()))
    }
    return CanonicalJSON.encode(
      .object([
        "checkpoint": .string(String(decoding: checkpoint, as: UTF8.self)),
        "tiles": .object(Dictionary(tiles, uniquingKeysWith: { $1 })),
      ]))
  }

  /// All but the edge and the checkpoint, which are published last.
  static func files(_ plan: SitePlan) throws -> [(OutputPath, [UInt8])] {
    let project = plan.project
    let documents = IssuerDocuments(
      addresses: project.credentialAddresses, key: project.signingKey, history: project.keyHistory)
    var files = [
      (didPath, documents.didDocument),
      (keysPath, try documents.keyHistory(origin: project.logOrigin)),
      (contextPath, documents.context),
    ]
    for purpose in StatusList.Purpose.allCases {
      for (number, list) in plan.ledger.statusLists(purpose).enumerated() {
        files.append(
          (
            statusPath(purpose, number),
            try documents.statusList(list, purpose, number: number, today: project.today)
          ))
      }
    }
    return files
  }
}
