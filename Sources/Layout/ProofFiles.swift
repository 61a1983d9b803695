package import Proof

/// The files of the proof that belong to no certificate: keys, status lists, the log's checkpoint.
package enum ProofFiles {
  package static let didPath = OutputPath(".well-known/did.json")
  package static let keysPath = OutputPath("keys.json")
  package static let contextPath = OutputPath("contexts/certificate-v1.jsonld")
  /// What changes with every checkpoint, in one file, so that a browser asks once.
  package static let edgePath = OutputPath("log/edge.json")
  package static let checkpointPath = OutputPath("log/checkpoint")

  package static func statusPath(_ purpose: StatusList.Purpose, _ number: Int) -> OutputPath {
    OutputPath("status/\(purpose.rawValue)/\(number)")
  }

  /// - Parameter lists: the number of status lists of each purpose.
  package static func paths(lists: Int) -> [OutputPath] {
    let lists = StatusList.Purpose.allCases.flatMap { purpose in
      (0..<lists).map { statusPath(purpose, $0) }
    }
    return [didPath, keysPath, contextPath] + lists + [edgePath, checkpointPath]
  }
}
