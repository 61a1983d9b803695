public import Diagnostics
import Files
public import Registry
import SystemPackage

/// A lost ledger that is made again from the public log, the registry and its secret.
///
/// The log has the entries; which row each is of, only the secret tells. What was erased cannot be told
/// any more: the entries stay, and the index does without them.
public struct LedgerRestoration {
  private let store: LedgerStore
  private let note: [UInt8]
  private let checkpoint: Checkpoint
  private var states = LedgerStates()
  private var size = 0

  /// - Parameters:
  ///   - store: where the ledger is made; empty, or what an earlier attempt has left.
  ///   - note: the signed checkpoint of the published log.
  /// - Throws: `NoteFailure` when none of the keys signed it, or it is that of another log.
  public init(
    _ store: LedgerStore, note: [UInt8], origin: String, keys: IssuerKeys
  ) throws(NoteFailure) {
    self.store = store
    self.note = note
    checkpoint = try Checkpoint(text: try SignedNote(note).open(keys.logVerifiers(origin: origin)))
    guard checkpoint.origin == origin else {
      throw NoteFailure("the checkpoint is that of \(checkpoint.origin), not of \(origin)")
    }
  }

  /// The tiles of the log, in the order in which they are to be added.
  public var tiles: [Tile] { Tile.all(size: checkpoint.size) }

  /// How many entries the log has.
  public var entryCount: Int { checkpoint.size }

  /// The partial tiles of earlier checkpoints that may still be on the public log.
  public var earlierTiles: [Tile] {
    tiles.filter { !$0.isFull }.flatMap { tile in
      (1..<tile.count).map { Tile(kind: tile.kind, index: tile.index, count: $0) }
    }
  }

  /// Takes a tile as the published log has it. Whether it is true is seen when the store is read.
  ///
  /// - Throws: `NoteFailure` when it is no tile of this log, `MachineFailure` when it cannot be written.
  public mutating func add(_ tile: Tile, _ bytes: [UInt8]) throws {
    try store.write(tile, bytes)
    guard tile.kind == .entries else { return }
    for bytes in try EntryBundle(bytes, count: tile.count).entries {
      guard let entry = LedgerEntry(bytes), states.take(entry, at: size) else {
        throw NoteFailure("\(tile.path): entry \(size) cannot be one of this log")
      }
      size += 1
    }
  }

  /// Keeps one of the earlier tiles.
  public func addEarlier(_ tile: Tile, _ bytes: [UInt8]) throws(MachineFailure) {
    try store.write(tile, bytes)
  }

  /// What the registry and its secret say of the log's certificates.
  public struct Index {
    fileprivate let index: PublishedIndex
    /// Certificates of the log that stand, and how many of them no row is of.
    public let standing: Int
    public let missing: Int
    /// The numbers of the first ten rows that the log does not have: edited since, or new.
    public let unsealed: [String]
    /// How many were erased and have no row: where their pages were is not known any more.
    public let erased: Int
  }

  /// Finds the row of each certificate.
  public func index(
    registry: Registry, fingerprints: Fingerprints, format: RecordFormat
  ) -> Index {
    var ordinals: [Int: Int] = [:]
    var unsealed: [Int] = []
    for ordinal in fingerprints.entries.indices {
      guard let position = states.position(of: fingerprints[ordinal].logID) else {
        unsealed.append(ordinal)
        continue
      }
      ordinals[position] = ordinal
    }
    var index = PublishedIndex(secretDigest: format.secretDigest)
    for (position, ordinal) in ordinals.sorted(by: { $0.key < $1.key }) {
      let entry = fingerprints.entries[ordinal]
      index.append(
        PublishedIndex.Line(
          index: position, fingerprint: entry.fingerprint,
          schemeDigest: format.schemeDigest(entry.scheme, entry.schemeEdition),
          issuerDigest: format.issuerDigest(entry.issuerEdition), revision: entry.revision,
          number: registry.number(of: ordinal)))
    }
    let standing = states.standing
    let missing = standing.count { ordinals[$0] == nil }
    return Index(
      index: index, standing: standing.count, missing: missing,
      unsealed: unsealed.prefix(10).map { registry.number(of: $0).string },
      erased: states.count - standing.count - (ordinals.count - (standing.count - missing)))
  }

  /// Writes the index and, last, the checkpoint.
  public func finish(_ index: Index) throws(MachineFailure) {
    try store.writePublished(index.index)
    try DurableFile.replace(
      store.folder.appending(LedgerStore.checkpointName), with: note,
      displayPath: store.shown(LedgerStore.checkpointName))
  }
}
