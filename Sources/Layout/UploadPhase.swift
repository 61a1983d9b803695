/// When a file travels: nothing is on a host before what it refers to.
package enum UploadPhase: Int, Sendable, CaseIterable, Comparable {
  case assets, keys, records, certificatePages, pages, lists, tiles, edge, checkpoint

  package static func < (left: UploadPhase, right: UploadPhase) -> Bool {
    left.rawValue < right.rawValue
  }

  /// The phase of the file at a path; what is compressed beforehand goes with the plain file.
  package static func of(_ path: String) -> UploadPhase {
    let plain = Compression.allCases.first { path.hasSuffix($0.suffix) }
    let path = path.dropLast(plain?.suffix.count ?? 0)
    switch path {
    case "log/checkpoint": return .checkpoint
    case "log/edge.json": return .edge
    case ".well-known/did.json", "keys.json": return .keys
    default: break
    }
    let folder = path.prefix { $0 != "/" }
    switch folder {
    case "assets": return .assets
    case "contexts": return .keys
    case "log": return .tiles
    case "status": return .lists
    case "c": return path.hasSuffix("/index.html") ? .certificatePages : .records
    default: return listsOthers(path) ? .lists : .pages
    }
  }

  /// Whether a page leads to new ones, or a file is no page at all: feeds, sitemaps, what hosts read.
  private static func listsOthers(_ path: Substring) -> Bool {
    guard path.hasSuffix(".html") else { return true }
    let inLanguage = path.hasPrefix("id/") ? path.dropFirst(3) : path
    let folders = inLanguage.split(separator: "/").dropLast()
    switch folders.first {
    case nil: return inLanguage != "404.html"
    case "news":
      let second = folders.dropFirst().first ?? ""
      return folders.count == 1 || second == "tags" || second == "page"
        || second.allSatisfy(\.isNumber)
    case "schemes", "batches", "verify": return folders.count == 1
    case "search", "directory", "statistics": return true
    default: return false
    }
  }
}
