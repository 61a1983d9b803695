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

  /// The institution's keys, and what the words of credentials mean.
  static func keys(_ plan: SitePlan) throws -> [(OutputPath, [UInt8])] {
    let documents = documents(plan)
    return [
      (didPath, documents.didDocument),
      (keysPath, try documents.keyHistory(origin: plan.project.logOrigin)),
      (contextPath, documents.context),
    ]
  }

  static func statusLists(_ plan: SitePlan) throws -> [(OutputPath, [UInt8])] {
    let documents = documents(plan)
    return try StatusList.Purpose.allCases.flatMap { purpose in
      try plan.ledger.statusLists(purpose).enumerated().map { number, list in
        (
          statusPath(purpose, number),
          try documents.statusList(list, purpose, number: number, today: plan.project.today)
        )
      }
    }
  }

  private static func documents(_ plan: SitePlan) -> IssuerDocuments {
    let project = plan.project
    return IssuerDocuments(addresses: project.credentialAddresses, keys: project.keys)
  }
}
