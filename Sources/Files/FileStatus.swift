package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the system says of what is at a path.
package struct FileStatus: Sendable {
  package enum Kind: Sendable, Hashable {
    case file, folder, link, pipe, socket, device

    /// In words, as in `a named pipe`; nil for a file.
    package var unusual: String? {
      switch self {
      case .file: nil
      case .folder: "a folder"
      case .pipe: "a named pipe"
      case .socket: "a socket"
      case .link, .device: "a device"
      }
    }

    init(_ mode: mode_t) {
      self =
        switch mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .folder
        case S_IFLNK: .link
        case S_IFIFO: .pipe
        case S_IFSOCK: .socket
        default: .device
        }
    }
  }

  /// Names a file or folder on this machine, whatever paths lead to it.
  package struct Identity: Sendable, Hashable {
    package let device: UInt64
    let number: UInt64
  }

  package let kind: Kind
  /// In bytes.
  package let size: Int
  /// As in 0o644.
  package let permissions: Int
  package let identity: Identity
  package let signature: StatSignature

  /// Whether it is a file that its owner may read.
  package var isReadableFile: Bool { kind == .file && permissions & 0o400 != 0 }

  init(_ status: stat) {
    kind = Kind(status.st_mode)
    size = Int(status.st_size)
    permissions = Int(status.st_mode & 0o777)
    identity = Identity(
      device: UInt64(truncatingIfNeeded: status.st_dev),
      number: UInt64(truncatingIfNeeded: status.st_ino))
    signature = StatSignature(status)
  }

  /// Looks at a path.
  ///
  /// - Parameter followsLinks: whether it is about what a link leads to.
  /// - Returns: nil where nothing is.
  /// - Throws: `Errno` when it cannot be looked at.
  package init?(_ path: FilePath, followsLinks: Bool) throws(Errno) {
    var status = stat()
    guard (followsLinks ? stat(path.string, &status) : lstat(path.string, &status)) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw Errno(rawValue: errno)
    }
    self.init(status)
  }
}
