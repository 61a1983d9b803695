package import Diagnostics
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes that are on the disk when they return, whole or not at all.
package enum DurableFile {
  /// Replaces a file: the bytes reach the disk under another name, then take this one.
  package static func replace(
    _ file: FilePath, with bytes: [UInt8], displayPath path: String
  ) throws(MachineFailure) {
    try replace(file, displayPath: path, isSecret: false) { write in try write(bytes) }
  }

  /// Replaces a file by what is given a piece at a time.
  package static func replace(
    _ file: FilePath, displayPath path: String, isSecret: Bool,
    pieces: (_ write: ([UInt8]) throws -> Void) throws -> Void
  ) throws(MachineFailure) {
    let temporary = FilePath(file.string + ".new")
    do {
      try write(to: temporary, options: [.create, .truncate], isSecret: isSecret, pieces)
      try rename(temporary, to: file)
    } catch {
      // Gives the room back that a full disk has too little of.
      FileSystem.discard(temporary)
      throw MachineFailure("write \(path)", error as? Errno ?? .ioError)
    }
  }

  /// Makes a file that must not exist yet.
  ///
  /// - Returns: false when it does.
  package static func create(
    _ file: FilePath, with bytes: [UInt8], displayPath path: String, isSecret: Bool
  ) throws(MachineFailure) -> Bool {
    do {
      try write(to: file, options: [.create, .exclusiveCreate], isSecret: isSecret) { write in
        try write(bytes)
      }
      try synchronize(file.removingLastComponent())
      return true
    } catch let errno as Errno where errno == .fileExists {
      return false
    } catch {
      throw MachineFailure("write \(path)", error as? Errno ?? .ioError)
    }
  }

  /// Gives a file another name, durably.
  package static func rename(_ file: FilePath, to target: FilePath) throws {
    try FileSystem.rename(file, to: target)
    try synchronize(target.removingLastComponent())
  }

  /// Makes a folder and those above it.
  package static func makeFolder(_ folder: FilePath, mode: FilePermissions) throws {
    if mkdir(folder.string, mode.rawValue) != 0 {
      if errno == EEXIST { return }
      guard errno == ENOENT, !folder.removingLastComponent().isEmpty else {
        throw Errno(rawValue: errno)
      }
      try makeFolder(folder.removingLastComponent(), mode: mode)
      if mkdir(folder.string, mode.rawValue) != 0, errno != EEXIST { throw Errno(rawValue: errno) }
    }
    try synchronize(folder.removingLastComponent())
  }

  private static func write(
    to file: FilePath, options: FileDescriptor.OpenOptions, isSecret: Bool,
    _ pieces: (_ write: ([UInt8]) throws -> Void) throws -> Void
  ) throws {
    let permissions: FilePermissions =
      isSecret ? [.ownerReadWrite] : [.ownerReadWrite, .groupRead, .otherRead]
    let descriptor = try FileDescriptor.open(
      file, .writeOnly, options: options.union([.closeOnExec]), permissions: permissions)
    try descriptor.closeAfter {
      try pieces { _ = try descriptor.writeAll($0) }
      try descriptor.synchronize()
    }
  }

  /// Brings a folder's entries to the disk.
  private static func synchronize(_ folder: FilePath) throws {
    let descriptor = try FileDescriptor.open(
      folder.isEmpty ? "." : folder, .readOnly, options: [.closeOnExec])
    try descriptor.closeAfter {
      try descriptor.synchronize()
    }
  }
}
