import Diagnostics
public import Input

/// How many certificates there are of each kind: counted while the registry is checked, so that
/// figures need no walk of their own.
///
/// Every revision counts by itself, the earlier ones as superseded; erased certificates do not.
public struct Census: Sendable {
  /// Where holders live or were assessed.
  public struct Place: Sendable, Hashable {
    public let province: Text?
    public let regency: Text?
  }

  /// What certificates of a kind have in common.
  public struct Kind: Sendable, Hashable {
    /// The year of issue.
    public let year: Int
    /// Whether they were issued again under their numbers.
    public let isReissue: Bool
    /// Position of the scheme in `Registry.schemes`.
    public let scheme: Int
    public fileprivate(set) var status: Status
    /// Whether the last day of validity was over on the day of the census.
    public let isOver: Bool
    /// The month of the last day, for those that hold and run out within `monthsAhead`; see
    /// `Census.month(of:)`.
    public fileprivate(set) var lastMonth: Int?
    /// Position in `Census.places`.
    public let place: Int
    /// Position in `Census.localities`; follows from place and batch.
    public let locality: Int
    /// Position in `Registry.batches`; nil for a certificate of no batch.
    public let batch: Int?
    /// Whether the holders agreed to be found in public lists.
    public let isListed: Bool

    /// Whether a buyer may rely on such a certificate on the day of the census.
    public var holds: Bool { status == .valid && !isOver }
  }

  /// Places as rows name them, in the order in which the registry first does.
  public private(set) var places: [Place] = []
  /// Of each place, the line or row that first names it.
  private(set) var placeRows: [Int] = []
  /// The same places; where a row says nothing of its place, that of its batch.
  public private(set) var localities: [Place] = []
  /// Of each locality, some of the people: enough to tell whether they are few.
  private(set) var people: [FewPeople] = []
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

  /// The province of each locality; nil where none is stated.
  public var provinceNames: [ProvinceName?] {
    localities.map { place in place.province.map { ProvinceName($0.string) } }
  }

  /// For so many months, that of the census the first, certificates that run out are told apart.
  public static let monthsAhead = 12

  /// Months in a row have numbers in a row.
  public static func month(of day: CalendarDate) -> Int { day.year * 12 + day.month - 1 }
}

extension Census {
  /// Counts rows in their order. Registries list a batch's people together, so most rows are of the
  /// kind of the row before.
  struct Counting {
    private(set) var census = Census()
    private let batches: [Batch]
    private var placePositions: [Place: Int] = [:]
    private var localityPositions: [Place: Int] = [:]
    private var kindPositions: [Kind: Int] = [:]
    private var last: (place: Place, batch: Int?, positions: (place: Int, locality: Int))?
    private var lastKind: (Kind, position: Int)?
    /// By ordinal: the position of its kind.
    private var kindOfOrdinal: [UInt32] = []

    init(batches: [Batch]) {
      self.batches = batches
    }

    /// Counts the next certificate.
    ///
    /// - Returns: the position of its place.
    mutating func add(
      _ row: RowText, _ values: RowValues, at rowPlace: Int, day: CalendarDate
    ) -> Int {
      let isOver = values.expires < day
      let (place, locality) = place(of: row, batch: values.batch, at: rowPlace)
      let isReissue = values.revision > 1
      // A corrected name is no other person.
      if !isReissue { census.people[locality].add(row.bytes(.holder)) }
      let lastMonth = Census.month(of: values.expires)
      let runsOut = lastMonth < Census.month(of: day) + Census.monthsAhead
      let kind = Kind(
        year: values.issued.year, isReissue: isReissue, scheme: values.scheme,
        status: values.status, isOver: isOver,
        lastMonth: values.status == .valid && !isOver && runsOut ? lastMonth : nil,
        place: place, locality: locality, batch: values.batch, isListed: values.isListed)
      let position = position(of: kind)
      census.kinds[position].count += 1
      kindOfOrdinal.append(UInt32(position))
      return place
    }

    /// Counts a certificate as superseded that rows further down turned out to replace.
    mutating func supersede(_ ordinal: Int) {
      let before = Int(kindOfOrdinal[ordinal])
      var kind = census.kinds[before].kind
      kind.status = .superseded
      kind.lastMonth = nil
      let after = position(of: kind)
      census.kinds[before].count -= 1
      census.kinds[after].count += 1
      kindOfOrdinal[ordinal] = UInt32(after)
    }

    private mutating func place(
      of row: RowText, batch: Int?, at rowPlace: Int
    ) -> (place: Int, locality: Int) {
      let province = row.bytes(.province)
      let regency = row.bytes(.regency)
      if let last, last.batch == batch,
        (last.place.province?.bytes ?? []).elementsEqual(province),
        (last.place.regency?.bytes ?? []).elementsEqual(regency)
      {
        return last.positions
      }
      func text(_ bytes: ArraySlice<UInt8>) -> Text? {
        bytes.isEmpty ? nil : Text(Array(bytes)[...])
      }
      let place = Place(province: text(province), regency: text(regency))
      let position = placePositions[place] ?? census.places.count
      if position == census.places.count {
        census.places.append(place)
        census.placeRows.append(rowPlace)
        placePositions[place] = position
      }
      let positions = (position, locality(place, batch: batch.map { batches[$0] }))
      last = (place, batch, positions)
      return positions
    }

    /// A row that says nothing of its place was assessed where its batch was.
    private mutating func locality(_ place: Place, batch: Batch?) -> Int {
      let isSilent = place.province == nil && place.regency == nil
      let locality =
        if isSilent, let batch {
          Place(province: Text(batch.province), regency: Text(batch.regency))
        } else { place }
      let position = localityPositions[locality] ?? census.localities.count
      if position == census.localities.count {
        census.localities.append(locality)
        census.people.append(FewPeople())
        localityPositions[locality] = position
      }
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

extension Census {
  /// Warnings for texts that name no province, by the row that first has each.
  var unknownProvinces: [Int: [RowProblem]] {
    var problems: [Int: [RowProblem]] = [:]
    var seen: Set<PlaceName> = []
    for (place, row) in zip(places, placeRows) {
      guard case .other(let name)? = place.province.map({ ProvinceName($0.string) }),
        seen.insert(name).inserted
      else { continue }
      problems[row, default: []].append(
        RowProblem(
          column: .province, id: Province.unknown, severity: .warning,
          message: Province.rule, hint: Province.hint(for: name.text)))
    }
    return problems
  }
}
