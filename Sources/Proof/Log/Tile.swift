/// A tile of the log's tree, or the bundle of entries under one, by C2SP tlog-tiles.
public struct Tile: Sendable, Hashable {
  /// Hashes in a full tile.
  public static let width = 256

  public enum Kind: Sendable, Hashable {
    /// Hashes; level 0 has the leaves, each level above the roots of full tiles below.
    case hashes(level: Int)
    case entries
  }

  public let kind: Kind
  /// Position in its level, from 0.
  public let index: Int
  /// How many hashes or entries it has: 1 to 256.
  public let count: Int

  public init(kind: Kind, index: Int, count: Int) {
    self.kind = kind
    self.index = index
    self.count = count
  }

  public var isFull: Bool { count == Self.width }

  /// The path below the log's prefix, as in `tile/0/x001/234.p/152`.
  public var path: String {
    let level =
      switch kind {
      case .hashes(let level): String(level)
      case .entries: "entries"
      }
    return "tile/\(level)/\(Self.digits(index))" + (isFull ? "" : ".p/\(count)")
  }

  /// Groups of three digits, all but the last behind an `x`.
  private static func digits(_ index: Int) -> String {
    var groups: [String] = []
    var rest = index
    repeat {
      let group = String(rest % 1000)
      groups.insert(String(repeating: "0", count: 3 - group.count) + group, at: 0)
      rest /= 1000
    } while rest > 0
    return groups.enumerated().map { $0 + 1 < groups.count ? "x\($1)" : $1 }.joined(separator: "/")
  }

  /// The tiles that a tree of a size has, levels and positions rising, entries last.
  public static func all(size: Int) -> [Tile] {
    var tiles: [Tile] = []
    var hashes = size
    var level = 0
    while hashes > 0 {
      tiles += row(.hashes(level: level), holding: hashes)
      hashes /= width
      level += 1
    }
    return tiles + row(.entries, holding: size)
  }

  /// The bundles of entries that a tree of a size has, one after the other, whatever the size.
  public static func bundles(size: Int) -> some Sequence<Tile> {
    (0..<(size + width - 1) / width).lazy.map { index in
      Tile(kind: .entries, index: index, count: min(width, size - index * width))
    }
  }

  /// The tiles of one level that holds a number of hashes; none of them is empty.
  private static func row(_ kind: Kind, holding count: Int) -> [Tile] {
    let full = (0..<count / width).map { Tile(kind: kind, index: $0, count: width) }
    let rest = count % width
    return rest == 0 ? full : full + [Tile(kind: kind, index: count / width, count: rest)]
  }
}

/// The right edge of a growing tree: what is needed to append leaves without reading the rest.
public struct TreeEdge: Sendable {
  /// A tile and its hashes.
  package struct FilledTile {
    package let tile: Tile
    package let hashes: [Digest]
  }

  public private(set) var size: Int
  /// By level, the hashes of the tile that is not full yet.
  package private(set) var partial: [[Digest]]

  /// The edge of the empty tree.
  public init() {
    size = 0
    partial = []
  }

  /// The edge of a tree of a size, from its partial tiles by level; empty where there is none.
  init(size: Int, partial: [[Digest]]) {
    self.size = size
    self.partial = partial
  }

  /// Appends a leaf.
  ///
  /// - Returns: the tiles that became full by it, lowest level first.
  package mutating func append(_ leaf: Digest) -> [FilledTile] {
    var full: [FilledTile] = []
    var level = 0
    var hash = leaf
    let index = size
    size += 1
    while true {
      if partial.count == level { partial.append([]) }
      partial[level].append(hash)
      guard partial[level].count == Tile.width,
        let root = MerkleTree.root(over: partial[level])
      else { return full }
      let position = index >> (8 * (level + 1))
      full.append(
        FilledTile(
          tile: Tile(kind: .hashes(level: level), index: position, count: Tile.width),
          hashes: partial[level]))
      partial[level] = []
      hash = root
      level += 1
    }
  }

  /// The tiles that are not full.
  package var partialTiles: [FilledTile] {
    partial.enumerated().filter { !$0.element.isEmpty }.map { level, hashes in
      FilledTile(
        tile: Tile(
          kind: .hashes(level: level), index: size >> (8 * (level + 1)), count: hashes.count),
        hashes: hashes)
    }
  }

  /// The root of the tree.
  public var root: Digest {
    var root: Digest?
    for hashes in partial { root = MerkleTree.root(over: hashes, followedBy: root) }
    return root ?? MerkleTree.emptyRoot
  }
}
