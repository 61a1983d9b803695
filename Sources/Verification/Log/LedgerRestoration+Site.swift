public import Proof

extension LedgerRestoration {
  /// Takes the whole log from a published site.
  ///
  /// - Parameter progress: gets how many tiles are there.
  /// - Throws: `NoteFailure` where the log is not whole, `MachineFailure` where the site does not answer.
  public mutating func take(
    from site: PublishedSite, progress: (Int) -> Void
  ) async throws {
    for (done, tile) in tiles.enumerated() {
      guard let bytes = try await Self.read(tile, site) else {
        throw NoteFailure("log/\(tile.path) is missing")
      }
      try add(tile, bytes)
      progress(done + 1)
    }
    for tile in earlierTiles {
      if let bytes = try await Self.read(tile, site) { try addEarlier(tile, bytes) }
    }
  }

  private static func read(_ tile: Tile, _ site: PublishedSite) async throws -> [UInt8]? {
    let limit = tile.kind == .entries ? Tile.width * 65_537 : Tile.width * 32
    return try await site.read("log/\(tile.path)", limit: limit)
  }
}
