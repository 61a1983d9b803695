public import Diagnostics
public import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Lists what is below a folder, in the order of bytes.
public enum FolderWalk {
  /// The paths of all files below a folder, relative to it; what is only linked to is none.
  ///
  /// - Returns: nil when there is no such folder.
  /// - Throws: `MachineFailure` when a folder cannot be listed.
  public static func files(
    below folder: FilePath, displayPath path: String
  ) throws(MachineFailure) -> [String]? {
    var found: [String] = []
    var waiting = [""]
    while let name = waiting.popLast() {
      let isThere = try list(folder.appending(name), displayPath: path) { entry, isFolder in
        let below = name.isEmpty ? entry : "\(name)/\(entry)"
        if isFolder { waiting.append(below) } else { found.append(below) }
      }
      if !isThere, name.isEmpty { return nil }
    }
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The names in a folder; none where there is no such folder.
  static func names(
    in folder: FilePath, displayPath path: String
  ) throws(MachineFailure) -> [String] {
    var names: [String] = []
    _ = try forEachEntry(in: folder, displayPath: path) { name, _ in names.append(name) }
    return names
  }

  /// Visits the folders and files in a folder.
  private static func list(
    _ folder: FilePath, displayPath path: String, visit: (String, _ isFolder: Bool) -> Void
  ) throws(MachineFailure) -> Bool {
    try forEachEntry(in: folder, displayPath: path) { name, type in
      switch type {
      case Int32(DT_DIR): visit(name, true)
      case Int32(DT_REG): visit(name, false)
      case Int32(DT_UNKNOWN):
        switch status(folder.appending(name), followsLinks: false)?.kind {
        case .folder: visit(name, true)
        case .file: visit(name, false)
        default: break
        }
      default: break
      }
    }
  }

  private static func forEachEntry(
    in folder: FilePath, displayPath path: String, visit: (String, _ type: Int32) -> Void
  ) throws(MachineFailure) -> Bool {
    guard let directory = opendir(folder.string) else {
      let reason = Errno(rawValue: errno)
      if reason == .noSuchFileOrDirectory { return false }
      throw MachineFailure("list \(path)", reason)
    }
    defer { closedir(directory) }
    while true {
      errno = 0
      guard let entry = readdir(directory) else {
        guard errno == 0 else { throw MachineFailure("list \(path)", Errno(rawValue: errno)) }
        return true
      }
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name != ".", name != ".." else { continue }
      visit(name, Int32(entry.pointee.d_type))
    }
  }
}
