import Diagnostics
import Proof

/// The files of the proof that belong to no certificate: keys, status lists, the log's checkpoint.
enum ProofFiles {
  static let didPath = OutputPath(".well-known/did.json")
  static let keysPath = OutputPath("keys.json")
  static let contextPath = OutputPath("contexts/certificate-v1.jsonld")
  static let checkpointPath = OutputPath("log/checkpoint")

  static func statusPath(_ purpose: StatusList.Purpose, _ number: Int) -> OutputPath {
    OutputPath("status/\(purpose.rawValue)/\(number)")
  }

  static func paths(_ ledger: Ledger) -> [OutputPath] {
    let lists = StatusList.Purpose.allCases.flatMap { purpose in
      (0..<ledger.statusListCount).map { statusPath(purpose, $0) }
    }
    return [didPath, keysPath, contextPath] + lists + [checkpointPath]
  }

  /// All but the checkpoint, which is published last.
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
