/// A table of texts that many workers copy from at once.
///
/// A class, since workers that each hold a copy of an array wait for each other when its holders are
/// counted.
package final class SharedByteTable: Sendable {
  private let bytes: [UInt8]
  /// Where each text lies, row by row; nil behind the end of a row.
  private let places: [Range<Int>?]
  package let rowCount: Int
  private let columns: Int

  /// - Parameter rows: of texts, which need not have the same length.
  package init(_ rows: [[[UInt8]]]) {
    rowCount = rows.count
    let columns = rows.map(\.count).max() ?? 0
    var places = [Range<Int>?](repeating: nil, count: rows.count * columns)
    var start = 0
    for (number, row) in rows.enumerated() {
      for (column, text) in row.enumerated() {
        places[number * columns + column] = start..<start + text.count
        start += text.count
      }
    }
    bytes = Array(rows.joined().joined())
    self.places = places
    self.columns = columns
  }

  /// The text at a place that has one, for as long as `body` runs.
  package func withText<Result>(
    _ row: Int, _ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    precondition((0..<columns).contains(column), "no such text")
    guard let place = places[row * columns + column] else { preconditionFailure("no such text") }
    return try bytes.withUnsafeBufferPointer {
      try body(UnsafeBufferPointer(rebasing: $0[place]))
    }
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
