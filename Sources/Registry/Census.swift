import Diagnostics
public import Input

/// How many certificates there are of each kind: counted while the registry is checked, so that
/// figures need no walk of their own.
///
/// Every revision counts by itself, the earlier ones as superseded; erased certificates do not.
public struct Census: Sendable {
  /// Where holders live or were assessed, as the registry names it; where it does not, as their
  /// batch does.
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
    /// Position in `Registry.batches`; nil for a certificate of no batch.
    public let batch: Int?
    /// Whether the holders agreed to be found in public lists.
    public let isListed: Bool

    /// Whether a buyer may rely on such a certificate on the day of the census.
    public var holds: Bool { status == .valid && !isOver }
  }

  /// In the order in which the registry first names them.
  public private(set) var places: [Place] = []
  /// Of each place, some of the people: enough to tell whether they are few.
  private(set) var people: [FewPeople] = []
  /// Of each place, the line or row that first names it; nil for one that only batches name.
  private(set) var placeRows: [Int?] = []
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

  /// What each place is called; nil where no province is stated.
  public var provinceNames: [ProvinceName?] {
    places.map { place in place.province.map { ProvinceName($0.string) } }
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
    private var kindPositions: [Kind: Int] = [:]
    private var lastPlace: (written: Place, batch: Int?, position: Int)?
    private var lastKind: (Kind, position: Int)?
    /// By ordinal: the position of its kind.
    private var kindOfOrdinal: [UInt32] = []

    init(batches: [Batch]) {
      self.batches = batches
    }

    /// Counts the next certificate.
    mutating func add(_ row: RowText, _ values: RowValues, at rowPlace: Int, day: CalendarDate) {
      let isOver = values.expires < day
      let place = place(of: row, batch: values.batch, at: rowPlace)
      let isReissue = values.revision > 1
      // A corrected name is no other person.
      if !isReissue { census.people[place].add(row.bytes(.holder)) }
      let lastMonth = Census.month(of: values.expires)
      let runsOut = lastMonth < Census.month(of: day) + Census.monthsAhead
      let kind = Kind(
        year: values.issued.year, isReissue: isReissue, scheme: values.scheme,
        status: values.status, isOver: isOver,
        lastMonth: values.status == .valid && !isOver && runsOut ? lastMonth : nil,
        place: place, batch: values.batch, isListed: values.isListed)
      let position = position(of: kind)
      census.kinds[position].count += 1
      kindOfOrdinal.append(UInt32(position))
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

    private mutating func place(of row: RowText, batch: Int?, at rowPlace: Int) -> Int {
      let province = row.bytes(.province)
      let regency = row.bytes(.regency)
      if let lastPlace, lastPlace.batch == batch,
        (lastPlace.written.province?.bytes ?? []).elementsEqual(province),
        (lastPlace.written.regency?.bytes ?? []).elementsEqual(regency)
      {
        return lastPlace.position
      }
      func text(_ bytes: ArraySlice<UInt8>) -> Text? {
        bytes.isEmpty ? nil : Text(Array(bytes)[...])
      }
      let written = Place(province: text(province), regency: text(regency))
      let place = stated(written, batch: batch.map { batches[$0] })
      let position = placePositions[place] ?? census.places.count
      if position == census.places.count {
        census.places.append(place)
        census.people.append(FewPeople())
        census.placeRows.append(nil)
        placePositions[place] = position
      }
      if written.province != nil, census.placeRows[position] == nil {
        census.placeRows[position] = rowPlace
      }
      lastPlace = (written, batch, position)
      return position
    }

    /// A row that says nothing of the place was assessed where its batch was.
    private func stated(_ written: Place, batch: Batch?) -> Place {
      guard written.province == nil, let batch else { return written }
      return Place(
        province: Text(batch.province), regency: written.regency ?? Text(batch.regency))
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
    for (position, name) in provinceNames.enumerated() {
      guard case .other(let name)? = name, let row = placeRows[position],
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
