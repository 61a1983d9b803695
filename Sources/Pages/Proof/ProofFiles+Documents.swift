import Foundation
package import Layout
import Project
package import Proof

extension ProofFiles {
  /// The signed checkpoint and the hash tiles that are not full, by their paths.
  package static func edge(_ ledger: Ledger, checkpoint: [UInt8]) -> [UInt8] {
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
  package static func keys(_ site: Site) throws -> [(OutputPath, [UInt8])] {
    let documents = documents(site)
    return [
      (didPath, documents.didDocument),
      (keysPath, try documents.keyHistory(origin: site.project.logOrigin)),
      (contextPath, documents.context),
    ]
  }

  package static func statusLists(_ site: Site) throws -> [(OutputPath, [UInt8])] {
    let documents = documents(site)
    return try StatusList.Purpose.allCases.flatMap { purpose in
      try site.ledger.statusLists(purpose).enumerated().map { number, list in
        (
          statusPath(purpose, number),
          try documents.statusList(list, purpose, number: number, today: site.project.today)
        )
      }
    }
  }

  private static func documents(_ site: Site) -> IssuerDocuments {
    let project = site.project
    return IssuerDocuments(addresses: project.credentialAddresses, keys: project.keys)
  }
}
