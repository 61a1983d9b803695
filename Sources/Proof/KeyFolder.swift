public import Diagnostics
public import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The folder with what only the institution may read.
public struct KeyFolder: Sendable {
  public let folder: FilePath
  /// The folder as people see it, relative to the project.
  public let shownAs: String

  public init(_ folder: FilePath, shownAs: String) {
    self.folder = folder
    self.shownAs = shownAs
  }

  /// Where the registry secret lies.
  public var secretFile: FilePath { folder.appending("registry.secret") }
  public var secretShownAs: String { shownAs + "/registry.secret" }

  /// Makes a new registry secret with mode 0600.
  ///
  /// - Returns: the path of the new file, or nil with a finding when there is one already:
  ///   nothing is ever overwritten, for a lost secret cannot be made again.
  public func makeSecret(
    findings: inout Findings
  ) throws(MachineFailure) -> String? {
    do {
      if mkdir(folder.string, 0o700) != 0, errno != EEXIST { throw Errno(rawValue: errno) }
      let descriptor = try FileDescriptor.open(
        secretFile, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
        permissions: [.ownerRead, .ownerWrite])
      try descriptor.closeAfter {
        try descriptor.writeAll(Array(RegistrySecret.newFile().utf8))
        if fsync(descriptor.rawValue) != 0 { throw Errno(rawValue: errno) }
      }
      return secretShownAs
    } catch let errno as Errno where errno == .fileExists {
      findings.add(
        Diagnostic(
          "secret-exists", at: SourceLocation(path: secretShownAs),
          message: "A registry secret is never overwritten: every printed code depends on it",
          hint: "to start a new registry, move the old file away to a safe place first"))
      return nil
    } catch {
      throw MachineFailure("write \(secretShownAs)", error as? Errno ?? .ioError)
    }
  }
}

/// The finding for a secret file that others on the machine can read, if they can.
func permissionFinding(
  _ file: FilePath, shownAs path: String
) throws(MachineFailure) -> Diagnostic? {
  var status = stat()
  guard stat(file.string, &status) == 0 else {
    throw MachineFailure("read \(path)", Errno(rawValue: errno))
  }
  guard status.st_mode & 0o077 != 0 else { return nil }
  return Diagnostic(
    "key-readable-by-others", at: SourceLocation(path: path),
    message: "A secret is readable by its owner alone",
    hint: "run: chmod 600 \(path)")
}
