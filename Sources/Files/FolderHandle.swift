package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open folder: names are looked up from there, whatever becomes of the way to it. Closed with the
/// last that has it.
///
/// Paths are bytes, since hundreds of thousands of them are made while a site is written.
package final class FolderHandle: Sendable {
  private let descriptor: CInt

  package init(_ folder: FilePath) {
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
    #if canImport(Glibc)
      descriptor = Glibc.open(folder.string, flags)
    #else
      descriptor = Darwin.open(folder.string, flags)
    #endif
  }

  deinit {
    if isThere { close(descriptor) }
  }

  private var isThere: Bool { descriptor >= 0 }

  /// What is at a path.
  ///
  /// - Returns: nil where nothing is.
  package func status(
    of path: [UInt8], followsLinks: Bool = false
  ) throws(Errno) -> FileStatus? {
    var status = stat()
    let flags = followsLinks ? 0 : AT_SYMLINK_NOFOLLOW
    if fstatat(descriptor, cString(path[...]), &status, flags) == 0 { return FileStatus(status) }
    if errno == ENOENT || errno == ENOTDIR || !isThere { return nil }
    throw Errno(rawValue: errno)
  }

  /// Writes a file, and the folders above it where they are missing; what is left of one that could not
  /// be written whole is removed.
  ///
  /// - Parameters:
  ///   - isNew: whether there must be no such file yet.
  ///   - isFirst: whether its folder is known to be missing.
  package func write(
    _ bytes: [UInt8], to path: [UInt8], isNew: Bool, isFirst: Bool = false
  ) throws(Errno) -> StatSignature {
    let file = cString(path[...])
    if isFirst { try makeFolder(above: path[...]) }
    let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (isNew ? O_EXCL : O_TRUNC)
    var opened = open(file, flags)
    if opened < 0, errno == ENOENT {
      try makeFolder(above: path[...])
      opened = open(file, flags)
    }
    guard opened >= 0 else { throw Errno(rawValue: errno) }
    var status = stat()
    var reason = Self.writeAll(bytes, to: opened)
    if reason == nil, fstat(opened, &status) != 0 { reason = Errno(rawValue: errno) }
    if close(opened) != 0, reason == nil { reason = Errno(rawValue: errno) }
    if let reason {
      // Gives the room back that a full disk has too little of.
      unlinkat(descriptor, file, 0)
      throw reason
    }
    return StatSignature(status)
  }

  /// Gives a file another name, and makes the folders above that where they are missing. An empty folder
  /// in its place is removed.
  package func rename(_ path: [UInt8], to target: [UInt8]) throws(Errno) {
    let (file, name) = (cString(path[...]), cString(target[...]))
    if renameat(descriptor, file, descriptor, name) == 0 { return }
    switch errno {
    case ENOENT: try makeFolder(above: target[...])
    case EISDIR:
      if unlinkat(descriptor, name, AT_REMOVEDIR) != 0 { throw Errno(rawValue: errno) }
    default: throw Errno(rawValue: errno)
    }
    if renameat(descriptor, file, descriptor, name) != 0 { throw Errno(rawValue: errno) }
  }

  /// Whether a file has just these bytes; one that may not be read is as good as another.
  package func holds(_ bytes: [UInt8], at path: [UInt8]) throws(Errno) -> Bool {
    let opened = open(cString(path[...]), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard opened >= 0 else {
      if errno == EACCES { return false }
      throw Errno(rawValue: errno)
    }
    defer { close(opened) }
    let found = [UInt8](unsafeUninitializedCapacity: bytes.count + 1) { buffer, count in
      while count <= bytes.count {
        let more = read(opened, buffer.baseAddress.map { $0 + count }, bytes.count + 1 - count)
        if more < 0, errno == EINTR { continue }
        if more <= 0 { break }
        count += more
      }
    }
    return found == bytes
  }

  /// Whether something else lies where a folder belongs. A link may lead to a folder; one that leads
  /// nowhere is in the way.
  package func isObstructed(_ folder: [UInt8]) throws(Errno) -> Bool {
    guard try status(of: folder) != nil else { return false }
    return try status(of: folder, followsLinks: true)?.kind != .folder
  }

  /// The first place above a path that is obstructed; nil where none is.
  package func obstacle(above path: [UInt8]) throws(Errno) -> [UInt8]? {
    for slash in path.indices where path[slash] == 0x2F {
      let folder = Array(path[..<slash])
      if try isObstructed(folder) { return folder }
    }
    return nil
  }

  // MARK: System calls

  /// A path as the system takes it.
  private func cString(_ path: ArraySlice<UInt8>) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: path.count + 1) { bytes, count in
      _ = bytes.initialize(fromContentsOf: path)
      bytes[path.count] = 0
      count = path.count + 1
    }
  }

  private func makeFolder(above path: ArraySlice<UInt8>) throws(Errno) {
    guard let slash = path.lastIndex(of: 0x2F), slash > 0 else { throw .noSuchFileOrDirectory }
    let folder = path[..<slash]
    if mkdirat(descriptor, cString(folder), 0o755) == 0 || errno == EEXIST { return }
    guard errno == ENOENT else { throw Errno(rawValue: errno) }
    try makeFolder(above: folder)
    if mkdirat(descriptor, cString(folder), 0o755) != 0, errno != EEXIST {
      throw Errno(rawValue: errno)
    }
  }

  private static func writeAll(_ bytes: [UInt8], to opened: CInt) -> Errno? {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        let rest = buffer.baseAddress.map { $0 + written }
        #if canImport(Glibc)
          return Glibc.write(opened, rest, bytes.count - written)
        #else
          return Darwin.write(opened, rest, bytes.count - written)
        #endif
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return Errno(rawValue: errno) }
      written += count
    }
    return nil
  }

  /// - Parameter path: in bytes that end with 0.
  private func open(_ path: [UInt8], _ flags: CInt) -> CInt {
    path.withUnsafeBufferPointer { path in
      path.withMemoryRebound(to: CChar.self) { path in
        path.baseAddress.map { openat(descriptor, $0, flags, 0o644) } ?? -1
      }
    }
  }
}
