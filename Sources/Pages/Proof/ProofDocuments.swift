import Foundation
package import Layout
import Project
import Proof

/// Makes the files of the proof that belong to no certificate.
package struct ProofDocuments: Sendable {
  private let site: Site
  private let documents: IssuerDocuments
  private let statusLists: [StatusList.Series: [StatusList]]

  package init(_ site: Site) {
    self.site = site
    documents = IssuerDocuments(
      addresses: site.project.credentialAddresses, keys: site.project.keys)
    statusLists = Dictionary(
      uniqueKeysWithValues: (StatusList.Series.ofCredentials + [.badges]).map {
        ($0, site.ledger.statusLists($0))
      })
  }

  /// `did.json`: the keys that sign credentials, as W3C DID Core has them.
  package var didDocument: [UInt8] { documents.didDocument }

  /// `keys.json`: all keys, with their days.
  package func keyHistory() throws -> [UInt8] {
    try documents.keyHistory(origin: site.project.logOrigin)
  }

  /// The JSON-LD context of credentials.
  package var context: [UInt8] { documents.context }

  package func statusList(_ file: StatusListFile) throws -> [UInt8] {
    let list = statusLists[file.series]?[file.number] ?? StatusList()
    return try documents.statusList(
      list, file.series, number: file.number, today: site.project.today)
  }

  /// The signed checkpoint, the hash tiles that are not full, by their paths, and the policy of witnesses,
  /// where there is one.
  package func logEdge(checkpoint: [UInt8]) -> [UInt8] {
    let tiles = site.ledger.partialHashTiles.map { tile, bytes in
      (tile.path, JSONValue.string(Data(bytes).base64EncodedString()))
    }
    var members: [String: JSONValue] = [
      "checkpoint": .string(String(decoding: checkpoint, as: UTF8.self)),
      "tiles": .object(Dictionary(tiles, uniquingKeysWith: { $1 })),
    ]
    members["policy"] = site.project.witnesses.map {
      .string(String(decoding: $0.bytes, as: UTF8.self))
    }
    return CanonicalJSON.encode(.object(members))
  }
}
