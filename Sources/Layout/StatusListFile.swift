package import Proof

/// One of the lists that say which certificates are revoked or suspended.
package struct StatusListFile: Sendable {
  package let purpose: StatusList.Purpose
  /// Counted from 0.
  package let number: Int

  package init(_ purpose: StatusList.Purpose, number: Int) {
    self.purpose = purpose
    self.number = number
  }

  /// The lists of a site.
  ///
  /// - Parameter count: how many there are of each purpose.
  package static func all(count: Int) -> [StatusListFile] {
    StatusList.Purpose.allCases.flatMap { purpose in
      (0..<count).map { StatusListFile(purpose, number: $0) }
    }
  }

  package var path: OutputPath {
    OutputPath("\(SiteFolder.status.rawValue)/\(purpose.rawValue)/\(number)")
  }
}
