/// When a file is written and uploaded: nothing is there before what it refers to.
///
/// Within a phase, files that are new come before those that change, since an old address may lead on to
/// a new one.
package enum Phase: Int, Sendable, CaseIterable, Comparable {
  case assets, keys, records, certificatePages, pages, lists, tiles, edge, checkpoint

  package static func < (left: Phase, right: Phase) -> Bool { left.rawValue < right.rawValue }

  /// The phase of the file at a path; what is compressed beforehand goes with the plain file.
  package static func of(_ path: OutputPath) -> Phase {
    let path = Compression.parts(of: path).plain
    if [SingleFile.didDocument, .keys].contains(where: { $0.path == path }) { return .keys }
    let parts = SiteFolder.parts(of: path)
    return switch SiteFolder.of(path) {
    case .assets: .assets
    case .contexts: .keys
    case .certificates: parts.last == "index.html" ? .certificatePages : .records
    case .log:
      switch path {
      case LogFile.checkpoint.path: .checkpoint
      case LogFile.edge.path: .edge
      default: .tiles
      }
    case .status, .directory: .lists
    case .batches: parts.count == 3 && parts[2] == "index.html" ? .pages : .lists
    case nil: leadsToOthers(parts) ? .lists : .pages
    }
  }

  /// Whether a page leads to new ones, or a file is no page at all: feeds, sitemaps, what hosts read.
  private static func leadsToOthers(_ parts: [Substring]) -> Bool {
    guard let name = parts.last, name.hasSuffix(".html") else { return true }
    let folders = parts.dropLast()
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
