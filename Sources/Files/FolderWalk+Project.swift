public import Diagnostics
public import SystemPackage

extension FolderWalk {
  /// Something in a folder of a project.
  public struct Entry: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
      case file, folder
      /// A named pipe, a socket or a device, in words.
      case other(String)
      /// A link to nothing, or to itself.
      case missing
      /// A link to what is no part of the project, or to its root, its hidden folders, or from
      /// elsewhere to `seeds/`: nothing of these is to reach the site.
      case outside
    }

    /// Relative to the project.
    public let path: String
    /// Of what a link leads to.
    public let kind: Kind
    /// In bytes.
    public let size: Int
  }

  /// The folder of the registry, the keys and the ledger.
  private static let innermost = "seeds"
  /// May lie on another disk: nothing copies them to the site.
  private static let mayLieElsewhere = ["seeds/keys", "seeds/ledger"]

  /// Everything below a folder of a project, in the order of bytes; each folder's content once,
  /// however many links lead to it, so that links in a circle end.
  ///
  /// - Parameter isPassedOver: says of a path that nothing is wanted of it and below it.
  /// - Throws: `MachineFailure` when a folder cannot be listed.
  public static func entries(
    below folder: String, of root: FilePath, isPassedOver: (String) -> Bool = { _ in false }
  ) throws(MachineFailure) -> [Entry] {
    guard let home = FileSystem.realPath(root) else { return [] }
    var found: [Entry] = []
    var seen: Set<FileStatus.Identity> = []
    var folders: [String] = []
    // What lies at its own place keeps its name, so links come last.
    var links: [String] = []
    if let top = look(at: folder, of: root, home: home), !isPassedOver(folder) {
      if top.entry.kind == .folder { folders.append(folder) } else { found.append(top.entry) }
    }
    while let next = folders.popLast() ?? links.popLast() {
      guard let identity = status(root.appending(next), followsLinks: true)?.identity,
        seen.insert(identity).inserted
      else { continue }
      for name in try names(in: root.appending(next), displayPath: next) {
        let path = "\(next)/\(name)"
        guard !isPassedOver(path),
          let (entry, isLink) = look(at: path, of: root, home: home, isFolderKnown: true)
        else { continue }
        found.append(entry)
        if entry.kind == .folder {
          if isLink { links.append(path) } else { folders.append(path) }
        }
      }
    }
    return found.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  /// What a path of a project is; nil where nothing is.
  public static func entry(at path: String, of root: FilePath) -> Entry? {
    FileSystem.realPath(root).flatMap { look(at: path, of: root, home: $0)?.entry }
  }

  /// - Parameter isFolderKnown: whether its folder is known to be a part of the project.
  private static func look(
    at path: String, of root: FilePath, home: FilePath, isFolderKnown: Bool = false
  ) -> (entry: Entry, isLink: Bool)? {
    let file = root.appending(path)
    guard var found = status(file, followsLinks: false) else { return nil }
    let isLink = found.kind == .link
    func entry(_ kind: Entry.Kind) -> (Entry, Bool) {
      (Entry(path: path, kind: kind, size: found.size), isLink)
    }
    if isLink || !isFolderKnown {
      guard let real = FileSystem.realPath(file), let there = status(real, followsLinks: true)
      else { return entry(.missing) }
      found = there
      if !isPart(real, of: home, linkedFrom: path) { return entry(.outside) }
    }
    if found.kind == .folder { return entry(.folder) }
    return entry(found.kind.unusual.map { .other($0) } ?? .file)
  }

  /// What cannot be looked at is passed over like what is not there.
  static func status(_ path: FilePath, followsLinks: Bool) -> FileStatus? {
    do { return try FileStatus(path, followsLinks: followsLinks) } catch { return nil }
  }

  /// Whether a place of the project may stand for another.
  private static func isPart(_ real: FilePath, of home: FilePath, linkedFrom path: String) -> Bool {
    if mayLieElsewhere.contains(where: { path == $0 || path.hasPrefix($0 + "/") }) { return true }
    var below = real
    guard below.removePrefix(home), let first = below.components.first?.string else { return false }
    let isInnermost = first == innermost
    let isFromThere = path == innermost || path.hasPrefix(innermost + "/")
    return (!isInnermost || isFromThere) && !first.hasPrefix(".")
  }
}
