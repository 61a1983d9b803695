package import Proof

/// One of the lists that say which certificates are revoked or suspended.
package struct StatusListFile: Sendable {
  package let series: StatusList.Series
  /// Counted from 0.
  package let number: Int

  package init(_ series: StatusList.Series, number: Int) {
    self.series = series
    self.number = number
  }

  /// The lists of a site.
  ///
  /// - Parameters:
  ///   - files: those of each certificate, since badges have a list of their own.
  ///   - count: how many there are of each series.
  package static func all(for files: CertificateFiles, count: Int) -> [StatusListFile] {
    (StatusList.Series.ofCredentials + (files.contains(.badge) ? [.badges] : [])).flatMap {
      series in (0..<count).map { StatusListFile(series, number: $0) }
    }
  }

  package var path: OutputPath {
    OutputPath("\(SiteFolder.status.rawValue)/\(series.name)/\(number)")
  }
}
