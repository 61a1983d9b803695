/// A table of texts that many workers copy from at once, in memory of its own.
///
/// Not arrays, since workers that count who holds the same array wait for each other at every count.
package final class SharedByteTable: @unchecked Sendable {
  // Nothing writes to either after `init`.
  private let bytes: UnsafeMutableBufferPointer<UInt8>
  /// Where each text lies, row by row; nil behind the end of a row.
  private let places: UnsafeMutableBufferPointer<Range<Int>?>
  package let rowCount: Int
  private let columns: Int

  /// - Parameter rows: of texts, which need not have the same length.
  package init(_ rows: [[[UInt8]]]) {
    rowCount = rows.count
    columns = rows.map(\.count).max() ?? 0
    bytes = .allocate(capacity: rows.joined().reduce(0) { $0 + $1.count })
    _ = bytes.initialize(fromContentsOf: rows.joined().joined())
    places = .allocate(capacity: rowCount * columns)
    places.initialize(repeating: nil)
    var start = 0
    for (number, row) in rows.enumerated() {
      for (column, text) in row.enumerated() {
        places[number * columns + column] = start..<start + text.count
        start += text.count
      }
    }
  }

  deinit {
    bytes.deallocate()
    places.deallocate()
  }

  /// The text at a place that has one, for as long as `body` runs.
  package func withText<Result>(
    _ row: Int, _ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    // As with arrays: what lies behind the end is somebody else's memory, or another text.
    precondition((0..<rowCount).contains(row) && (0..<columns).contains(column), "no such text")
    guard let place = places[row * columns + column] else { preconditionFailure("no such text") }
    return try body(UnsafeBufferPointer(rebasing: bytes[place]))
  }

  /// The text at a place that has one.
  package subscript(row: Int, column: Int) -> [UInt8] { withText(row, column) { Array($0) } }

  /// All texts, row by row.
  package var all: [[UInt8]] { places.compactMap { $0.map { Array(bytes[$0]) } } }
}

extension Array<UInt8> {
  /// Appends the text at a place of a table.
  package mutating func append(_ texts: SharedByteTable, _ row: Int, _ column: Int = 0) {
    texts.withText(row, column) { append(contentsOf: $0) }
  }
}
