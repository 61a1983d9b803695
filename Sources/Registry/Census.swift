import Input

/// How many certificates there are of each kind: counted while the registry is checked, so that
/// figures need no walk of their own.
///
/// Every revision counts by itself, the earlier ones as superseded; erased certificates do not.
public struct Census: Sendable {
  /// Where holders live or were assessed, as the registry names it.
  public struct Place: Sendable, Hashable {
    public let province: Text?
    public let regency: Text?
  }

  /// What certificates of a kind have in common.
  public struct Kind: Sendable, Hashable {
    /// The year of issue.
    public let year: Int
    /// Position of the scheme in `Registry.schemes`.
    public let scheme: Int
    public fileprivate(set) var status: Status
    /// Whether the last day of validity was over on the day of the census.
    public let isOver: Bool
    /// Position in `Census.places`.
    public let place: Int
    /// Position in `Registry.batches`; nil for a certificate of no batch.
    public let batch: Int?
    /// Whether the holders agreed to be found in public lists.
    public let isListed: Bool

    /// Whether a buyer may rely on such a certificate on the day of the census.
    public var holds: Bool { status == .valid && !isOver }
  }

  /// In the order in which the registry first names them.
  public private(set) var places: [Place] = []
  /// The kinds that occur, in the order in which the registry first has them, and how often.
  public private(set) var kinds: [(kind: Kind, count: Int)] = []

  /// How many certificates are of kinds that a condition holds for.
  public func count(where holds: (Kind) -> Bool) -> Int {
    kinds.reduce(0) { holds($1.kind) ? $0 + $1.count : $0 }
  }

  /// Certificates added up by something that their kinds have.
  public func counts<Key: Hashable>(
    by key: (Kind) -> Key?, where holds: (Kind) -> Bool = { _ in true }
  ) -> [Key: Int] {
    kinds.reduce(into: [:]) { counts, each in
      if holds(each.kind), let key = key(each.kind) { counts[key, default: 0] += each.count }
    }
  }

  /// The provinces that the registry names.
  public var provinces: Set<Text> { Set(places.compactMap(\.province)) }
}

extension Census {
  /// Counts rows in their order. Registries list a batch's people together, so most rows are of the
  /// kind of the row before.
  struct Counting {
    private(set) var census = Census()
    private var placePositions: [Place: Int] = [:]
    private var kindPositions: [Kind: Int] = [:]
    private var lastPlace: (Place, position: Int)?
    private var lastKind: (Kind, position: Int)?
    /// By ordinal: the position of its kind.
    private var kindOfOrdinal: [UInt32] = []

    /// Counts the next certificate.
    mutating func add(_ row: RowText, _ values: RowValues, isOver: Bool) {
      let kind = Kind(
        year: values.issued.year, scheme: values.scheme, status: values.status, isOver: isOver,
        place: place(of: row), batch: values.batch, isListed: values.isListed)
      let position = position(of: kind)
      census.kinds[position].count += 1
      kindOfOrdinal.append(UInt32(position))
    }

    /// Counts a certificate as superseded that rows further down turned out to replace.
    mutating func supersede(_ ordinal: Int) {
      let before = Int(kindOfOrdinal[ordinal])
      var kind = census.kinds[before].kind
      kind.status = .superseded
      let after = position(of: kind)
      census.kinds[before].count -= 1
      census.kinds[after].count += 1
      kindOfOrdinal[ordinal] = UInt32(after)
    }

    private mutating func place(of row: RowText) -> Int {
      let province = row.bytes(.province)
      let regency = row.bytes(.regency)
      if let lastPlace, (lastPlace.0.province?.bytes ?? []).elementsEqual(province),
        (lastPlace.0.regency?.bytes ?? []).elementsEqual(regency)
      {
        return lastPlace.position
      }
      func text(_ bytes: ArraySlice<UInt8>) -> Text? {
        bytes.isEmpty ? nil : Text(Array(bytes)[...])
      }
      let place = Place(province: text(province), regency: text(regency))
      let position = placePositions[place] ?? census.places.count
      if position == census.places.count {
        census.places.append(place)
        placePositions[place] = position
      }
      lastPlace = (place, position)
      return position
    }

    private mutating func position(of kind: Kind) -> Int {
      if let lastKind, lastKind.0 == kind { return lastKind.position }
      let position = kindPositions[kind] ?? census.kinds.count
      if position == census.kinds.count {
        census.kinds.append((kind, 0))
        kindPositions[kind] = position
      }
      lastKind = (kind, position)
      return position
    }
  }
}
