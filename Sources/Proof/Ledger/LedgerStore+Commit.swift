public import Diagnostics
import Files
import Foundation
import SystemPackage

extension LedgerStore {
  /// Keeps other builds out for as long as it lives, or the process does.
  public struct Lock: ~Copyable {
    private let descriptor: FileDescriptor

    fileprivate init(_ descriptor: FileDescriptor) {
      self.descriptor = descriptor
    }

    deinit {
      do { try descriptor.close() } catch {}
    }
  }

  /// Takes the lock: on the folder around the store, so that it leaves no file behind.
  ///
  /// - Returns: nil when there is no such folder, and so nothing to be kept out of.
  /// - Throws: `MachineFailure` when another build has it.
  public func lock() throws(MachineFailure) -> Lock? {
    do {
      let descriptor = try FileDescriptor.open(
        folder.removingLastComponent(), .readOnly, options: [.directory, .closeOnExec])
      do {
        try descriptor.lock()
      } catch {
        try descriptor.close()
        throw error
      }
      return Lock(descriptor)
    } catch let reason as Errno where reason == .noSuchFileOrDirectory {
      return nil
    } catch let reason as Errno
      where reason == .wouldBlock || reason == .resourceTemporarilyUnavailable
    {
      throw MachineFailure(
        "build", reason: "another build of this project is running; wait for it to end")
    } catch {
      throw MachineFailure("lock \(displayPath)", error as? Errno ?? .ioError)
    }
  }

  /// Makes the ledger's pending entries durable, then the checkpoint that covers them.
  ///
  /// - Returns: the signed checkpoint; the stored one where nothing is pending and it was signed
  ///   by the key in use.
  /// - Throws: `MachineFailure`; what the old checkpoint covers is then untouched.
  public func commit(_ ledger: Ledger, signer: NoteSigner) throws -> [UInt8] {
    let note = try signedCheckpoint(of: ledger, signer: signer)
    let checkpoint = folder.appending(Self.checkpointName)
    let stored = try read(Self.checkpointName)
    if stored != note {
      if stored == nil {
        do {
          try DurableFile.makeFolder(
            folder, mode: [.ownerReadWriteExecute, .groupReadExecute, .otherReadExecute])
        } catch {
          throw MachineFailure("make \(displayPath)", error as? Errno ?? .ioError)
        }
        // From now on a store without a checkpoint is a damaged one, not a new one.
        let empty = Checkpoint(origin: ledger.origin, size: 0, root: MerkleTree.emptyRoot)
        try DurableFile.replace(
          checkpoint, with: try signer.sign(empty.text), displayPath: shown(Self.checkpointName))
      }
      try removeLeftovers(coveredBy: ledger.storedSize)
      try writeTiles(of: ledger)
      // The index may name more than the checkpoint covers, never less.
      if ledger.hasNewIndex { try writePublished(ledger.published) }
      try DurableFile.replace(checkpoint, with: note, displayPath: shown(Self.checkpointName))
    }
    // Numbers of erased certificates go once the checkpoint covers the erasures, not before.
    if let published = ledger.publishedWithoutErased { try writePublished(published) }
    return note
  }

  /// The signed checkpoint of a ledger, with the cosignatures that the store has for it: those below a
  /// checkpoint of other entries are dropped.
  public func signedCheckpoint(of ledger: Ledger, signer: NoteSigner) throws -> [UInt8] {
    let note = try signer.sign(ledger.checkpoint.text)
    guard let stored = try read(Self.checkpointName).map({ try SignedNote($0) }),
      stored.text == ledger.checkpoint.text
    else { return note }
    return note + stored.lines { $0.name != ledger.origin }
  }

  private func writeTiles(of ledger: Ledger) throws {
    for (tile, bytes) in ledger.newTiles { try write(tile, bytes) }
  }

