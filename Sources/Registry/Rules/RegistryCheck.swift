import Diagnostics
import Input

/// Takes in the rows of the registry: rules of single rows, then rules between rows.
struct RegistryCheck {
  private(set) var numbers = NumberIndex()
  private(set) var shards: [Registry.Shard] = []
  private(set) var figures: RegistryFigures
  /// Rules broken between rows, by the place of the row that breaks them.
  private(set) var problems: [Int: [RowProblem]] = [:]

  /// What is to be looked at before new certificates are sealed.
  private(set) var doubts: [Doubt] = []
  private var similar: SimilarRows? = SimilarRows()
  private var dateOrders: [Column: DateOrder] = [:]

  private(set) var erasures: [Erasure] = []
  private(set) var listed = ListedHolders()
  private(set) var places: [Int] = []
  private(set) var revisions: [UInt16] = []
  private var issued: [CalendarDate] = []
  private var statuses: [Status] = []
  private var namedSuccessors: [Int: Text] = [:]
  private var statusDates: [Int: CalendarDate] = [:]
  /// How a row's place is called, as in `line 12`.
  private let placeName: @Sendable (Int) -> String

  /// Of the shard that is being filled.
  private var rows: [StoredRow] = []
  private var text: [UInt8] = []
  private var counting: Census.Counting
  private var brokenRows = 0

  init(
    schemeCount: Int, batches: [Batch], placeName: @escaping @Sendable (Int) -> String
  ) {
    self.placeName = placeName
    counting = Census.Counting(batches: batches)
    figures = RegistryFigures(certificatesByScheme: Array(repeating: 0, count: schemeCount))
  }

  mutating func visit(
    _ written: RowText, at place: Int, parser: RowParser,
    problems: inout [RowProblem]
  ) {
    let wasBroken = !problems.isEmpty
    var row = written
    parser.emptyDashes(&row)
    if parser.isErased(row) {
      if let erasure = parser.erasure(row, at: place, problems: &problems) {
        erasures.append(erasure)
      }
      return
    }
    var rowDoubts: [RowProblem] = []
    let parsed = parser.parse(row, problems: &problems, doubts: &rowDoubts)
    noteDates(of: row, parsed, at: place, problems: &problems)
    guard let values = parsed, !wasBroken else {
      // The registry will not be built; the row still takes part in the rules between rows.
      brokenRows += 1
      problems += rowDoubts
      var ignored: [RowProblem] = []
      if !row.isEmpty(.number), let revision = parser.revision(in: row, problems: &ignored) {
        index(row, at: place, revision: revision, issued: nil, status: .valid)
        store(RowValues(revision: revision, issued: .distantPast, expires: .distantPast), row)
      }
      return
    }
    let ordinal = numbers.count
    doubts += rowDoubts.map { Doubt(ordinal: ordinal, problem: $0) }
    index(
      row, at: place, revision: values.revision, issued: values.issued, status: values.status)
    if values.status == .superseded {
      namedSuccessors[ordinal] = Text(Array(row.bytes(.supersededBy))[...])
      statusDates[ordinal] = values.statusDate
    }
    count(values, row, at: place, day: parser.today)
    store(values, row)
  }

  private mutating func store(_ values: RowValues, _ row: RowText) {
    let ordinal = numbers.count - 1
    rows.append(StoredRow(values, row, text: &text))
    var found: [Doubt] = []
    // Taken out meanwhile, so that it is changed in its place while the rows are looked at.
    guard var similar = self.similar.take() else { return }
    similar.enter(
      compared(ordinal), at: ordinal, registration: row.bytes(.registration),
      isFirst: numbers.previous[ordinal] == nil, row: { compared($0) },
      place: { placeName(places[$0]) }, doubts: &found)
    self.similar = similar
    doubts += found
    if rows.count == Registry.Shard.size { closeShard() }
  }

  /// What is compared of a row that is stored.
  private func compared(_ ordinal: Int) -> SimilarRows.Row {
    let shard = ordinal / Registry.Shard.size
    let isOpen = shard == shards.count
    let stored =
      isOpen
      ? rows[ordinal % Registry.Shard.size] : shards[shard].rows[ordinal % Registry.Shard.size]
    func text(_ field: StoredRow.Field) -> ArraySlice<UInt8> {
      isOpen ? self.text[stored.range(field)] : shards[shard].bytes(field, of: stored)
    }
    return SimilarRows.Row(
      number: numbers[ordinal], holder: text(.holder), regency: text(.regency),
      scheme: stored.values.scheme, issued: stored.values.issued,
      revision: stored.values.revision,
      isValid: stored.values.status != .superseded && stored.values.issued != .distantPast)
  }

