/// A folder of the site whose files the program makes by itself. An alias of a text may not lie there.
package enum SiteFolder: String, Sendable {
  case assets, batches, contexts, directory, log, status
  case certificates = "c"

  /// The folder that a path lies in; nil for the pages of texts.
  package static func of(_ path: OutputPath) -> SiteFolder? {
    let names = path.text.split(separator: "/")
    guard names.count > 1 else { return nil }
    if let folder = SiteFolder(rawValue: String(names[0])) { return folder }
    // Pages are there in every language, other files once.
    let folder = names.count > 2 ? SiteFolder(rawValue: String(names[1])) : nil
    guard let folder, folder.hasPages, SiteLanguages.folders.contains(String(names[0])) else {
      return nil
    }
    return folder
  }

  /// Whether people read its files as pages of the site.
  package var hasPages: Bool {
    switch self {
    case .batches, .directory: true
    case .assets, .certificates, .contexts, .log, .status: false
    }
  }

  /// What a path begins with where a deploy removes the files that the site does not have, whoever put
  /// them there; nil where it leaves them.
  package var emptiedPrefix: String? {
    switch self {
    case .assets, .certificates, .status: rawValue + "/"
    case .log: "log/tile/"
    case .batches, .contexts, .directory: nil
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
