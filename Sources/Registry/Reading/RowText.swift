/// The normalised values of one row, by column, in bytes shared by the rows of a shard.
struct RowText {
  /// The values of all rows of the shard, one behind the other.
  private(set) var arena: [UInt8] = []
  /// For each column its value in `arena`; empty for columns that are absent or empty.
  private var ranges = [Range<Int>](repeating: 0..<0, count: Column.allCases.count)

  private var rowStart = 0

  /// Forgets the row's values and keeps the arena.
  mutating func startRow() {
    rowStart = arena.count
    for index in ranges.indices { ranges[index] = 0..<0 }
  }

  /// Begins a new shard.
  mutating func startShard() {
    arena.removeAll(keepingCapacity: true)
    startRow()
  }

  /// Normalises a value into the arena.
  mutating func set(
    _ column: Column, to raw: some Collection<UInt8>
  ) throws(TextNormalizer.Problem) {
    let start = arena.count
    try TextNormalizer.append(raw, to: &arena)
    ranges[column.rawValue] = start..<arena.count
  }

  /// All values of the current row, one behind the other.
  var rowBytes: ArraySlice<UInt8> { arena[rowStart...] }

  func range(_ column: Column) -> Range<Int> { ranges[column.rawValue] }

  func isEmpty(_ column: Column) -> Bool { ranges[column.rawValue].isEmpty }

  func bytes(_ column: Column) -> ArraySlice<UInt8> { arena[ranges[column.rawValue]] }

  func string(_ column: Column) -> String { String(decoding: bytes(column), as: UTF8.self) }
}
