/// A folder of the site in which only the program makes files.
package enum SiteFolder: String, CaseIterable, Sendable {
  case assets, batches, contexts, directory, log, status
  case certificates = "c"

  /// The folder that a path lies in; nil where texts may have their pages.
  package static func of(_ path: OutputPath) -> SiteFolder? {
    let parts = parts(of: path)
    return parts.count > 1 ? SiteFolder(rawValue: String(parts[0])) : nil
  }

  /// The names in a path, without the folder of a language that it begins with.
  static func parts(of path: OutputPath) -> [Substring] {
    let parts = path.text.split(separator: "/")
    let hasLanguage = parts.first.map { SiteLanguages.folders.contains(String($0)) } ?? false
    return Array(parts.dropFirst(hasLanguage ? 1 : 0))
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
