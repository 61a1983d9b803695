/// When a file is written and uploaded: what it refers to comes in an earlier phase, or before it in the
/// same one.
///
/// An upload sends the new files of a phase before those that change, since an old address may lead on to a
/// new one.
package enum Phase: Int, Sendable, CaseIterable, Comparable {
  case assets, keys, records, certificatePages, pages, lists, tiles, edge, checkpoint

  package static func < (left: Phase, right: Phase) -> Bool { left.rawValue < right.rawValue }

  private static let keyFiles = [SingleFile.didDocument.path, SingleFile.keys.path]
  private static let checkpointFile = LogFile.checkpoint.path
  private static let edgeFile = LogFile.edge.path

  /// The phase of the file at a path; what is compressed beforehand goes with the plain file.
  package static func of(_ path: OutputPath) -> Phase {
    let path = Compression.parts(of: path).plain
    if keyFiles.contains(path) { return .keys }
    var names = path.text.split(separator: "/")
    if let first = names.first, SiteLanguages.folders.contains(String(first)) {
      names.removeFirst()
    }
    return switch SiteFolder.of(path) {
    case .assets: .assets
    case .contexts: .keys
    case .certificates: names.last == "index.html" ? .certificatePages : .records
    case .log: path == checkpointFile ? .checkpoint : path == edgeFile ? .edge : .tiles
    case .status, .directory: .lists
    case .batches: names.count == 3 && names[2] == "index.html" ? .pages : .lists
    case nil: leadsToOthers(names) ? .lists : .pages
    }
  }

  /// Whether a page leads to new ones, or a file is no page at all: feeds, sitemaps, what hosts read.
  private static func leadsToOthers(_ names: [Substring]) -> Bool {
    guard let name = names.last, name.hasSuffix(".html") else { return true }
    let folders = names.dropLast()
    switch folders.first {
    case nil: return name == "index.html"
    case "news":
      let second = folders.dropFirst().first ?? ""
      return folders.count == 1 || second == "tags" || second == "page"
        || second.allSatisfy(\.isNumber)
    case "schemes": return folders.count == 1
    case "search", "statistics": return true
    default: return false
    }
  }
}
