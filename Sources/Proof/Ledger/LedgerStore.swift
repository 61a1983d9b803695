public import Diagnostics
import Files
import Foundation
public import SystemPackage

/// The folder that holds every entry ever sealed and the last checkpoint: what is backed up.
///
/// It has the public layout (`checkpoint`, `tile/…`) and beside it `published`, which is private.
/// What is trusted is the checkpoint, signed by one of the institution's keys; everything else is
/// compared with it. Bytes reach the disk in an order that makes the checkpoint the last: entries
/// and hashes beyond it were never published, and are made again.
public struct LedgerStore: Sendable {
  public let folder: FilePath
  public let displayPath: String

  public init(_ folder: FilePath, displayPath path: String) {
    self.folder = folder
    displayPath = path
  }

  static let checkpointName = "checkpoint"
  static let publishedName = "published"

  /// Why the store cannot be used.
  struct Damage: Error {
    /// The file, relative to the store.
    let file: String
    let message: String
  }

  /// The checkpoint in the output folder cannot be used, whatever the store is like.
  private struct PublishedDamage: Error {
    let message: String
  }

  /// The checkpoint is signed by a key that is not here.
  private struct OtherKey: Error {}

  /// The store is that of a log with another name.
  private struct OtherLog: Error {
    let origin: String
  }

  func shown(_ name: String) -> String { "\(displayPath)/\(name)" }

  func read(_ name: String) throws(MachineFailure) -> [UInt8]? {
    try SourceFile.readBytes(folder.appending(name), displayPath: shown(name))
  }

  /// Whether there is a log already, which keeps its key.
  public var isBegun: Bool {
    get throws(MachineFailure) {
      try SourceFile.exists(
        folder.appending(Self.checkpointName), displayPath: shown(Self.checkpointName))
    }
  }

  // MARK: Reading

  /// What the store's files give, before any signature was looked at.
  public struct Replay: Sendable {
    fileprivate enum Outcome {
      /// There is no checkpoint.
      case nothing
      case ledger(Ledger, claimed: Checkpoint, earlierRoot: Digest?)
      case damage(Damage)
      case failure(MachineFailure)
    }

    fileprivate let outcome: Outcome
  }

  /// Reads the ledger and compares every entry and hash with what its checkpoint claims.
  ///
  /// It needs no key, so that the registry can be read at the same time.
  ///
  /// - Parameter published: the checkpoint in the output folder, if there is one.
  public func replay(published: [UInt8]?) -> Replay {
    do {
      guard let note = try read(Self.checkpointName) else { return Replay(outcome: .nothing) }
      let claimed = try claim(of: note)
      let (ledger, root) = try ledger(
        claimed, rootAt: try published.map { try Checkpoint(text: try SignedNote($0).text).size })
      return Replay(outcome: .ledger(ledger, claimed: claimed, earlierRoot: root))
    } catch let damage as Damage {
      return Replay(outcome: .damage(damage))
    } catch {
      return Replay(
        outcome: .failure(
          error as? MachineFailure ?? MachineFailure("read \(displayPath)", reason: "\(error)")))
    }
  }

  /// Takes a replayed ledger if the institution signed its checkpoint and the published log grew
  /// from it.
  ///
  /// - Parameters:
  ///   - keys: the institution's keys, old ones included.
  ///   - witnesses: whose lines below the checkpoint must hold.
  ///   - published: the checkpoint in the output folder, if there is one; the store must be what
  ///     it grew from.
  ///   - publishedName: that file as it is named in findings.
  /// - Returns: nil, with findings, when the store is damaged or lost, or the published checkpoint is.
  public func load(
    _ replay: Replay, origin: String, keys: IssuerKeys, witnesses: [NoteVerifier] = [],
    format: RecordFormat, published: [UInt8]?, displayPath publishedName: String,
    findings: inout Findings
  ) throws(MachineFailure) -> Ledger? {
    do {
      guard let note = try read(Self.checkpointName) else {
        return try newLedger(
          origin, keys: keys, format: format, published: published, findings: &findings)
      }
      let stored = try checkpoint(note, origin: origin, keys: keys)
      try checkLines(of: note, by: witnesses)
      let earlier = try published.map { note throws in
        do {
          return try checkpoint(note, origin: origin, keys: keys)
        } catch let damage as Damage {
          throw PublishedDamage(message: damage.message)
        } catch is OtherKey {
          throw PublishedDamage(message: "no known key signed it")
        }
      }
      let (ledger, root) = try replayed(replay, stored)
      guard earlier == nil || root == earlier?.root else {
        findings.add(
          Diagnostic(
            "ledger-behind-site", at: SourceLocation(path: displayPath),
            message: "The published log grew from the ledger, and this one"
              + (root == nil ? " has fewer entries" : " has other entries"),
            hint:
              "restore the newest backup of \(displayPath); a second history would contradict the"
              + " published one"))
        return nil
      }
      return stored.size == 0
        ? Ledger(origin: stored.origin, secretDigest: format.secretDigest) : ledger
    } catch let damage as Damage {
      findings.add(
        Diagnostic(
          "ledger-damaged", at: SourceLocation(path: shown(damage.file)),
          message: "The ledger agrees with its checkpoint: \(damage.message)",
          hint: "restore \(displayPath) from your backup; nothing was changed"))
      return nil
    } catch is OtherKey {
      findings.add(
        Diagnostic(
          "ledger-of-other-keys", at: SourceLocation(path: shown(Self.checkpointName)),
          message: "None of the keys in seeds/keys signed the ledger's checkpoint",
          hint: keys.log == nil
            ? "restore seeds/keys/log.pem and the other keys from your backup, or \(displayPath) if its"
              + " checkpoint was damaged"
            : "restore seeds/keys from your backup, or \(displayPath) if its checkpoint was damaged; if this"
              + " log began without seeds/keys/log.pem, move that file away"))
      return nil
    } catch let damage as PublishedDamage {
      findings.add(
        Diagnostic(
          "published-checkpoint-damaged", at: SourceLocation(path: publishedName),
          message: "The published checkpoint is signed by one of the institution's keys:"
            + " \(damage.message)",
          hint: "if \(displayPath) is the newest there is, remove this file, and the build makes it"
            + " again"))
      return nil
    } catch let other as OtherLog {
      findings.add(
        Diagnostic(
          "ledger-of-another-site", at: SourceLocation(path: displayPath),
          message: "A log keeps its name, which is the site's host: this one is \(other.origin),"
            + " and the site's is \(origin)",
          hint: "set url in content/site.yml back, or use the ledger of this site"))
      return nil
    } catch {
      throw error as? MachineFailure ?? MachineFailure("read \(displayPath)", reason: "\(error)")
    }
  }

