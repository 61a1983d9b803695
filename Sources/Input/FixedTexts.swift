/// A table of texts that many workers copy from at once, in memory of its own.
///
/// Not arrays, since workers that count who holds the same array wait for each other at every count.
package final class FixedTexts: @unchecked Sendable {
  // Nothing writes to either after `init`.
  private let bytes: UnsafeMutableBufferPointer<UInt8>
  /// Where each text ends, row by row.
  private let ends: UnsafeMutableBufferPointer<Int>
  package let rowCount: Int
  private let columns: Int

  /// - Parameter rows: of texts; those that are shorter than the longest one end in empty texts.
  package init(_ rows: [[[UInt8]]]) {
    rowCount = rows.count
    columns = rows.map(\.count).max() ?? 0
    bytes = .allocate(capacity: rows.joined().reduce(0) { $0 + $1.count })
    _ = bytes.initialize(fromContentsOf: rows.joined().joined())
    ends = .allocate(capacity: rows.count * columns)
    var end = 0
    for (number, row) in rows.enumerated() {
      for column in 0..<columns {
        if column < row.count { end += row[column].count }
        ends.initializeElement(at: number * columns + column, to: end)
      }
    }
  }

  deinit {
    bytes.deallocate()
    ends.deallocate()
  }

  /// The text at a place, for as long as `body` runs.
  package func withText<Result>(
    _ row: Int, _ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    let position = row * columns + column
    let start = position == 0 ? 0 : ends[position - 1]
    return try body(UnsafeBufferPointer(rebasing: bytes[start..<ends[position]]))
  }

  /// The text at a place.
  package subscript(row: Int, column: Int) -> [UInt8] { withText(row, column) { Array($0) } }

  /// All texts, row by row.
  package var all: [[UInt8]] {
    ends.indices.map { self[$0 / columns, $0 % columns] }
  }
}

extension Array<UInt8> {
  /// Appends the text at a place of a table.
  package mutating func append(_ texts: FixedTexts, _ row: Int, _ column: Int = 0) {
    texts.withText(row, column) { append(contentsOf: $0) }
  }
}
