import Diagnostics
import Proof
import Synchronization
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes the files of a site into a folder, each whole or not at all.
struct OutputWriter: Sendable {
  /// What became of a file.
  enum Change: Sendable { case added, changed, unchanged }

  /// A file that is there now.
  struct Written: Sendable {
    let change: Change
    let stamp: FileStamp
    /// For the receipt: the file's path, size and SHA-256, where it may be news to a host.
    let news: FileChange?
  }

  /// The folder itself: names are looked up from there, whatever becomes of the way to it.
  let root: FolderHandle
  /// The folder as people see it.
  let shownAs: String
  /// Whether nobody sees the folder before it is whole, so that files need no second name.
  let isStaging: Bool
  /// Whether the build before this one was cut off, so that files it wrote may be news as well.
  let followsInterruption: Bool
  /// Whether changes are listed with their digests.
  let listsChanges: Bool
  /// What that build may have removed, and no receipt says.
  let untoldRemovals: [OutputPath]
  /// Where the certificates of a first site are looked up from.
  private let nearby: NearbyFolders?

  init(
    _ folder: FilePath, shownAs path: String, isStaging: Bool, followsInterruption: Bool = false,
    listsChanges: Bool = false, untoldRemovals: [OutputPath] = []
  ) {
    root = FolderHandle(folder)
    shownAs = path
    self.isStaging = isStaging
    self.followsInterruption = followsInterruption
    self.listsChanges = listsChanges
    self.untoldRemovals = untoldRemovals
    nearby = isStaging ? NearbyFolders(below: root) : nil
  }

  /// Writes a file unless it is there with the same bytes.
  ///
  /// - Parameters:
  ///   - worker: tells concurrent writers apart; each writes one file at a time.
  ///   - isFirst: whether it is the first in a folder of its own, which then is there only if the site
  ///     is.
  func write(
    _ path: OutputPath, _ bytes: [UInt8], worker: Int, isFirst: Bool = false
  ) throws(MachineFailure) -> Written {
    do throws(Errno) {
      let (change, stamp) = try write(path.bytes, bytes, worker: worker, isFirst: isFirst)
      let isNews = listsChanges && (change != .unchanged || followsInterruption)
      return Written(
        change: change, stamp: stamp,
        news: isNews
          ? FileChange(
            path: path, kind: change == .added ? .added : .changed, size: bytes.count,
            digest: Digest(hashing: bytes)) : nil)
    } catch {
      throw MachineFailure("write \(shownAs)/\(path)", reason: reason(error, at: path))
    }
  }

  /// Why a file could not be written, with what stands in its way.
  private func reason(_ error: Errno, at path: OutputPath) -> String {
    switch error {
    case .directoryNotEmpty:
      return "a folder with files lies in its place; move that out of \(shownAs)"
    case .notDirectory, .noSuchFileOrDirectory:
      let slashes = path.bytes.indices.filter { path.bytes[$0] == 0x2F }
      guard let obstacle = slashes.map({ path.bytes[..<$0] }).first(where: isInTheWay)
      else { return error.description }
      let name = String(decoding: obstacle, as: UTF8.self)
      return "\(shownAs)/\(name) is no folder; move it out of \(shownAs)"
    default: return error.description
    }
  }

  /// Whether something is there that is neither a folder nor a link to one.
  private func isInTheWay(_ path: ArraySlice<UInt8>) -> Bool {
    let path = cString(path)
    var status = stat()
    guard fstatat(root.descriptor, path, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return false }
    return fstatat(root.descriptor, path, &status, 0) != 0 || status.st_mode & S_IFMT != S_IFDIR
  }

