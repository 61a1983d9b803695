import Diagnostics
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

  private let root: [UInt8]
  /// The folder as people see it.
  private let shownAs: String
  /// Whether nobody sees the folder before it is whole, so that files need no second name.
  let isStaging: Bool

  init(_ folder: FilePath, shownAs path: String, isStaging: Bool) {
    root = Array(folder.string.utf8)
    shownAs = path
    self.isStaging = isStaging
  }

  /// Writes a file unless it is there with the same bytes.
  ///
  /// - Parameter worker: tells concurrent writers apart; each writes one file at a time.
  func write(
    _ path: OutputPath, _ bytes: [UInt8], worker: Int
  ) throws(MachineFailure) -> Change {
    let target = cString(path.bytes)
    do throws(Errno) {
      if isStaging {
        try store(bytes, at: target, exclusively: true)
        return .added
      }
      guard let existing = try existingSize(target) else {
        try replace(target, with: bytes, worker: worker)
        return .added
      }
      if existing == bytes.count, try holds(target, bytes) { return .unchanged }
      try replace(target, with: bytes, worker: worker)
      return .changed
    } catch {
      throw MachineFailure("write \(shownAs)/\(path)", error)
    }
  }

  private func replace(
    _ target: [CChar], with bytes: [UInt8], worker: Int
  ) throws(Errno) {
    let temporary = cString(Array("\(OutputFolder.stateFolder)/new-\(worker)".utf8))
    try store(bytes, at: temporary, exclusively: false)
    if rename(temporary, target) == 0 { return }
    guard errno == ENOENT else { throw Errno(rawValue: errno) }
    try makeFolder(above: target)
    if rename(temporary, target) != 0 { throw Errno(rawValue: errno) }
  }

  // MARK: System calls

  private func cString(_ path: [UInt8]) -> [CChar] {
    [CChar](unsafeUninitializedCapacity: root.count + path.count + 2) { buffer, count in
      for byte in root {
        buffer[count] = CChar(bitPattern: byte)
        count += 1
      }
      buffer[count] = 0x2F
      count += 1
      for byte in path {
        buffer[count] = CChar(bitPattern: byte)
        count += 1
      }
      buffer[count] = 0
      count += 1
    }
  }

  /// The size of a regular file; -1 for anything else that is there, nil for nothing.
  private func existingSize(_ file: [CChar]) throws(Errno) -> Int? {
    var status = stat()
    guard lstat(file, &status) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw Errno(rawValue: errno)
    }
    return status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : -1
  }

  private func store(
    _ bytes: [UInt8], at file: [CChar], exclusively: Bool
  ) throws(Errno) {
    let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (exclusively ? O_EXCL : O_TRUNC)
    var descriptor = open(file, flags, 0o644)
    if descriptor < 0, errno == ENOENT {
      try makeFolder(above: file)
      descriptor = open(file, flags, 0o644)
    }
    guard descriptor >= 0 else { throw Errno(rawValue: errno) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        systemWrite(descriptor, buffer.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        let reason = Errno(rawValue: errno)
        close(descriptor)
        throw reason
      }
      written += count
    }
    if close(descriptor) != 0 { throw Errno(rawValue: errno) }
  }

  /// Whether a file has just these bytes.
  private func holds(_ file: [CChar], _ bytes: [UInt8]) throws(Errno) -> Bool {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw Errno(rawValue: errno) }
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

  private func makeFolder(above file: [CChar]) throws(Errno) {
    guard let slash = file.lastIndex(of: 0x2F), slash > 0 else { throw .noSuchFileOrDirectory }
    var folder = Array(file[..<slash])
    folder.append(0)
    if mkdir(folder, 0o755) == 0 || errno == EEXIST { return }
    guard errno == ENOENT else { throw Errno(rawValue: errno) }
    try makeFolder(above: folder)
    if mkdir(folder, 0o755) != 0, errno != EEXIST { throw Errno(rawValue: errno) }
  }
}

private func systemWrite(_ descriptor: CInt, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  #if canImport(Glibc)
    Glibc.write(descriptor, bytes, count)
  #else
    Darwin.write(descriptor, bytes, count)
  #endif
}
