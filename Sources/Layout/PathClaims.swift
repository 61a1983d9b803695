import Foundation

/// The paths of a site as they are given away, on any disk that the site may come to lie on.
///
/// Some disks take two names that differ in case, or in how an accent is written, for one.
package struct PathClaims {
  /// What stands in the way of a path.
  package enum Obstacle {
    /// The same path, and who has it.
    case taken(by: String)
    /// One that differs in case or in the form of its letters.
    case alike(OutputPath, by: String)
    /// A file where the path needs a folder, or files in a folder where it is to be a file.
    case folder(OutputPath, by: String)
    /// A name of more bytes than file systems take.
    case long

    /// As the end of a sentence.
    package var reason: String {
      switch self {
      case .taken(let owner): "is that of \(owner) too"
      case .alike(let path, let owner):
        "differs from /\(path) of \(owner) in capitals or accents alone, which many disks take for one"
      case .folder(let path, let owner):
        "would be a file and a folder in one place with /\(path) of \(owner)"
      case .long: "is longer than file systems take"
      }
    }
  }

  /// The longest name of a file or folder in bytes, with room for `.gz` behind it.
  private static let longestName = 252
  /// The longest path below the site's folder in bytes.
  private static let longestPath = 1024

  private var owners: [String: (path: OutputPath, owner: String)] = [:]
  /// Folders that files lie in, and one of these files.
  private var folders: [String: (path: OutputPath, owner: String)] = [:]

  package init() {}

  /// Gives a path away.
  ///
  /// - Returns: what stands against it; nil when nothing does.
  package mutating func claim(_ path: OutputPath, for owner: String) -> Obstacle? {
    let key = Self.key(path)
    var obstacle: Obstacle?
    if let other = owners[key] {
      obstacle =
        other.path == path ? .taken(by: other.owner) : .alike(other.path, by: other.owner)
    } else if let other = folders[key] {
      obstacle = .folder(other.path, by: other.owner)
    } else {
      owners[key] = (path, owner)
    }
    for folder in Self.folders(above: key) {
      if obstacle == nil, let other = owners[folder] {
        obstacle = .folder(other.path, by: other.owner)
      }
      if folders[folder] == nil { folders[folder] = (path, owner) }
    }
    let names = path.bytes.split(separator: UInt8(ascii: "/"))
    if path.bytes.count > Self.longestPath || names.contains(where: { $0.count > Self.longestName })
    {
      obstacle = .long
    }
    return obstacle
  }

  /// The folders that a path lies in, from the innermost.
  private static func folders(above key: String) -> [String] {
    var folders: [String] = []
    var rest = key[...]
    while let slash = rest.lastIndex(of: "/") {
      rest = rest[..<slash]
      folders.append(String(rest))
    }
    return folders
  }

  /// What two paths have in common that some disk takes for one.
  private static func key(_ path: OutputPath) -> String {
    let text = path.text
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
    return text.precomposedStringWithCanonicalMapping.lowercased()
      .precomposedStringWithCanonicalMapping
  }
}
