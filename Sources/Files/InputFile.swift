public import Diagnostics
public import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The one way to open a file that somebody else wrote: an ordinary one, of a stated size at most.
public enum InputFile {
  /// The most that is read of a file, in bytes.
  public enum Limit {
    /// YAML, Markdown, templates, tables in texts.
    public static let text = 4 << 20
    /// Pictures, documents, style sheets, scripts.
    public static let media = 64 << 20
    /// Lists beside the registry: batches, exports, candidates.
    public static let list = 16 << 20
    /// The registry, and any file that the program wrote itself.
    public static let registry = 1 << 30
    /// Keys and the registry secret.
    public static let key = 64 << 10
    /// Files that `verify`, `audit` and `monitor` are given, where nothing shorter is stated.
    public static let saved = 1 << 20
  }

  /// Why a file that is there is not read.
  public enum Refusal: Sendable, Hashable, CustomStringConvertible {
    /// It is something else, as in `a named pipe`.
    case kind(String)
    /// It is longer than this.
    case size(limit: Int)

    public var description: String {
      switch self {
      case .kind(let kind): "it is \(kind), not a file"
      case .size(let limit):
        "it has more than \(Self.inWords(limit)), which is the most that is read"
      }
    }

    /// The finding for it.
    public func diagnostic(_ path: String) -> Diagnostic {
      switch self {
      case .kind(let kind):
        Diagnostic(
          "not-a-file", at: SourceLocation(path: path),
          message: "What a project is made of are files, and this is \(kind)",
          hint: "move it away, or put a file in its place")
      case .size(let limit):
        Diagnostic(
          "large-file", at: SourceLocation(path: path),
          message: "Such a file has at most \(Self.inWords(limit)), and this one has more",
          hint: "look for what was saved there by mistake, or make it smaller")
      }
    }

    private static func inWords(_ bytes: Int) -> String {
      let units = ["bytes", "KiB", "MiB", "GiB"]
      var (number, unit) = (bytes, 0)
      while number.isMultiple(of: 1024), unit + 1 < units.count {
        number /= 1024
        unit += 1
      }
      return "\(number) \(units[unit])"
    }
  }

  /// What came of opening a file.
  enum Opened {
    /// To be closed by the caller, with the size that it has now.
    case file(FileDescriptor, size: Int)
    case missing
    case refused(Refusal)
  }

  /// Opens a file without waiting for anybody at the other end of it.
  ///
  /// - Throws: `Errno` when it is there and cannot be opened.
  static func open(_ file: FilePath, limit: Int) throws -> Opened {
    let descriptor: FileDescriptor
    do {
      descriptor = try FileDescriptor.open(
        file, .readOnly, options: [.closeOnExec, .nonBlocking])
    } catch let reason as Errno {
      switch reason {
      case .noSuchFileOrDirectory, .fileNameTooLong: return .missing
      // What opening a socket ends with.
      case .noSuchAddressOrDevice: return .refused(.kind("a socket or device"))
      default: throw reason
      }
    }
    var status = stat()
    let refusal: Refusal?
    if fstat(descriptor.rawValue, &status) != 0 {
      let reason = Errno(rawValue: errno)
      try descriptor.close()
      throw reason
    } else if let kind = FileStatus.Kind(status.st_mode).unusual {
      refusal = .kind(kind)
    } else {
      refusal = status.st_size > limit ? .size(limit: limit) : nil
    }
    guard let refusal else { return .file(descriptor, size: Int(status.st_size)) }
    try descriptor.close()
    return .refused(refusal)
  }

  /// Opens a file to be read in parts.
  ///
  /// - Throws: `MachineFailure` when it is missing, cannot be opened or is refused.
  public static func descriptor(
    _ file: FilePath, displayPath path: String, limit: Int
  ) throws(MachineFailure) -> FileDescriptor {
    let action = "read \(path)"
    do {
      switch try open(file, limit: limit) {
      case .file(let descriptor, _): return descriptor
      case .missing: throw MachineFailure(action, .noSuchFileOrDirectory)
      case .refused(let refusal): throw MachineFailure(action, reason: refusal.description)
      }
    } catch {
      throw error as? MachineFailure ?? MachineFailure(action, error as? Errno ?? .ioError)
    }
  }

  /// Looks whether a file may be read; what stands against it is among the findings.
  ///
  /// - Returns: true also where there is no file, which its reader finds.
  /// - Throws: `MachineFailure` when it is there and cannot be opened.
  public static func isFit(
    _ file: FilePath, displayPath path: String, limit: Int, findings: inout Findings
  ) throws(MachineFailure) -> Bool {
    do {
      switch try open(file, limit: limit) {
      case .file(let descriptor, _): try descriptor.close()
      case .missing: break
      case .refused(let refusal):
        findings.add(refusal.diagnostic(path))
        return false
      }
      return true
    } catch {
      throw MachineFailure("read \(path)", error as? Errno ?? .ioError)
    }
  }
}
