/// What the log says of every certificate in it.
struct LedgerStates: Sendable {
  /// Positions of issuances in the log.
  private var issuances: [LogID: UInt32] = [:]
  /// The last thing that happened to a certificate itself, by the position of its issuance, where
  /// anything did.
  private(set) var events: [Int: LedgerEntry.Event] = [:]
  /// Whose data was erased, which leaves them as valid or revoked as they were.
  private var erased: Set<Int> = []

  var count: Int { issuances.count }

  /// - Parameter capacity: how many certificates there may be.
  init(capacity: Int = 0) {
    issuances.reserveCapacity(capacity)
  }

  /// Takes the next entry.
  ///
  /// - Returns: false when it issues a certificate again, or is of one that was never issued.
  mutating func take(_ entry: LedgerEntry, at index: Int) -> Bool {
    if entry.event == .issued {
      return issuances.updateValue(UInt32(index), forKey: entry.certificate) == nil
    }
    guard let position = position(of: entry.certificate) else { return false }
    if case .erased = entry.event {
      erased.insert(position)
    } else {
      events[position] = entry.event
    }
    return true
  }

  /// The position of a certificate's issuance; nil for one that was never issued.
  func position(of certificate: LogID) -> Int? { issuances[certificate].map { Int($0) } }

  /// The last thing that happened to the certificate issued at a position, erasure aside.
  func lastEvent(at position: Int) -> LedgerEntry.Event { events[position] ?? .issued }

  func isErased(at position: Int) -> Bool { erased.contains(position) }

  var hasErasures: Bool { !erased.isEmpty }
  var erasedCount: Int { erased.count }

  /// Where certificates were issued that stand: those that were erased are left out.
  var standing: [Int] { issuances.values.map { Int($0) }.filter { !isErased(at: $0) }.sorted() }
}

/// The institution's append-only history: what the log holds, and what is about to be appended.
public struct Ledger: Sendable {
  /// The log's name: the host of the site and `/log`.
  public let origin: String
  /// How many entries the stored checkpoint covers.
  public let storedSize: Int
  /// What this run appends, in order.
  public private(set) var pending: [LedgerEntry] = []
  /// The registry's certificates that this run issues, by ordinal and in its order.
  public internal(set) var newlyIssued: [Int] = []
  /// The certificates whose status this run changes, by ordinal and in its order, with the kind of the entry.
  public internal(set) var newStatuses: [(ordinal: Int, kind: String)] = []
  /// The tiles that the appended entries change or make.
  private(set) var newTiles: [(tile: Tile, bytes: [UInt8])] = []
  var published: PublishedIndex
  /// How many lines the stored index has; nil where there is none that this one continues.
  private var storedLines: Int?

  private(set) var edge: TreeEdge
  private(set) var states: LedgerStates
  /// Positions of issuances by the registry's ordinals, once the registry was compared.
  private var positions: [UInt32] = []
  /// The codes of the certificates that were published and then erased, in the order of the log, once
  /// the registry was compared.
  ///
  /// They are what is left of an erased person: the first half of a salted hash, which says nothing
  /// to whoever does not hold the paper, and where its page was.
  public private(set) var erasedCertificates: [CertificateCode] = []
  /// The bytes of the entries behind the last full bundle.
  private var bundle: [UInt8]

  /// The empty log.
  init(origin: String, secretDigest: String) {
    self.origin = origin
    storedSize = 0
    published = PublishedIndex(secretDigest: secretDigest)
    storedLines = nil
    edge = TreeEdge()
    states = LedgerStates()
    bundle = []
  }

  /// A log read from its store.
  ///
  /// - Parameter isIndexStored: whether the stored index is `published` to the last line.
  init(
    origin: String, edge: TreeEdge, states: LedgerStates, bundle: [UInt8],
    published: PublishedIndex, isIndexStored: Bool
  ) {
    self.origin = origin
    storedSize = edge.size
    self.edge = edge
    self.states = states
    self.bundle = bundle
    self.published = published
    storedLines = isIndexStored ? published.count : nil
  }

  /// Whether the stored index is not the one that this run ends with. Lines are only ever added.
  var hasNewIndex: Bool { published.count != storedLines }

  /// How many entries the log has with those that are about to be appended.
  public var size: Int { edge.size }

  public var checkpoint: Checkpoint { Checkpoint(origin: origin, size: edge.size, root: edge.root) }

  /// The position of the issuance of one of the registry's certificates, once it was sealed.
  package func index(ofOrdinal ordinal: Int) -> Int { Int(positions[ordinal]) }

  /// The last thing that the log says happened to a certificate, erasure aside; nil for one that
  /// was never sealed.
  public func lastEvent(of certificate: LogID) -> LedgerEntry.Event? {
    states.position(of: certificate).map { states.lastEvent(at: $0) }
  }

  /// Ends the comparison with the registry.
  ///
  /// From then on the index is at hand only where a commit has to write it: it takes eighty bytes a
  /// certificate.
  ///
  /// - Parameter positions: where the registry's certificates stand in the log, by ordinal.
  mutating func conclude(_ positions: [UInt32]) {
    self.positions = positions
    if states.hasErasures {
      for line in published where states.isErased(at: line.index) {
        erasedCertificates.append(line.fingerprint.code)
      }
    }
    if !hasNewIndex, publishedWithoutErased == nil {
      published = PublishedIndex(secretDigest: published.secretDigest)
      storedLines = 0
    }
  }

  /// Appends entries; the tiles they touch are at hand afterwards.
  mutating func append(_ entries: [LedgerEntry]) {
    guard !entries.isEmpty else { return }
    for entry in entries {
      let bytes = entry.bytes
      let index = edge.size
      _ = states.take(entry, at: index)
      bundle.append(UInt8(bytes.count >> 8))
      bundle.append(UInt8(bytes.count & 0xFF))
      bundle.append(contentsOf: bytes)
      for full in edge.append(MerkleTree.leaf(bytes)) {
        newTiles.append((full.tile, full.hashes.flatMap(\.bytes)))
      }
      if edge.size.isMultiple(of: Tile.width) {
        newTiles.append(
          (Tile(kind: .entries, index: index / Tile.width, count: Tile.width), bundle))
        bundle = []
      }
    }
    pending += entries
    appendPartialTiles()
  }

  /// The tiles that a commit would write, by their paths below the log's root.
  public var pendingTiles: [(path: String, bytes: [UInt8])] {
    newTiles.map { ($0.tile.path, $0.bytes) }
  }

  /// The hash tiles on the right edge that are not full.
  public var partialHashTiles: [(tile: Tile, bytes: [UInt8])] {
    edge.partialTiles.map { ($0.tile, $0.hashes.flatMap(\.bytes)) }
  }

  private mutating func appendPartialTiles() {
    newTiles.removeAll { !$0.tile.isFull }
    for partial in edge.partialTiles {
      newTiles.append((partial.tile, partial.hashes.flatMap(\.bytes)))
    }
    if !bundle.isEmpty {
      newTiles.append(
        (
          Tile(kind: .entries, index: edge.size / Tile.width, count: edge.size % Tile.width), bundle
        ))
    }
  }
}
