/// The institution's append-only history: what the log holds, and what is about to be appended.
public struct Ledger: Sendable {
  /// What the log says of one certificate.
  struct State: Sendable {
    /// Position of the issuance in the log.
    let index: Int
    /// The last thing that happened to the certificate itself.
    private(set) var event = LedgerEntry.Event.issued
    /// Whether its data was erased, which leaves it as valid or revoked as it was.
    private(set) var isErased = false

    init(index: Int) {
      self.index = index
    }

    mutating func take(_ event: LedgerEntry.Event) {
      if case .erased = event { isErased = true } else { self.event = event }
    }
  }

  /// The log's name: the host of the site and `/log`.
  public let origin: String
  /// How many entries the stored checkpoint covers.
  public let storedSize: Int
  /// What this run appends, in order.
  public private(set) var pending: [LedgerEntry] = []
  /// The tiles that the appended entries change or make.
  private(set) var newTiles: [(tile: Tile, bytes: [UInt8])] = []
  var published: PublishedIndex

  private(set) var edge: TreeEdge
  private(set) var states: [LogID: State]
  /// The bytes of the entries behind the last full bundle.
  private var bundle: [UInt8]

  /// The empty log.
  init(origin: String, secretMark: String) {
    self.origin = origin
    storedSize = 0
    published = PublishedIndex(secretMark: secretMark)
    edge = TreeEdge()
    states = [:]
    bundle = []
  }

  /// A log read from its store.
  init(
    origin: String, edge: TreeEdge, states: [LogID: State], bundle: [UInt8],
    published: PublishedIndex
  ) {
    self.origin = origin
    storedSize = edge.size
    self.edge = edge
    self.states = states
    self.bundle = bundle
    self.published = published
  }

  /// How many entries the log has with those that are about to be appended.
  public var size: Int { edge.size }

  public var checkpoint: Checkpoint { Checkpoint(origin: origin, size: edge.size, root: edge.root) }

  /// The position of a certificate's issuance in the log; nil for one that was never sealed.
  public func index(of certificate: Fingerprint) -> Int? {
    states[certificate.logID]?.index
  }

  /// The last thing that the log says happened to a certificate, erasure aside; nil for one that
  /// was never sealed.
  public func lastEvent(of certificate: LogID) -> LedgerEntry.Event? {
    states[certificate]?.event
  }

  /// Appends entries; the tiles they touch are at hand afterwards.
  mutating func append(_ entries: [LedgerEntry]) {
    guard !entries.isEmpty else { return }
    for entry in entries {
      let bytes = entry.bytes
      let index = edge.size
      if entry.event == .issued {
        states[entry.certificate] = State(index: index)
      } else {
        states[entry.certificate]?.take(entry.event)
      }
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