  /// The ledger of a replay that was made under the checkpoint that is there now.
  private func replayed(_ replay: Replay, _ stored: Checkpoint) throws -> (Ledger, Digest?) {
    switch replay.outcome {
    case .ledger(let ledger, let claimed, let root) where claimed == stored: return (ledger, root)
    case .damage(let damage): throw damage
    case .failure(let failure): throw failure
    case .ledger, .nothing:
      throw MachineFailure("read \(displayPath)", reason: "it changed while it was being read")
    }
  }

  /// What a checkpoint says, whoever signed it.
  private func claim(of note: [UInt8]) throws -> Checkpoint {
    do {
      let checkpoint = try Checkpoint(text: try SignedNote(note).text)
      // Nobody vouches for the size yet: nothing is made as large as it says.
      let last = Tile(
        kind: .entries, index: (checkpoint.size - 1) / Tile.width,
        count: (checkpoint.size - 1) % Tile.width + 1)
      guard
        checkpoint.size == 0
          || FileManager.default.fileExists(atPath: folder.appending(last.path).string)
      else { throw Damage(file: last.path, message: "the file is missing") }
      return checkpoint
    } catch let failure as NoteFailure {
      throw Damage(file: Self.checkpointName, message: failure.description)
    }
  }

  /// The empty log, where neither the store nor the site has anything of an older one.
  private func newLedger(
    _ origin: String, keys: IssuerKeys, format: RecordFormat, published: [UInt8]?,
    findings: inout Findings
  ) throws -> Ledger? {
    guard published == nil else {
      findings.add(
        Diagnostic(
          "ledger-missing", at: SourceLocation(path: displayPath),
          message: "The published site has a log, and the ledger it grew from is not here",
          hint:
            "restore \(displayPath) from your backup; a new log would contradict the published one")
      )
      return nil
    }
    if try read(Self.publishedName) != nil || !tileFiles().isEmpty {
      throw Damage(file: Self.checkpointName, message: "the checkpoint is missing")
    }
    guard keys.log != nil else {
      findings.add(
        Diagnostic(
          "missing-log-key", at: SourceLocation(path: "seeds/keys/log.pem"),
          message: "A new log is signed with a key of its own, and there is none",
          hint: "run `canting keys new`: it makes what is missing and leaves the rest alone"))
      return nil
    }
    return Ledger(origin: origin, secretDigest: format.secretDigest)
  }

  private func checkLines(of note: [UInt8], by witnesses: [NoteVerifier]) throws {
    do {
      let note = try SignedNote(note)
      for witness in witnesses { _ = try note.cosignature(by: witness) }
    } catch {
      throw Damage(file: Self.checkpointName, message: error.description)
    }
  }

  private func checkpoint(
    _ note: [UInt8], origin: String, keys: IssuerKeys
  ) throws -> Checkpoint {
    do {
      let note = try SignedNote(note)
      let named = try Checkpoint.origin(of: note)
      let checkpoint = try Checkpoint(text: try note.open(keys.logVerifiers(origin: named)))
      guard named == origin else { throw OtherLog(origin: named) }
      return checkpoint
    } catch let failure as NoteFailure where failure.kind == .unknownSigner {
      throw OtherKey()
    } catch let failure as NoteFailure {
      throw Damage(file: Self.checkpointName, message: failure.description)
    }
  }

