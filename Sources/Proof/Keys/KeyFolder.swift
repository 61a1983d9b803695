public import Diagnostics
import Files
public import Input
public import SystemPackage

/// The folder with what only the institution may read: its secret, its signing key and its log's key.
public struct KeyFolder: Sendable {
  public let folder: FilePath
  /// The folder as people see it, relative to the project.
  public let displayPath: String

  public init(_ folder: FilePath, displayPath: String) {
    self.folder = folder
    self.displayPath = displayPath
  }

  private static let secretName = "registry.secret"
  private static let keyName = "signing.pem"
  private static let logName = "log.pem"
  private static let nextName = "next.pem"
  private static let historyName = "history.yml"

  private func file(_ name: String) -> FilePath { folder.appending(name) }
  private func shown(_ name: String) -> String { "\(displayPath)/\(name)" }

  // MARK: Reading

  /// The registry secret; nil, with findings, when it cannot be used.
  public func secret(findings: inout Findings) throws(MachineFailure) -> RegistrySecret? {
    try RegistrySecret.load(
      file(Self.secretName), displayPath: shown(Self.secretName), findings: &findings)
  }

  /// The keys that sign, and the history of the signing key; nil, with findings, when they cannot be
  /// used.
  public func keys(findings: inout Findings) throws(MachineFailure) -> SigningKeys? {
    let key = try SigningKey.load(
      file(Self.keyName), displayPath: shown(Self.keyName), findings: &findings)
    let history = try KeyHistory.load(
      file(Self.historyName), displayPath: shown(Self.historyName), findings: &findings)
    // Whether the log needs a key of its own is known where the log is.
    let before = findings.errorCount
    let hasLogKey = try SourceFile.exists(file(Self.logName), displayPath: shown(Self.logName))
    let log =
      hasLogKey
      ? try SigningKey.load(
        file(Self.logName), displayPath: shown(Self.logName), findings: &findings) : nil
    guard findings.errorCount == before, let key, let history else { return nil }
    if let log, history.days(of: log.publicKey) != nil {
      findings.add(
        Diagnostic(
          "log-key-signs-documents", at: SourceLocation(path: shown(Self.logName)),
          message: "The log's key is a signing key as well, and it is to sign checkpoints alone",
          hint: "restore \(shown(Self.logName)) from your backup"))
      return nil
    }
    if history.current?.key == key.publicKey {
      return SigningKeys(signing: key, log: log, history: history)
    }
    findings.add(
      Diagnostic(
        "key-not-in-history", at: SourceLocation(path: shown(Self.historyName)),
        message: "The last key of the history is the signing key",
        hint: "if `canting keys rotate` was interrupted, run it again;"
          + " else restore both files from your backup"))
    return nil
  }

  // MARK: Making

  /// Makes the registry secret, the signing key, its history and the log's key, whichever is missing.
  ///
  /// - Parameter isLogBegun: whether there is a log already, which keeps the key that it has.
  /// - Returns: the files that were made; none, with a finding, when all are there: nothing is
  ///   ever overwritten, for a lost secret cannot be made again.
  public func makeNew(
    today: CalendarDate, isLogBegun: Bool, findings: inout Findings
  ) throws(MachineFailure) -> [String] {
    do {
      try DurableFile.makeFolder(folder, mode: .ownerReadWriteExecute)
    } catch {
      throw MachineFailure("make \(displayPath)", error as? Errno ?? .ioError)
    }
    var made: [String] = []
    var secrets = [
      (Self.secretName, RegistrySecret.newFile()), (Self.keyName, SigningKey().pem),
    ]
    if !isLogBegun { secrets.append((Self.logName, SigningKey().pem)) }
    for (name, text) in secrets
    where try DurableFile.create(
      file(name), with: Array(text.utf8), displayPath: shown(name), isSecret: true)
    {
      made.append(shown(name))
    }
    if try !SourceFile.exists(file(Self.historyName), displayPath: shown(Self.historyName)) {
      let key = try SigningKey.load(
        file(Self.keyName), displayPath: shown(Self.keyName), findings: &findings)
      guard let key else { return made }
      let history = KeyHistory([]).adding(key.publicKey, from: today)
      try DurableFile.replace(
        file(Self.historyName), with: Array(history.yaml.utf8), displayPath: shown(Self.historyName)
      )
      made.append(shown(Self.historyName))
    }
    if made.isEmpty {
      findings.add(
        Diagnostic(
          "keys-exist", at: SourceLocation(path: displayPath),
          message: "Keys are never overwritten: every printed code depends on them",
          hint: "to start a new registry, move the old files away to a safe place first;"
            + " to replace the signing key, run `canting keys rotate`"))
    }
    return made
  }

  /// Replaces the signing key and keeps the old public key in the history.
  ///
  /// The steps are ordered so that a rotation that was interrupted is completed by the next one:
  /// the new key, the history that names it, the old key out of the way, the new key in place.
  ///
  /// - Returns: the public keys before and after; nil, with findings, when the files disagree.
  public func rotate(
    today: CalendarDate, findings: inout Findings
  ) throws(MachineFailure) -> (old: PublicKey, new: PublicKey)? {
    let loaded = try KeyHistory.load(
      file(Self.historyName), displayPath: shown(Self.historyName), findings: &findings)
    guard var history = loaded else { return nil }
    let next: SigningKey
    if try SourceFile.exists(file(Self.nextName), displayPath: shown(Self.nextName)) {
      let read = try SigningKey.load(
        file(Self.nextName), displayPath: shown(Self.nextName), findings: &findings)
      guard let read else { return nil }
      next = read
    } else {
      // A key that is lost is replaced too: what it signed is checked with its public half.
      let hasKey = try SourceFile.exists(file(Self.keyName), displayPath: shown(Self.keyName))
      if hasKey || history.current == nil {
        guard try keys(findings: &findings) != nil else { return nil }
      }
      next = SigningKey()
      _ = try DurableFile.create(
        file(Self.nextName), with: Array(next.pem.utf8), displayPath: shown(Self.nextName),
        isSecret: true)
    }
    let newKey = next.publicKey
    if history.current?.key != newKey {
      history = history.adding(newKey, from: today)
      try DurableFile.replace(
        file(Self.historyName), with: Array(history.yaml.utf8), displayPath: shown(Self.historyName)
      )
    }
    guard let old = history.entries.dropLast().last else { return nil }
    do {
      if try SourceFile.exists(file(Self.keyName), displayPath: shown(Self.keyName)) {
        try DurableFile.rename(
          file(Self.keyName),
          to: file("retired-\(old.until ?? today)-\(old.key.multikey.suffix(8)).pem"))
      }
      try DurableFile.rename(file(Self.nextName), to: file(Self.keyName))
    } catch {
      throw error as? MachineFailure
        ?? MachineFailure("write \(shown(Self.keyName))", error as? Errno ?? .ioError)
    }
    return (old.key, newKey)
  }
}

/// The finding for a secret file that others on the machine can read, if they can.
func permissionFinding(
  _ file: FilePath, displayPath path: String
) throws(MachineFailure) -> Diagnostic? {
  let status: FileStatus?
  do {
    status = try FileStatus(file, followsLinks: true)
  } catch {
    throw MachineFailure("read \(path)", error)
  }
  guard let status else { throw MachineFailure("read \(path)", .noSuchFileOrDirectory) }
  guard status.permissions & 0o077 != 0 else { return nil }
  return Diagnostic(
    "key-readable-by-others", at: SourceLocation(path: path),
    message: "A secret is readable by its owner alone",
    hint: "run: chmod 600 \(path)")
}
