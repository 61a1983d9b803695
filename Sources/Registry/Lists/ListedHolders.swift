public import Input

/// The certificates whose holders agreed to be found in public lists, with what lists show of them:
/// gathered while the registry is checked, so that lists need no walk of their own.
public struct ListedHolders: Sendable {
  /// One certificate, in the order of the registry.
  public struct Entry: Sendable {
    private let packedOrdinal: UInt32
    fileprivate let nameEnd: UInt32
    private let packedPlace: UInt32
    private let packedBatch: UInt32
    private let packedScheme: UInt16
    public let expires: CalendarDate

    fileprivate init(_ values: RowValues, ordinal: Int, place: Int, nameEnd: Int) {
      packedOrdinal = UInt32(ordinal)
      self.nameEnd = UInt32(nameEnd)
      packedPlace = UInt32(place)
      packedBatch = values.batch.map { UInt32($0) } ?? .max
      packedScheme = UInt16(values.scheme)
      expires = values.expires
    }

    public var ordinal: Int { Int(packedOrdinal) }
    /// Position in `Census.places`.
    public var place: Int { Int(packedPlace) }
    /// Position in `Registry.batches`.
    public var batch: Int? { packedBatch == .max ? nil : Int(packedBatch) }
    /// Position in `Registry.schemes`.
    public var scheme: Int { Int(packedScheme) }
  }

  public private(set) var entries: [Entry] = []
  private var names: [UInt8] = []

  /// The name of a holder by the position of its entry, as printed.
  public func name(at position: Int) -> ArraySlice<UInt8> {
    let start = position == 0 ? 0 : Int(entries[position - 1].nameEnd)
    return names[start..<Int(entries[position].nameEnd)]
  }

  mutating func append(_ row: RowText, _ values: RowValues, ordinal: Int, place: Int) {
    names += row.bytes(.holder)
    entries.append(Entry(values, ordinal: ordinal, place: place, nameEnd: names.count))
  }
}
