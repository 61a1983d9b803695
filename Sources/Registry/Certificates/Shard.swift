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

    /// A text of a row; nil where the row has none.
    func text(_ field: StoredRow.Field, of row: StoredRow) -> Text? {
      let range = row.range(field)
      return range.isEmpty ? nil : Text(text[range])
    }
  }
}

/// The values of a row, and where its texts lie in its shard.
struct StoredRow: Sendable {
  /// The columns that a certificate's texts are kept of, in the order in which they lie.
  enum Field: Int, CaseIterable {
    case number, registration, holder, statusReason, supersededBy, province, regency, batch

    var column: Column {
      switch self {
      case .number: .number
      case .registration: .registration
      case .holder: .holder
      case .statusReason: .statusReason
      case .supersededBy: .supersededBy
      case .province: .province
      case .regency: .regency
      case .batch: .batch
      }
    }
  }

  let values: RowValues
  private let start: UInt32
  private let ends: InlineEnds

  /// Copies a row's texts behind those of the rows before it.
  init(_ values: RowValues, _ row: RowText, text: inout [UInt8]) {
    self.values = values
    // A row has at most 1 MiB, so that a shard's texts stay below 2^32 bytes.
    start = UInt32(text.count)
    var ends: InlineEnds = (0, 0, 0, 0, 0, 0, 0, 0)
    withUnsafeMutableBytes(of: &ends) { ends in
      for field in Field.allCases {
        text += row.bytes(field.column)
        ends.storeBytes(of: UInt32(text.count), toByteOffset: field.rawValue * 4, as: UInt32.self)
      }
    }
    self.ends = ends
  }

  func range(_ field: Field) -> Range<Int> {
    withUnsafeBytes(of: ends) { ends in
      func end(_ position: Int) -> Int {
        Int(ends.loadUnaligned(fromByteOffset: position * 4, as: UInt32.self))
      }
      return (field.rawValue == 0 ? Int(start) : end(field.rawValue - 1))..<end(field.rawValue)
    }
  }

  /// One for each field, without room of its own on the heap.
  private typealias InlineEnds = (
    UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32
  )
}