  private func write(
    _ path: [UInt8], _ bytes: [UInt8], worker: Int, isFirst: Bool
  ) throws(Errno) -> (Change, FileStamp) {
    if isStaging {
      let (folder, name) = nearby?.place(of: path) ?? (root.descriptor, path[...])
      let target = cString(name)
      if isFirst { try makeFolder(above: target, below: folder) }
      return (.added, try store(bytes, at: target, below: folder, exclusively: true))
    }
    let target = cString(path[...])
    guard let existing = try status(target) else {
      return (.added, try replace(target, with: bytes, worker: worker))
    }
    // What its owner may not read, no host can serve.
    let isReadable = existing.st_mode & S_IFMT == S_IFREG && existing.st_mode & S_IRUSR != 0
    if isReadable, existing.st_size == bytes.count, try holds(target, bytes) {
      return (.unchanged, FileStamp(existing))
    }
    return (.changed, try replace(target, with: bytes, worker: worker))
  }

  /// The stamp of a file; nil where there is none.
  func stamp(of path: OutputPath) throws(MachineFailure) -> FileStamp? {
    do throws(Errno) {
      return try status(cString(path.bytes[...])).map { FileStamp($0) }
    } catch {
      throw MachineFailure("look at \(shownAs)/\(path)", error)
    }
  }

  private func replace(
    _ target: [UInt8], with bytes: [UInt8], worker: Int
  ) throws(Errno) -> FileStamp {
    let temporary = cString(Array("\(OutputFolder.stateFolder)/new-\(worker)".utf8)[...])
    let stamp = try store(bytes, at: temporary, below: root.descriptor, exclusively: false)
    if rename(temporary, to: target) { return stamp }
    switch errno {
    case ENOENT: try makeFolder(above: target, below: root.descriptor)
    case EISDIR:
      // An empty folder in a file's place holds nothing of anybody's.
      if unlinkat(root.descriptor, target, AT_REMOVEDIR) != 0 { throw Errno(rawValue: errno) }
    default: throw Errno(rawValue: errno)
    }
    if !rename(temporary, to: target) { throw Errno(rawValue: errno) }
    return stamp
  }

  private func rename(_ file: [UInt8], to target: [UInt8]) -> Bool {
    renameat(root.descriptor, file, root.descriptor, target) == 0
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

  /// What the system says of what is there, links not followed; nil for nothing.
  private func status(_ file: [UInt8]) throws(Errno) -> stat? {
    var status = stat()
    if fstatat(root.descriptor, file, &status, AT_SYMLINK_NOFOLLOW) == 0 { return status }
    if errno == ENOENT || errno == ENOTDIR || !root.isThere { return nil }
    throw Errno(rawValue: errno)
  }

  /// Writes a file; what is left of one that could not be written whole is removed.
  private func store(
    _ bytes: [UInt8], at file: [UInt8], below folder: CInt, exclusively: Bool
  ) throws(Errno) -> FileStamp {
    let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (exclusively ? O_EXCL : O_TRUNC)
    var descriptor = systemOpen(file, flags, below: folder)
    if descriptor < 0, errno == ENOENT {
      try makeFolder(above: file, below: folder)
      descriptor = systemOpen(file, flags, below: folder)
    }
    guard descriptor >= 0 else { throw Errno(rawValue: errno) }
    var status = stat()
    var reason = writeAll(bytes, to: descriptor)
    if reason == nil, fstat(descriptor, &status) != 0 { reason = Errno(rawValue: errno) }
    if close(descriptor) != 0, reason == nil { reason = Errno(rawValue: errno) }
    if let reason {
      // Gives the room back that a full disk has too little of.
      unlinkat(folder, file, 0)
      throw reason
    }
    return FileStamp(status)
  }

  private func writeAll(_ bytes: [UInt8], to descriptor: CInt) -> Errno? {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        systemWrite(descriptor, buffer.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return Errno(rawValue: errno) }
      written += count
    }
    return nil
  }