  /// Looks at the order of day and month; what may be swapped in the whole column is said at the end.
  private mutating func noteDates(
    of row: RowText, _ values: RowValues?, at place: Int, problems: inout [RowProblem]
  ) {
    dateOrders[.issued, default: DateOrder()].add(row.bytes(.issued), values?.issued, at: place)
    guard problems.contains(where: \.isMonthFirst) else { return }
    for problem in problems where problem.isMonthFirst {
      dateOrders[problem.column, default: DateOrder()].add(monthFirst: problem, at: place)
    }
    problems.removeAll(where: \.isMonthFirst)
  }

  private mutating func index(
    _ row: RowText, at place: Int, revision: Int, issued: CalendarDate?, status: Status
  ) {
    numbers.append(row.bytes(.number))
    places.append(place)
    revisions.append(UInt16(revision))
    self.issued.append(issued ?? .distantPast)
    statuses.append(status)
  }

  private mutating func count(
    _ values: RowValues, _ row: RowText, at place: Int, day: CalendarDate
  ) {
    let census = counting.add(row, values, at: place, day: day)
    figures.certificatesByScheme[values.scheme] += 1
    figures.latestIssue = max(figures.latestIssue ?? values.issued, values.issued)
    if values.isListed {
      listed.append(row, values, ordinal: numbers.count - 1, place: census)
    }
    // Issued again under its number, it is still one certificate.
    if let batch = values.batch, numbers.previous[numbers.count - 1] == nil {
      let certified = RegistryFigures.Certified(batch: batch, scheme: values.scheme)
      figures.certified[certified, default: 0] += 1
    }
  }

  private mutating func closeShard() {
    guard !rows.isEmpty else { return }
    shards.append(
      Registry.Shard(
        ordinals: numbers.count - rows.count..<numbers.count, rows: rows, text: Array(text)))
    rows.removeAll(keepingCapacity: true)
    text.removeAll(keepingCapacity: true)
  }

  // MARK: Rules between rows

  /// Closes the last shard and finds out what supersedes what.
  ///
  /// - Parameter hasUnreadableRows: whether some rows could not be taken apart; a number that is
  ///   nowhere else may stand in one of them.
  mutating func finish(hasUnreadableRows: Bool) -> [Int: Succession] {
    closeShard()
    doubts += similar?.finish(count: numbers.count) ?? []
    for (column, order) in dateOrders {
      for (place, problem) in order.problems(of: column) {
        problems[place, default: []].append(problem)
      }
    }
    var successions: [Int: Succession] = [:]
    var firstRevisions: [Int: Int] = [:]
    for family in revisionFamilies() {
      check(family)
      firstRevisions[family[family.count - 1]] = family[0]
      for (older, newer) in zip(family, family.dropFirst()) {
        successions[older] = Succession(
          next: newer, latest: family[family.count - 1],
          ownRevisionsLatest: family[family.count - 1],
          date: issued[newer])
      }
    }
    for (ordinal, number) in namedSuccessors.sorted(by: { $0.key < $1.key })
    where successions[ordinal] == nil {
      guard let last = numbers.last(number.bytes) else {
        let isErased = erasures.contains { $0.number == number }
        if !hasUnreadableRows, !isErased { addMissingSuccessor(ordinal) }
        continue
      }
      let latest = successions[last]?.ownRevisionsLatest ?? last
      // The first revision stays what was named, however often its number is issued again.
      successions[ordinal] = Succession(
        next: firstRevisions[latest] ?? latest, latest: latest, ownRevisionsLatest: ordinal,
        date: statusDates[ordinal])
    }
    reportReuse()
    reportErasuresInOtherSpelling()
    followChains(&successions)
    // With broken rows, not all rows were counted, and there will be no registry.
    if brokenRows == 0 {
      for ordinal in successions.keys { counting.supersede(ordinal) }
      figures.census = counting.census
    }
    return successions
  }

  /// The rows of every number that stands more than once, lowest revision first.
  private func revisionFamilies() -> [[Int]] {
    let inner = Set(numbers.previous.values)
    return numbers.previous.keys.filter { !inner.contains($0) }.sorted().map { last in
      var family = [last]
      while let before = numbers.previous[family[family.count - 1]] { family.append(before) }
      return family.sorted { (revisions[$0], $0) < (revisions[$1], $1) }
    }
  }