  func write(_ tile: Tile, _ bytes: [UInt8]) throws(MachineFailure) {
    let file = folder.appending(tile.path)
    do {
      try DurableFile.makeFolder(
        file.removingLastComponent(),
        mode: [.ownerReadWriteExecute, .groupReadExecute, .otherReadExecute])
    } catch {
      throw MachineFailure("write \(shown(tile.path))", error as? Errno ?? .ioError)
    }
    try DurableFile.replace(file, with: bytes, displayPath: shown(tile.path))
  }

  func writePublished(_ index: PublishedIndex) throws(MachineFailure) {
    try DurableFile.replace(
      folder.appending(Self.publishedName), displayPath: shown(Self.publishedName), isSecret: true
    ) { write in
      try index.forEachPiece(write)
    }
  }

  /// The paths of the tiles that belong on the public log once the ledger is committed: all of the
  /// tree's, and the partial ones of earlier checkpoints until their full tile is there (C2SP
  /// tlog-tiles, “Partial Tiles”).
  public func publicTiles(_ ledger: Ledger) throws(MachineFailure) -> [String] {
    let earlier = try tileFiles().filter {
      Self.isCovered($0, size: ledger.storedSize) && !Self.isReplaced($0, size: ledger.size)
    }
    return Set(earlier).union(Tile.all(size: ledger.size).map(\.path))
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The bytes of a tile by its path in the log, as in `tile/0/000`.
  public func publicTile(_ path: String) throws(MachineFailure) -> [UInt8] {
    guard let bytes = try read(path) else {
      throw MachineFailure("read \(shown(path))", .noSuchFileOrDirectory)
    }
    return bytes
  }

  /// Removes tiles beyond the checkpoint, left by a build that was killed, and partial tiles whose
  /// full tile is there.
  private func removeLeftovers(coveredBy size: Int) throws {
    for path in try tileFiles()
    where !Self.isCovered(path, size: size) || Self.isReplaced(path, size: size) {
      do {
        try FileSystem.remove(folder.appending(path))
      } catch {
        throw MachineFailure("tidy \(displayPath)", error)
      }
    }
  }

  func tileFiles() throws(MachineFailure) -> [String] {
    try FolderWalk.files(below: folder.appending("tile"), displayPath: shown("tile"))?
      .map { "tile/\($0)" } ?? []
  }

  /// Whether a tree of a size has, or once had, the tile at a path.
  private static func isCovered(_ path: String, size: Int) -> Bool {
    guard let tile = Tile(path: path) else { return false }
    return tile.index * Tile.width + tile.count <= tile.hashes(ofTree: size)
  }

  /// Whether the tile at a path is partial and the tree has the full one.
  private static func isReplaced(_ path: String, size: Int) -> Bool {
    guard let tile = Tile(path: path) else { return false }
    return !tile.isFull && (tile.index + 1) * Tile.width <= tile.hashes(ofTree: size)
  }
}

extension Tile {
  /// How many hashes or entries the tile's level has in a tree of a size.
  func hashes(ofTree size: Int) -> Int {
    switch kind {
    case .hashes(let level): size >> (8 * level)
    case .entries: size
    }
  }

  /// Reads a path; nil unless it is that of a tile, in its one form.
  public init?(path: String) {
    var parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 3, parts.removeFirst() == "tile" else { return nil }
    let level = parts.removeFirst()
    var count = Tile.width
    if parts.count >= 2, parts[parts.count - 2].hasSuffix(".p") {
      guard let width = Int(parts.removeLast()) else { return nil }
      count = width
      parts[parts.count - 1].removeLast(2)
    }
    let digits = parts.map { $0.hasPrefix("x") ? String($0.dropFirst()) : $0 }.joined()
    // No log has more entries than this (see `claim`), so sizes made of an index stay in bounds.
    guard let index = Int(digits), index <= UInt32.max, (1...Tile.width).contains(count) else {
      return nil
    }
    let kind: Kind
    if level == "entries" {
      kind = .entries
    } else if let number = Int(level), (0...7).contains(number) {
      kind = .hashes(level: number)
    } else {
      return nil
    }
    self.init(kind: kind, index: index, count: count)
    guard self.path == path else { return nil }
  }
}
