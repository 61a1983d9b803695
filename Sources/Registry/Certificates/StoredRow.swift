/// The values of a row, and where its texts lie in its shard.
struct StoredRow: Sendable {
  /// The columns that a certificate's texts are kept of, in the order in which they lie. A new one needs
  /// its place in `InlineEnds`, which the compiler does not ask for.
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
    assert(MemoryLayout<InlineEnds>.size == Field.allCases.count * 4, "every field has its end")
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

  /// An end for each field, in the row itself: an array of them would be a million more.
  private typealias InlineEnds = (
    UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32
  )
}
