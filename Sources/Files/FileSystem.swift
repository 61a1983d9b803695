package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Single steps in the file system, each as the system does it.
package enum FileSystem {
  /// Gives a file or folder another name, in place of what has that name.
  package static func rename(_ path: FilePath, to target: FilePath) throws(Errno) {
    #if canImport(Glibc)
      let result = Glibc.rename(path.string, target.string)
    #else
      let result = Darwin.rename(path.string, target.string)
    #endif
    if result != 0 { throw Errno(rawValue: errno) }
  }

  /// Removes a file.
  package static func remove(_ file: FilePath) throws(Errno) {
    if unlink(file.string) != 0 { throw Errno(rawValue: errno) }
  }

  /// Removes a file that is of no use any more; whether that succeeds changes nothing.
  package static func discard(_ file: FilePath) { unlink(file.string) }

  /// - Returns: whether the folder was empty, and is gone.
  package static func removeEmptyFolder(_ folder: FilePath) -> Bool { rmdir(folder.string) == 0 }

  /// Makes a folder that is not there yet.
  package static func makeFolder(_ folder: FilePath) throws(Errno) {
    if mkdir(folder.string, 0o755) != 0 { throw Errno(rawValue: errno) }
  }

  /// Insists that files can be added to a folder.
  package static func checkWritable(_ folder: FilePath) throws(Errno) {
    if access(folder.string, W_OK | X_OK) != 0 { throw Errno(rawValue: errno) }
  }

  /// The place behind all links; nil where there is nothing.
  package static func realPath(_ path: FilePath) -> FilePath? {
    guard let real = realpath(path.string, nil) else { return nil }
    defer { free(real) }
    return FilePath(platformString: real)
  }
}

extension FileDescriptor {
  /// Makes the file readable and writable by its owner alone.
  package func restrictToOwner() throws(Errno) {
    if fchmod(rawValue, 0o600) != 0 { throw Errno(rawValue: errno) }
  }

  /// Locks the file until it is closed or the process ends.
  ///
  /// - Throws: `Errno.wouldBlock` when another has the lock.
  package func lock() throws(Errno) {
    if flock(rawValue, LOCK_EX | LOCK_NB) != 0 { throw Errno(rawValue: errno) }
  }

  /// Brings the file to the disk.
  func synchronize() throws(Errno) {
    if fsync(rawValue) != 0 { throw Errno(rawValue: errno) }
  }

  /// Whether a person looks at what is written.
  package var isTerminal: Bool { isatty(rawValue) == 1 }
}

/// Ctrl-C, a closed terminal and a polite kill.
package enum EndingSignals {
  /// Calls `note` for each such signal; it may call nothing that is not safe in a signal handler.
  package static func listen(_ note: @convention(c) @escaping (CInt) -> Void) {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      let earlier = signal(number, note)
      // A background job that ignores Ctrl-C, or one under nohup, goes on to do so.
      if unsafeBitCast(earlier, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
        signal(number, SIG_IGN)
      }
    }
  }

  /// Ends the process as a signal would have, without tidying anything.
  package static func endProcess(_ number: CInt) -> Never { _exit(128 + number) }
}
