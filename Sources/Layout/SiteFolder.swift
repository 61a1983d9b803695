/// A folder of the site in which only the program makes files.
package enum SiteFolder: String, CaseIterable, Sendable {
  case assets, batches, contexts, directory, log, status
  case certificates = "c"

  /// The folder that a path lies in; nil where texts may have their pages.
  package static func of(_ path: OutputPath) -> SiteFolder? {
    let parts = parts(of: path)
    return parts.count > 1 ? SiteFolder(rawValue: String(parts[0])) : nil
  }

  /// The names in a path, without the folder of a language that it may begin with.
  ///
  /// A folder that is named like a language is taken for one; at worst, a text of such a name travels a
  /// little later than it could.
  static func parts(of path: OutputPath) -> [Substring] {
    let parts = path.text.split(separator: "/")
    guard parts.count > 1, isLanguage(parts[0]), Self(rawValue: String(parts[0])) == nil else {
      return parts
    }
    return Array(parts.dropFirst())
  }

  /// Whether a name is formed like those of BCP 47.
  private static func isLanguage(_ name: Substring) -> Bool {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    return (2...3).contains(parts[0].count) && parts[0].allSatisfy { ("a"..."z").contains($0) }
      && parts.dropFirst().allSatisfy {
        (2...8).contains($0.count) && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
      }
  }

  /// Whether a deploy empties it of files that the site does not have, whoever put them there.
  package var isEmptiedOfOthers: Bool {
    switch self {
    case .assets, .certificates, .log, .status: true
    case .batches, .contexts, .directory: false
    }
  }

  /// Whether its files are compressed beforehand as those of texts are: not hashes and what is compressed
  /// already; certificates' files are decided on with them (`CertificateFiles`).
  var isCompressible: Bool {
    switch self {
    case .assets, .batches, .contexts, .directory: true
    case .certificates, .log, .status: false
    }
  }
}
