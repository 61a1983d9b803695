public import Diagnostics
import Files
public import Input
public import Proof
public import SystemPackage

/// What a watcher keeps of a site beside the checkpoint: the keys it has seen, and the day of the
/// newest status lists.
public struct MonitorState: Sendable, Hashable {
  /// As in `did:web:verify.example.org`.
  public let issuer: String
  public let keys: IssuerKeys
  /// The day on which the newest status lists were made.
  public let lists: CalendarDate

  init(issuer: String, keys: IssuerKeys, lists: CalendarDate) {
    self.issuer = issuer
    self.keys = keys
    self.lists = lists
  }

  private static func origin(of issuer: String) -> String {
    KeyDirectory.host(of: issuer) + "/log"
  }

  /// Reads what was written by `bytes`.
  ///
  /// - Throws: `NoteFailure` for anything else.
  public init(_ bytes: [UInt8]) throws(NoteFailure) {
    let json: JSONValue
    do {
      json = try JSONParser.parse(bytes)
    } catch {
      throw NoteFailure("it is not JSON: \(error)")
    }
    guard json["version"]?.integer == 2, let issuer = json["issuer"]?.string,
      issuer.hasPrefix("did:web:"),
      let lists = json["lists"]?.string.flatMap({ CalendarDate(iso: $0) }), let keys = json["keys"]
    else { throw NoteFailure("it is no version 2 of what a watcher has seen") }
    self.init(
      issuer: issuer,
      keys: try IssuerKeys(keys, origin: Self.origin(of: issuer)),
      lists: lists)
  }

  /// The file's bytes.
  func bytes() throws(NoteFailure) -> [UInt8] {
    let keys = try self.keys.published(origin: Self.origin(of: issuer))
    return CanonicalJSON.encode(
      .object([
        "version": .integer(2), "issuer": .string(issuer), "keys": keys,
        "lists": .string(lists.description),
      ])) + [0x0A]
  }
}

/// The two files of a watcher: a checkpoint, as anybody may have saved it, and beside it what else
/// was seen.
public struct MonitorFiles: Sendable {
  private let checkpoint: FilePath
  /// The checkpoint's file as the user named it.
  public let name: String

  public init(_ checkpoint: FilePath, displayPath name: String) {
    self.checkpoint = checkpoint
    self.name = name
  }

  /// The second file as the user would name it.
  public var memoryName: String { name + ".seen" }
  private var memory: FilePath { FilePath(checkpoint.string + ".seen") }

  /// The saved checkpoint, or nil when there is none.
  public func savedCheckpoint() throws(MachineFailure) -> [UInt8]? {
    try SourceFile.readBytes(checkpoint, displayPath: name, limit: SignedNote.longest)
  }

  /// What else was seen, or nil when nothing was kept.
  ///
  /// - Throws: `NoteFailure` when the file is damaged, `MachineFailure` when it cannot be read.
  public func savedMemory() throws -> MonitorState? {
    guard
      let bytes = try SourceFile.readBytes(
        memory, displayPath: memoryName, limit: InputFile.Limit.saved)
    else { return nil }
    return try MonitorState(bytes)
  }

  /// Replaces both files, each whole or not at all.
  ///
  /// The checkpoint comes last: keys that were seen too early do no harm, while a checkpoint whose
  /// key was not seen could not be opened.
  public func save(_ seen: MonitorState, checkpoint note: [UInt8]) throws {
    try DurableFile.replace(memory, with: try seen.bytes(), displayPath: memoryName)
    try DurableFile.replace(checkpoint, with: note, displayPath: name)
  }
}
