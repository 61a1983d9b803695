/// The hashes of RFC 6962, section 2.1.
public enum MerkleTree {
  /// The root of the tree without leaves.
  public static let emptyRoot = Digest(hashing: [])

  public static func leaf(_ entry: some Collection<UInt8>) -> Digest {
    Digest(prefix: [0x00], hashing: entry)
  }

  public static func node(_ left: Digest, _ right: Digest) -> Digest {
    Digest(prefix: 0x01, left, right)
  }

  /// The root over some leaves or over equal complete subtrees; nil for none.
  static func root(over hashes: some Collection<Digest>, followedBy rest: Digest? = nil) -> Digest?
  {
    // Complete subtrees of falling size, as the binary digits of the count say.
    var complete: [(size: Int, hash: Digest)] = []
    for hash in hashes {
      var merged = (size: 1, hash: hash)
      while let last = complete.last, last.size == merged.size {
        merged = (last.size * 2, node(last.hash, merged.hash))
        complete.removeLast()
      }
      complete.append(merged)
    }
    return complete.reversed().reduce(rest) { right, subtree in
      right.map { node(subtree.hash, $0) } ?? subtree.hash
    }
  }

  /// The largest power of two below a size of at least 2.
  static func split(_ size: Int) -> Int {
    1 << (Int.bitWidth - 1 - (size - 1).leadingZeroBitCount)
  }

  /// The root that an inclusion path leads to; nil when the path does not fit index and size.
  ///
  /// - Parameter path: from the leaf's sibling up, RFC 6962, section 2.1.1.
  public static func root(leaf: Digest, index: Int, size: Int, path: [Digest]) -> Digest? {
    guard index >= 0, index < size else { return nil }
    var path = path[...]
    let root = climb(leaf, index, size, &path)
    return path.isEmpty ? root : nil
  }

  private static func climb(
    _ leaf: Digest, _ index: Int, _ size: Int, _ path: inout ArraySlice<Digest>
  ) -> Digest? {
    guard size > 1 else { return leaf }
    let middle = split(size)
    guard let sibling = path.popLast() else { return nil }
    if index < middle {
      return climb(leaf, index, middle, &path).map { node($0, sibling) }
    }
    return climb(leaf, index - middle, size - middle, &path).map { node(sibling, $0) }
  }

  /// Whether a proof shows that the tree of one root is a prefix of the tree of another.
  ///
  /// - Parameter proof: RFC 6962, section 2.1.2.
  public static func isConsistent(
    oldSize: Int, oldRoot: Digest, newSize: Int, newRoot: Digest, proof: [Digest]
  ) -> Bool {
    guard oldSize >= 0, oldSize <= newSize else { return false }
    if oldSize == newSize { return proof.isEmpty && oldRoot == newRoot }
    if oldSize == 0 { return proof.isEmpty && oldRoot == emptyRoot }
    var proof = proof[...]
    let roots = rebuild(oldSize, newSize, isWholeOld: true, oldRoot, &proof)
    return proof.isEmpty && roots?.old == oldRoot && roots?.new == newRoot
  }

  /// The roots of the first `old` leaves and of all `new` leaves of a subtree, from a proof.
  private static func rebuild(
    _ old: Int, _ new: Int, isWholeOld: Bool, _ oldRoot: Digest, _ proof: inout ArraySlice<Digest>
  ) -> (old: Digest, new: Digest)? {
    if old == new {
      if isWholeOld { return (oldRoot, oldRoot) }
      return proof.popLast().map { ($0, $0) }
    }
    let middle = split(new)
    guard let sibling = proof.popLast() else { return nil }
    if old <= middle {
      return rebuild(old, middle, isWholeOld: isWholeOld, oldRoot, &proof).map {
        ($0.old, node($0.new, sibling))
      }
    }
    return rebuild(old - middle, new - middle, isWholeOld: false, oldRoot, &proof).map {
      (node(sibling, $0.old), node(sibling, $0.new))
    }
  }
}

/// Something that knows the hashes of a tree's complete subtrees.
public protocol MerkleHashes {
  /// The hash over the leaves from `index * 2^level`, `2^level` of them, all in the tree.
  ///
  /// - Throws: when the hash cannot be read.
  func subtree(level: Int, index: Int) throws -> Digest
}

extension MerkleHashes {
  /// The root of the tree's first leaves.
  public func root(size: Int) throws -> Digest {
    size == 0 ? MerkleTree.emptyRoot : try hash(0..<size)
  }

  /// The hashes beside the way from a leaf to the root, leaf's sibling first.
  public func inclusionPath(index: Int, size: Int) throws -> [Digest] {
    try path(index, in: 0..<size)
  }

  /// What shows that the tree of `oldSize` leaves is a prefix of the tree of `newSize`.
  public func consistencyProof(oldSize: Int, newSize: Int) throws -> [Digest] {
    guard oldSize > 0, oldSize < newSize else { return [] }
    return try proof(oldSize, in: 0..<newSize, isWholeOld: true)
  }

  private func hash(_ leaves: Range<Int>) throws -> Digest {
    let size = leaves.count
    if size.nonzeroBitCount == 1, leaves.lowerBound.isMultiple(of: size) {
      let level = size.trailingZeroBitCount
      return try subtree(level: level, index: leaves.lowerBound >> level)
    }
    let middle = leaves.lowerBound + MerkleTree.split(size)
    return MerkleTree.node(
      try hash(leaves.lowerBound..<middle), try hash(middle..<leaves.upperBound))
  }

  private func path(_ index: Int, in leaves: Range<Int>) throws -> [Digest] {
    guard leaves.count > 1 else { return [] }
    let middle = leaves.lowerBound + MerkleTree.split(leaves.count)
    let (left, right) = (leaves.lowerBound..<middle, middle..<leaves.upperBound)
    return index < middle
      ? try path(index, in: left) + [try hash(right)]
      : try path(index, in: right) + [try hash(left)]
  }

  private func proof(_ old: Int, in leaves: Range<Int>, isWholeOld: Bool) throws -> [Digest] {
    if old == leaves.upperBound { return isWholeOld ? [] : [try hash(leaves)] }
    let middle = leaves.lowerBound + MerkleTree.split(leaves.count)
    let (left, right) = (leaves.lowerBound..<middle, middle..<leaves.upperBound)
    return old <= middle
      ? try proof(old, in: left, isWholeOld: isWholeOld) + [try hash(right)]
      : try proof(old, in: right, isWholeOld: false) + [try hash(left)]
  }
}
