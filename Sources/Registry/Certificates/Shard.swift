extension Registry {
  /// A run of consecutive certificates: their values, and their texts in one block of bytes. Workers
  /// take a shard at a time.
  public struct Shard: Sendable {
    /// How many certificates a shard has; the last one may have fewer.
    static let size = 512

    /// Positions of its certificates in the registry.
    public let ordinals: Range<Int>
    let rows: [StoredRow]
    private let text: [UInt8]

    init(ordinals: Range<Int>, rows: [StoredRow], text: [UInt8]) {
      self.ordinals = ordinals
      self.rows = rows
      self.text = text
    }

    func bytes(_ field: StoredRow.Field, of row: StoredRow) -> ArraySlice<UInt8> {
      text[row.range(field)]
    }

    /// A text of a row; nil where the row has none.
    func text(_ field: StoredRow.Field, of row: StoredRow) -> Text? {
      let range = row.range(field)
      return range.isEmpty ? nil : Text(text[range])
    }
  }
}
