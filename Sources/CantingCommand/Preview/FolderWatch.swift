import Diagnostics
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Sees what changed below some folders by looking at every file's time, size and number.
///
/// A project has a few hundred files beside the registry; looking at them all costs a millisecond,
/// and works on every file system, network mounts included.
package struct FolderWatch: Sendable {
  private struct Stamp: Equatable, Sendable {
    let seconds: Int
    let nanoseconds: Int
    let size: Int
    let inode: UInt64
  }

  private let root: FilePath
  private let folders: [String]
  private let ignored: Set<String>
  private var known: [String: Stamp]

  /// - Parameters:
  ///   - folders: relative to the root.
  ///   - ignored: folders that are not looked into, relative to the root.
  package init(_ root: FilePath, folders: [String], ignoring ignored: Set<String> = []) {
    self.root = root
    self.folders = folders
    self.ignored = ignored
    known = [:]
    known = stamps()
  }

  /// The files that came, went or changed since the last look, sorted.
  package mutating func changes() -> [String] {
    let now = stamps()
    let before = known
    known = now
    return Set(now.keys).union(before.keys).filter { now[$0] != before[$0] }.sorted()
  }

  private func stamps() -> [String: Stamp] {
    var stamps: [String: Stamp] = [:]
    for folder in folders {
      do {
        let entries = try FolderWalk.entries(below: folder, of: root) { path in
          ignored.contains(path) || Self.isPassing(path.split(separator: "/").last ?? "")
        }
        for entry in entries where entry.kind != .folder {
          stamps[entry.path] = Self.stamp(of: root.appending(entry.path))
        }
      } catch {
        // A folder that cannot be looked into counts as empty, which is a change like any other.
      }
    }
    return stamps
  }

  /// Of what a link leads to; nil for what is gone already.
  private static func stamp(of file: FilePath) -> Stamp? {
    var status = stat()
    guard stat(file.string, &status) == 0 else { return nil }
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    return Stamp(
      seconds: Int(time.tv_sec), nanoseconds: Int(time.tv_nsec), size: Int(status.st_size),
      inode: UInt64(status.st_ino))
  }

  /// What editors leave for a moment while they save.
  private static func isPassing(_ name: Substring) -> Bool {
    name.hasPrefix(".") || name.hasSuffix("~") || name.hasSuffix(".swp") || name == "4913"
  }
}