  /// The ledger up to a checkpoint, and the root that its tree had at another size.
  private func ledger(
    _ checkpoint: Checkpoint, rootAt size: Int?
  ) throws -> (ledger: Ledger, root: Digest?) {
    var root = size == 0 ? MerkleTree.emptyRoot : nil
    var edge = TreeEdge()
    var states = LedgerStates(capacity: min(checkpoint.size, 1 << 21))
    var bundle: [UInt8] = []
    var mismatch: Tile?
    for tile in Tile.bundles(size: checkpoint.size) {
      let path = tile.path
      guard let bytes = try read(path) else {
        throw Damage(file: path, message: "the file is missing")
      }
      let entries = try bundleEntries(bytes, of: tile)
      for bytes in entries {
        try replay(bytes, file: path, at: edge.size, states: &states)
        for full in edge.append(MerkleTree.leaf(bytes)) where try !agrees(full) {
          mismatch = mismatch ?? full.tile
        }
        if edge.size == size { root = edge.root }
      }
      bundle = tile.isFull ? [] : bytes
    }
    for partial in edge.partialTiles where try !agrees(partial) {
      mismatch = mismatch ?? partial.tile
    }
    if let mismatch {
      // The checkpoint tells which of the two was changed, the entries or their hashes.
      let areEntriesRight = edge.root == checkpoint.root
      let entries = Tile(kind: .entries, index: mismatch.index, count: mismatch.count)
      throw Damage(
        file: areEntriesRight || mismatch.kind != .hashes(level: 0) ? mismatch.path : entries.path,
        message: areEntriesRight
          ? "its hashes are not those of the entries"
          : "its entries are not those that were hashed")
    }
    try compareEarlierPartialTiles(edge, bundle: bundle)
    guard edge.root == checkpoint.root else {
      throw Damage(
        file: Self.checkpointName, message: "its root is not that of the \(edge.size) entries")
    }
    if checkpoint.size == 0 {
      return (Ledger(origin: checkpoint.origin, secretDigest: ""), root)
    }
    var reader = PublishedIndex.Reader(capacity: states.count)
    _ = try SourceFile.forEachPiece(
      of: folder.appending(Self.publishedName), displayPath: shown(Self.publishedName)
    ) { piece, _ in
      reader.take(piece)
    }
    guard let stored = reader.finish() else {
      throw Damage(file: Self.publishedName, message: "the file is missing, cut or changed")
    }
    // Lines beyond the checkpoint are of a build that was killed before it published anything.
    let published = stored.covered(by: checkpoint.size)
    try compare(published, states)
    let ledger = Ledger(
      origin: checkpoint.origin, edge: edge, states: states, bundle: bundle, published: published,
      isIndexStored: published.count == stored.count)
    return (ledger, root)
  }

  private func bundleEntries(_ bytes: [UInt8], of tile: Tile) throws -> [ArraySlice<UInt8>] {
    do {
      return try EntryBundle(bytes, count: tile.count).entries
    } catch {
      throw Damage(file: tile.path, message: error.description)
    }
  }

  private func replay(
    _ bytes: ArraySlice<UInt8>, file: String, at index: Int, states: inout LedgerStates
  ) throws {
    guard let entry = LedgerEntry(bytes) else {
      throw Damage(file: file, message: "entry \(index) is no entry of this log")
    }
    guard states.take(entry, at: index) else {
      throw Damage(
        file: file,
        message: entry.event == .issued
          ? "entry \(index) issues a certificate again"
          : "entry \(index) is of a certificate never issued")
    }
  }

  /// Whether the stored hashes are those made from the entries.
  private func agrees(_ made: TreeEdge.FilledTile) throws -> Bool {
    guard let bytes = try read(made.tile.path) else {
      throw Damage(file: made.tile.path, message: "the file is missing")
    }
    return bytes == made.hashes.flatMap(\.bytes)
  }

  /// Partial tiles of earlier checkpoints stay on the public log until their tile is full.
  private func compareEarlierPartialTiles(_ edge: TreeEdge, bundle: [UInt8]) throws {
    for tile in try tileFiles().compactMap({ Tile(path: $0) })
    where !tile.isFull && tile.hashes(ofTree: edge.size) / Tile.width == tile.index
      && tile.count < tile.hashes(ofTree: edge.size) % Tile.width
    {
      let expected: ArraySlice<UInt8>
      switch tile.kind {
      case .hashes(let level):
        expected = edge.partial[level].prefix(tile.count).flatMap(\.bytes)[...]
      case .entries: expected = EntryBundle.prefix(of: bundle, count: tile.count)
      }
      guard try read(tile.path).map({ $0[...] == expected }) ?? false else {
        throw Damage(
          file: tile.path, message: "it is not the beginning of the tile that grew from it")
      }
    }
  }

  private func compare(_ published: PublishedIndex, _ states: LedgerStates) throws {
    // A restored index does not have those that were erased: nobody can compute what they were.
    let standing = published.count { !states.isErased(at: $0.index) }
    guard standing == states.count - states.erasedCount,
      published.allSatisfy({ states.position(of: $0.fingerprint.logID) == $0.index })
    else {
      throw Damage(
        file: Self.publishedName, message: "it names other certificates than the log has")
    }
  }
}
