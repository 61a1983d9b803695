import Proof
import TestSupport
import Testing

@Suite struct MerkleTreeTests {
  /// Hashes of a tree kept in memory, by the definition of RFC 6962 and nothing else.
  private struct Leaves: MerkleHashes {
    let hashes: [Digest]

    func subtree(level: Int, index: Int) throws -> Digest {
      MerkleTreeTests.definition(hashes[(index << level)..<((index + 1) << level)])
    }
  }

  static func definition(_ leaves: ArraySlice<Digest>) -> Digest {
    if leaves.isEmpty { return Digest(hashing: []) }
    if leaves.count == 1 { return leaves[leaves.startIndex] }
    var half = 1
    while half * 2 < leaves.count { half *= 2 }
    let middle = leaves.startIndex + half
    return MerkleTree.node(definition(leaves[..<middle]), definition(leaves[middle...]))
  }

  private func leaves(_ count: Int) -> [Digest] {
    (0..<count).map { MerkleTree.leaf(Array("entry \($0)".utf8)) }
  }

  @Test func rootOfTheDesignsVector() throws {
    let entries = [
      "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
      "606162636465666768696a6b6c6d6e6f",
    ]
    let leaves = try entries.map { MerkleTree.leaf(try #require(Hex.decode(Array($0.utf8)))) }
    let expected = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    #expect(try Leaves(hashes: leaves).root(size: 8).description == expected)
    var edge = TreeEdge()
    for leaf in leaves { _ = edge.append(leaf) }
    #expect(edge.root.description == expected)
  }

  @Test func emptyTree() throws {
    #expect(
      TreeEdge().root.description
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test func theEdgeKnowsTheRootAtEverySize() {
    let all = leaves(1100)
    var edge = TreeEdge()
    for (index, leaf) in all.enumerated() {
      _ = edge.append(leaf)
      if index < 300 || index % 61 == 0 || index == 1099 {
        #expect(edge.root == Self.definition(all[...index]))
      }
    }
  }

  @Test func everyInclusionPathLeadsToTheRootAndNoOther() throws {
    for size in 1...40 {
      let tree = Leaves(hashes: leaves(size))
      let root = try tree.root(size: size)
      for index in 0..<size {
        let path = try tree.inclusionPath(index: index, size: size)
        let leaf = tree.hashes[index]
        #expect(MerkleTree.root(leaf: leaf, index: index, size: size, path: path) == root)
        for wrong in 0..<size where wrong != index {
          #expect(MerkleTree.root(leaf: leaf, index: wrong, size: size, path: path) != root)
        }
        #expect(MerkleTree.root(leaf: leaf, index: index, size: size, path: path + [leaf]) == nil)
        if !path.isEmpty {
          #expect(
            MerkleTree.root(leaf: leaf, index: index, size: size, path: path.dropLast()) == nil)
          for position in path.indices {
            var changed = path
            changed[position] = leaf
            #expect(MerkleTree.root(leaf: leaf, index: index, size: size, path: changed) != root)
          }
        }
      }
    }
    #expect(MerkleTree.root(leaf: leaves(1)[0], index: -1, size: 1, path: []) == nil)
    #expect(MerkleTree.root(leaf: leaves(1)[0], index: 1, size: 1, path: []) == nil)
  }

  @Test func everyConsistencyProofHoldsAndNoForgedOneDoes() throws {
    let all = leaves(40)
    let forged = all.map { $0 == all[3] ? all[4] : $0 }
    for newSize in 0...40 {
      let tree = Leaves(hashes: Array(all[..<newSize]))
      let newRoot = try tree.root(size: newSize)
      for oldSize in 0...newSize {
        let oldRoot = try tree.root(size: oldSize)
        let proof = try tree.consistencyProof(oldSize: oldSize, newSize: newSize)
        func holds(_ old: Digest, _ new: Digest, _ proof: [Digest]) -> Bool {
          MerkleTree.isConsistent(
            oldSize: oldSize, oldRoot: old, newSize: newSize, newRoot: new, proof: proof)
        }
        #expect(holds(oldRoot, newRoot, proof))
        #expect(!holds(oldRoot, newRoot, proof + [newRoot]))
        #expect(!holds(Self.definition(forged[..<oldSize]), newRoot, proof) || oldSize <= 3)
        if oldSize > 0, oldSize < newSize {
          #expect(!holds(newRoot, newRoot, proof))
          #expect(!holds(oldRoot, oldRoot, proof))
          #expect(!holds(oldRoot, newRoot, Array(proof.dropLast())))
        }
      }
    }
  }

  @Test func tilePathsAreThoseOfTheSpecification() {
    func path(_ level: Int, _ index: Int, _ count: Int) -> String {
      Tile(kind: .hashes(level: level), index: index, count: count).path
    }
    #expect(path(0, 1_234_067, 256) == "tile/0/x001/x234/067")
    #expect(path(0, 58, 152) == "tile/0/058.p/152")
    #expect(path(1, 1000, 1) == "tile/1/x001/000.p/1")
  }

  @Test func tilesOfTheDesignsAndTheSpecificationsSizes() {
    #expect(Tile.all(size: 0).isEmpty)
    let small = Tile.all(size: 15_000).map(\.path)
    #expect(small.count == 59 + 1 + 59)
    #expect(small.contains("tile/0/058.p/152"))
    #expect(small.contains("tile/1/000.p/58"))
    #expect(small.contains("tile/entries/058.p/152"))
    let large = Tile.all(size: 70_000).filter { $0.kind != .entries }
    #expect(large.count { $0.kind == .hashes(level: 0) && $0.isFull } == 273)
    #expect(
      large.filter { !$0.isFull }.map(\.path) == [
        "tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1",
      ])
    #expect(
      Tile.all(size: 256).map(\.path) == ["tile/0/000", "tile/1/000.p/1", "tile/entries/000"])
  }
}
