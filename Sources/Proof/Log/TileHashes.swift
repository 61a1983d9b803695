/// The hashes of a tree that come from tiles fetched one after the other.
public struct TileHashes: MerkleHashes {
  /// A tile that is needed and not there yet.
  public struct Missing: Error {
    public let tile: Tile
  }

  private let size: Int
  private var tiles: [Tile: [Digest]] = [:]

  /// - Parameter size: of the tree whose tiles these are.
  public init(size: Int) {
    self.size = size
  }

  /// Adds a tile's bytes; false when they are not as many hashes as the tile has.
  public mutating func add(_ tile: Tile, bytes: [UInt8]) -> Bool {
    guard bytes.count == tile.count * 32 else { return false }
    tiles[tile] = stride(from: 0, to: bytes.count, by: 32).compactMap {
      Digest(bytes: bytes[$0..<$0 + 32])
    }
    return true
  }

  public func subtree(level: Int, index: Int) throws -> Digest {
    let (row, height) = level.quotientAndRemainder(dividingBy: 8)
    let first = index << height
    let position = first / Tile.width
    let tile = Tile(
      kind: .hashes(level: row), index: position,
      count: min(Tile.width, (size >> (8 * row)) - position * Tile.width))
    guard let hashes = tiles[tile] else { throw Missing(tile: tile) }
    let start = first % Tile.width
    guard let root = MerkleTree.root(over: hashes[start..<start + (1 << height)]) else {
      throw Missing(tile: tile)
    }
    return root
  }
}
