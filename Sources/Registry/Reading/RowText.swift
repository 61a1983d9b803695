/// The normalised values of one row, by column.
struct RowText {
  /// The values, one behind the other.
  private var text: [UInt8] = []
  /// For each column its value in `text`; empty for columns that are absent or empty.
  private var ranges = [Range<Int>](repeating: 0..<0, count: Column.allCases.count)

  /// Forgets the row's values.
  mutating func clear() {
    text.removeAll(keepingCapacity: true)
    for index in ranges.indices { ranges[index] = 0..<0 }
  }

  /// Normalises a value and takes it.
  mutating func set(
    _ column: Column, to raw: some Collection<UInt8>
  ) throws(TextNormalizer.Problem) {
    let start = text.count
    try TextNormalizer.append(raw, to: &text)
    ranges[column.rawValue] = start..<text.count
  }

  /// Takes a value away.
  mutating func remove(_ column: Column) { ranges[column.rawValue] = 0..<0 }

  /// Whether no column has a value.
  var isBlank: Bool { text.isEmpty }

  func isEmpty(_ column: Column) -> Bool { ranges[column.rawValue].isEmpty }

  func bytes(_ column: Column) -> ArraySlice<UInt8> { text[ranges[column.rawValue]] }

  func string(_ column: Column) -> String { String(decoding: bytes(column), as: UTF8.self) }
}