  private mutating func check(_ family: [Int]) {
    for (older, newer) in zip(family, family.dropFirst()) {
      if revisions[older] == revisions[newer] {
        let first = min(places[older], places[newer])
        add(
          RowProblem(
            column: .number, id: "duplicate-certificate-number",
            message:
              "A certificate number names one certificate; \(placeName(first)) has this one already",
            hint: "correct the number, or give the newer row the next revision (2, 3, …) if the"
              + " certificate was issued again"), at: max(older, newer))
      } else if issued[newer] < issued[older], issued[newer] != .distantPast {
        add(
          RowProblem(
            column: .issued, id: "revision-out-of-order",
            message: "A later revision is not issued before the one it replaces"
              + " (\(issued[older]), \(placeName(places[older])))",
            hint: "check the dates and the revisions of both rows"), at: newer)
      }
      if statuses[older] != .valid {
        add(
          RowProblem(
            column: .status, id: "status-of-old-revision",
            message: "Only the highest revision of a certificate carries a status; the others are"
              + " superseded by it",
            hint: "move the status to revision \(revisions[family[family.count - 1]])"
              + " (\(placeName(places[family[family.count - 1]]))), or empty it"), at: older)
      }
    }
  }

  /// The number of an erased certificate is not given to another, and no revision of it stays.
  private mutating func reportReuse() {
    for erasure in erasures {
      var candidate = numbers.last(erasure.number.bytes)
      while let ordinal = candidate {
        if Int(revisions[ordinal]) == erasure.revision {
          add(
            RowProblem(
              column: .number, id: "duplicate-certificate-number",
              message: "A certificate number names one certificate; this one was erased on"
                + " \(erasure.date)",
              hint: "give the new certificate a number of its own"), at: ordinal)
        } else {
          add(
            RowProblem(
              column: .number, id: "erased-in-part",
              message: "An erasure is of a person, and revision \(erasure.revision) of this number"
                + " was erased (\(placeName(erasure.place)))",
              hint: "erase this revision too: leave number, revision, status `erased` and"
                + " status_date; a new certificate gets a number of its own"), at: ordinal)
        }
        candidate = numbers.previous[ordinal]
      }
    }
  }

  /// An erasure whose number is written in another way than the row that it is of.
  private mutating func reportErasuresInOtherSpelling() {
    guard !erasures.isEmpty else { return }
    let byHash = Dictionary(grouping: erasures) { NumberSpelling($0.number.bytes).hash }
    for ordinal in 0..<numbers.count {
      let spelling = NumberSpelling(numbers[ordinal])
      for erasure in byHash[spelling.hash] ?? []
      where !erasure.number.bytes.elementsEqual(numbers[ordinal])
        && NumberSpelling(erasure.number.bytes).likeness(to: spelling) == .same
      {
        add(
          RowProblem(
            column: .number, id: "duplicate-certificate-number",
            message:
              "This number was erased on \(erasure.date) in another spelling: `\(erasure.number)`"
              + " (\(placeName(erasure.place)))",
            hint: "write a number in one way in all its rows"), at: ordinal)
      }
    }
  }

  private mutating func addMissingSuccessor(_ ordinal: Int) {
    add(
      RowProblem(
        column: .supersededBy, id: "unknown-successor",
        message: "A certificate is superseded by one that is in the registry",
        hint: "correct the number in superseded_by, or add the new certificate"), at: ordinal)
  }

  /// Makes every succession point at the certificate that holds in the end.
  private mutating func followChains(_ successions: inout [Int: Succession]) {
    for ordinal in successions.keys.sorted() {
      var seen: Set<Int> = [ordinal]
      var latest = ordinal
      while let next = successions[latest]?.latest {
        if !seen.insert(next).inserted {
          add(
            RowProblem(
              column: .supersededBy, id: "succession-cycle",
              message: "Certificates do not supersede each other in a circle",
              hint: "find the one that holds today and empty its status"), at: ordinal)
          break
        }
        latest = next
      }
      successions[ordinal]?.latest = latest
    }
  }

  private mutating func add(_ problem: RowProblem, at ordinal: Int) {
    problems[places[ordinal], default: []].append(problem)
  }
}
