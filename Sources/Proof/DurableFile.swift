import Diagnostics
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes that are on the disk when they return, whole or not at all.
enum DurableFile {
  /// Replaces a file: the bytes reach the disk under another name, then take this one.
  static func replace(
    _ file: FilePath, with bytes: [UInt8], shownAs path: String, isSecret: Bool = false
  ) throws(MachineFailure) {
    let temporary = FilePath(file.string + ".new")
    do {
      try write(bytes, to: temporary, options: [.create, .truncate], isSecret: isSecret)
      try rename(temporary, to: file)
    } catch {
      throw MachineFailure("write \(path)", error as? Errno ?? .ioError)
    }
  }

  /// Makes a file that must not exist yet.
  ///
  /// - Returns: false when it does.
  static func create(
    _ file: FilePath, with bytes: [UInt8], shownAs path: String, isSecret: Bool
  ) throws(MachineFailure) -> Bool {
    do {
      try write(bytes, to: file, options: [.create, .exclusiveCreate], isSecret: isSecret)
      try synchronize(file.removingLastComponent())
      return true
    } catch let errno as Errno where errno == .fileExists {
      return false
    } catch {
      throw MachineFailure("write \(path)", error as? Errno ?? .ioError)
    }
  }

  /// Gives a file another name, durably.
  static func rename(_ file: FilePath, to target: FilePath) throws {
    #if canImport(Glibc)
      let result = Glibc.rename(file.string, target.string)
    #else
      let result = Darwin.rename(file.string, target.string)
    #endif
    if result != 0 { throw Errno(rawValue: errno) }
    try synchronize(target.removingLastComponent())
  }

  /// Makes a folder and those above it.
  static func makeFolder(_ folder: FilePath, mode: mode_t) throws {
    if mkdir(folder.string, mode) != 0 {
      if errno == EEXIST { return }
      guard errno == ENOENT, !folder.removingLastComponent().isEmpty else {
        throw Errno(rawValue: errno)
      }
      try makeFolder(folder.removingLastComponent(), mode: mode)
      if mkdir(folder.string, mode) != 0, errno != EEXIST { throw Errno(rawValue: errno) }
    }
    try synchronize(folder.removingLastComponent())
  }

  private static func write(
    _ bytes: [UInt8], to file: FilePath, options: FileDescriptor.OpenOptions, isSecret: Bool
  ) throws {
    let permissions: FilePermissions =
      isSecret ? [.ownerReadWrite] : [.ownerReadWrite, .groupRead, .otherRead]
    let descriptor = try FileDescriptor.open(
      file, .writeOnly, options: options.union([.closeOnExec]), permissions: permissions)
    try descriptor.closeAfter {
      try descriptor.writeAll(bytes)
      if fsync(descriptor.rawValue) != 0 { throw Errno(rawValue: errno) }
    }
  }

  /// Brings a folder's entries to the disk.
  private static func synchronize(_ folder: FilePath) throws {
    let descriptor = try FileDescriptor.open(
      folder.isEmpty ? "." : folder, .readOnly, options: [.closeOnExec])
    try descriptor.closeAfter {
      if fsync(descriptor.rawValue) != 0 { throw Errno(rawValue: errno) }
    }
  }
}