  /// Whether a file has just these bytes; one that may not be read is as good as another.
  private func holds(_ file: [UInt8], _ bytes: [UInt8]) throws(Errno) -> Bool {
    let descriptor = systemOpen(
      file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, below: root.descriptor)
    guard descriptor >= 0 else {
      if errno == EACCES { return false }
      throw Errno(rawValue: errno)
    }
    defer { close(descriptor) }
    let found = [UInt8](unsafeUninitializedCapacity: bytes.count + 1) { buffer, count in
      while count <= bytes.count {
        let more = read(descriptor, buffer.baseAddress.map { $0 + count }, bytes.count + 1 - count)
        if more < 0, errno == EINTR { continue }
        if more <= 0 { break }
        count += more
      }
    }
    return found == bytes
  }

  private func makeFolder(above file: [UInt8], below start: CInt) throws(Errno) {
    guard let slash = file.lastIndex(of: 0x2F), slash > 0 else { throw .noSuchFileOrDirectory }
    let folder = cString(file[..<slash])
    if mkdirat(start, folder, 0o755) == 0 || errno == EEXIST { return }
    guard errno == ENOENT else { throw Errno(rawValue: errno) }
    try makeFolder(above: folder, below: start)
    if mkdirat(start, folder, 0o755) != 0, errno != EEXIST {
      throw Errno(rawValue: errno)
    }
  }
}

/// Open folders of the certificates whose codes begin with the same two digits, so that hundreds of
/// thousands of names need not be looked up from the top.
private final class NearbyFolders: Sendable {
  private let root: FolderHandle
  /// By the two digits; below 0 what is not open.
  private let descriptors = Mutex([CInt](repeating: -1, count: 256))

  /// - Returns: nil where a program may not have so many files open.
  init?(below root: FolderHandle) {
    guard sysconf(Int32(_SC_OPEN_MAX)) >= 1024 else { return nil }
    self.root = root
  }

  /// The folder, and the path from there; nil where the path is no certificate's, or the folder is not
  /// there yet.
  func place(of path: [UInt8]) -> (CInt, ArraySlice<UInt8>)? {
    guard let digits = CertificateCode.firstDigits(ofPath: path) else { return nil }
    let descriptor = descriptors.withLock { descriptors in
      if descriptors[digits] < 0 {
        let near = path[..<CertificateCode.nearLength]
        descriptors[digits] = openFolder(near, below: root.descriptor)
      }
      return descriptors[digits]
    }
    return descriptor < 0 ? nil : (descriptor, path[(CertificateCode.nearLength + 1)...])
  }

  deinit {
    descriptors.withLock { for descriptor in $0 where descriptor >= 0 { close(descriptor) } }
  }
}

/// An open folder to look up names from; closed with the last that has it.
final class FolderHandle: Sendable {
  let descriptor: CInt

  init(_ folder: FilePath) {
    descriptor = open(folder.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  }

  /// A folder inside of an open one.
  init(_ path: ArraySlice<UInt8>, below above: FolderHandle) {
    descriptor = openFolder(path, below: above.descriptor)
  }

  var isThere: Bool { descriptor >= 0 }

  deinit {
    if isThere { close(descriptor) }
  }
}

/// - Returns: a descriptor; below 0 where there is no such folder.
private func openFolder(_ path: ArraySlice<UInt8>, below folder: CInt) -> CInt {
  systemOpen(Array(path) + [0], O_RDONLY | O_DIRECTORY | O_CLOEXEC, below: folder)
}

private func systemWrite(_ descriptor: CInt, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  #if canImport(Glibc)
    Glibc.write(descriptor, bytes, count)
  #else
    Darwin.write(descriptor, bytes, count)
  #endif
}

/// - Parameter path: in bytes that end with 0.
private func systemOpen(
  _ path: [UInt8], _ flags: CInt, below folder: CInt
) -> CInt {
  path.withUnsafeBufferPointer { path in
    path.withMemoryRebound(to: CChar.self) { path in
      path.baseAddress.map { openat(folder, $0, flags, 0o644) } ?? -1
    }
  }
}
