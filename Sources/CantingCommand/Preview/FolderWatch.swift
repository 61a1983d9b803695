import Files
package import SystemPackage

/// Sees what changed below some folders by looking at every file's time, size and number.
///
/// A project has a few hundred files beside the registry; looking at them all costs a millisecond,
/// and works on every file system, network mounts included.
package struct FolderWatch: Sendable {
  private let root: FilePath
  private let folders: [String]
  private let ignored: Set<String>
  private var known: [String: StatSignature]

  /// - Parameters:
  ///   - folders: relative to the root.
  ///   - ignored: folders that are not looked into, relative to the root.
  package init(_ root: FilePath, folders: [String], ignoring ignored: Set<String> = []) {
    self.root = root
    self.folders = folders
    self.ignored = ignored
    known = [:]
    known = signatures()
  }

  /// The files that came, went or changed since the last look, sorted.
  package mutating func changes() -> [String] {
    let now = signatures()
    let before = known
    known = now
    return Set(now.keys).union(before.keys).filter { now[$0] != before[$0] }.sorted()
  }

  private func signatures() -> [String: StatSignature] {
    var signatures: [String: StatSignature] = [:]
    for folder in folders {
      do {
        let entries = try FolderWalk.entries(below: folder, of: root) { path in
          ignored.contains(path) || Self.isPassing(path.split(separator: "/").last ?? "")
        }
        for entry in entries where entry.kind != .folder {
          signatures[entry.path] = try FileStatus(
            root.appending(entry.path), followsLinks: true)?.signature
        }
      } catch {
        // A folder that cannot be looked into counts as empty, which is a change like any other.
      }
    }
    return signatures
  }

  /// What editors leave for a moment while they save.
  private static func isPassing(_ name: Substring) -> Bool {
    name.hasPrefix(".") || name.hasSuffix("~") || name.hasSuffix(".swp") || name == "4913"
  }
}
