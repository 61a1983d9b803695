public import Input
public import Diagnostics

/// The certification body's registry: checked whole, kept as a compact index, read in shards.
public struct Registry: Sendable {
  /// A run of consecutive rows.
  public struct Shard: Sendable {
    /// Ordinals of its certificates.
    public let ordinals: Range<Int>
    let start: RowPosition
    /// Of the rows as they were checked; tells whether the file changed since.
    let checksum: Int
  }

  public let schemes: [Scheme]
  public let issuer: Editions<Issuer>
  public let batches: [Batch]
  public let shards: [Shard]
  public let figures: RegistryFigures
  /// Who agreed to be listed.
  public let listed: ListedHolders
  /// The day on which it was read: a certificate that ended before is over.
  public var day: CalendarDate { parser.today }
  /// Certificates that were erased at their holders' request.
  public let erasures: [Erasure]

  let source: any RegistrySource
  let parser: RowParser
  let numbers: NumberIndex
  /// By ordinal: the line or row id that names the row to people.
  let places: [Int]
  let revisions: [UInt16]
  let successions: [Int: Succession]

  /// How many certificates there are, counting every revision.
  public var count: Int { numbers.count }

  /// The certificates of a shard, read again from the file.
  ///
  /// - Throws: `MachineFailure` when the file cannot be read or changed since it was checked.
  public func certificates(in shard: Shard) throws(MachineFailure) -> [Certificate] {
    var reading = ShardReading(capacity: shard.ordinals.count)
    var arena: [UInt8] = []
    var findings = Findings()
    try source.walk(from: shard.start, findings: &findings) { row, _, problems in
      if !parser.isErased(row), let values = parser.parse(row, problems: &problems) {
        reading.append(values, of: row)
      }
      guard reading.count == shard.ordinals.count else { return true }
      arena = row.arena
      return false
    }
    guard reading.count == shard.ordinals.count, reading.checksum == shard.checksum else {
      throw MachineFailure("build", reason: "the registry changed while it was being read")
    }
    return reading.rows.enumerated().map { index, row in
      certificate(ordinal: shard.ordinals.lowerBound + index, row: row, arena: arena)
    }
  }

  /// Everything in the registry that decides what the certificates of a shard are: the bytes of its
  /// rows, and which of them are replaced by others.
  ///
  /// - Returns: nil for a registry in a database.
  /// - Throws: `MachineFailure` when the file cannot be read or changed since it was checked.
  package func source(ofShard position: Int) throws(MachineFailure) -> [UInt8]? {
    let next = position + 1 < shards.count ? shards[position + 1].start : nil
    guard var bytes = try source.bytes(from: shards[position].start, to: next) else { return nil }
    guard !successions.isEmpty else { return bytes }
    for (offset, ordinal) in shards[position].ordinals.enumerated() {
      if let succession = successions[ordinal] {
        bytes += succession.line(at: offset).utf8
      }
    }
    return bytes
  }

  /// The erasure of a certificate, or nil.
  public func erasure(number: Text, revision: Int) -> Erasure? {
    erasures.first { $0.number == number && $0.revision == revision }
  }

  /// One certificate, read again from the file.
  public func certificate(ordinal: Int) throws(MachineFailure) -> Certificate? {
    guard let shard = shards.first(where: { $0.ordinals.contains(ordinal) }) else { return nil }
    return try certificates(in: shard)[ordinal - shard.ordinals.lowerBound]
  }

  /// The certificate that replaces another in the end; nil for one that was not replaced.
  package func successor(of ordinal: Int) -> Int? { successions[ordinal]?.latest }

  /// The number of a certificate by its ordinal, as printed.
  public func number(of ordinal: Int) -> Text {
    Text(numbers[ordinal])
  }

  /// The certificate in force under a number: the one with the highest revision.
  public func ordinal(ofNumber number: Text) -> Int? {
    numbers.last(number.bytes).map { successions[$0]?.ownRevisionsLatest ?? $0 }
  }

  /// The certificate with a number and revision, or nil.
  public func ordinal(number: Text, revision: Int) -> Int? {
    var candidate = numbers.last(number.bytes)
    while let ordinal = candidate {
      if Int(revisions[ordinal]) == revision { return ordinal }
      candidate = numbers.previous[ordinal]
    }
    return nil
  }

  /// Something that is wrong with a certificate in the light of what was published before.
  public struct Problem: Sendable {
    enum Row { case certificate(ordinal: Int), erasure(place: Int) }

    let row: Row
    public let column: Column
    public let id: DiagnosticID
    public let message: String
    public let hint: String

    public init(
      ordinal: Int, column: Column, id: DiagnosticID, message: String, hint: String
    ) {
      row = .certificate(ordinal: ordinal)
      self.column = column
      self.id = id
      self.message = message
      self.hint = hint
    }

    public init(
      _ erasure: Erasure, column: Column, id: DiagnosticID, message: String, hint: String
    ) {
      row = .erasure(place: erasure.place)
      self.column = column
      self.id = id
      self.message = message
      self.hint = hint
    }
  }

  /// Adds the findings for some problems, each at its row.
  ///
  /// - Throws: `MachineFailure` when the registry cannot be read again.
  public func report(
    _ problems: [Problem], findings: inout Findings
  ) throws(MachineFailure) {
    var byPlace: [Int: [RowProblem]] = [:]
    for problem in problems {
      let place =
        switch problem.row {
        case .certificate(let ordinal): places[ordinal]
        case .erasure(let place): place
        }
      byPlace[place, default: []].append(
        RowProblem(
          column: problem.column, id: problem.id, message: problem.message, hint: problem.hint))
    }
    try Self.report(byPlace, from: source, findings: &findings)
  }

  /// The file as diagnostics show it.
  public var shownAs: String { parser.shownAs }

  private func certificate(
    ordinal: Int, row: ShardReading.Row, arena: [UInt8]
  ) -> Certificate {
    func text(_ range: Range<Int>) -> Text { Text(arena[range]) }
    func optional(_ range: Range<Int>) -> Text? { range.isEmpty ? nil : text(range) }
    let values = row.values
    let succession = successions[ordinal]
    return Certificate(
      ordinal: ordinal, number: text(row.number), revision: values.revision,
      registration: optional(row.registration), holder: text(row.holder),
      scheme: values.scheme, schemeEdition: values.schemeEdition,
      issuerEdition: values.issuerEdition, issued: values.issued, expires: values.expires,
      status: succession == nil ? values.status : .superseded,
      statusDate: succession?.date ?? values.statusDate,
      statusReason: optional(row.statusReason), successor: succession?.latest,
      replacement: succession?.next,
      isListed: values.isListed,
      row: .init(
        supersededBy: optional(row.supersededBy), province: optional(row.province),
        regency: optional(row.regency), batch: optional(row.batch),
        batchPosition: values.batch))
  }
}

/// What replaces a certificate.
struct Succession: Sendable {
  /// The certificate that replaced it first.
  var next: Int
  /// The certificate that replaces it in the end.
  var latest: Int
  /// The highest revision of its own number.
  var ownRevisionsLatest: Int
  /// Since when.
  var date: CalendarDate?

  /// All of it in a line that nothing else is written as.
  fileprivate func line(at offset: Int) -> String {
    "\n\(offset) \(next) \(latest) \(ownRevisionsLatest) \(date?.description ?? "")"
  }
}

/// What the registry adds up to.
public struct RegistryFigures: Sendable {
  /// Certificates by scheme, in the order of `Registry.schemes`.
  public internal(set) var certificatesByScheme: [Int]
  /// What a batch and a scheme have in common: the certificates that were issued.
  public struct Certified: Sendable, Hashable {
    public let batch: Int
    public let scheme: Int
  }

  /// How many numbers were issued, by batch and scheme; one that was issued again counts once.
  public internal(set) var certified: [Certified: Int] = [:]
  /// The day of the newest certificate; nil for an empty registry.
  public internal(set) var latestIssue: CalendarDate?
  /// All of them by what they have in common.
  public internal(set) var census = Census()
}

/// The rows of one shard while they are read.
struct ShardReading {
  struct Row {
    let values: RowValues
    let number: Range<Int>
    let registration: Range<Int>
    let holder: Range<Int>
    let statusReason: Range<Int>
    let supersededBy: Range<Int>
    let province: Range<Int>
    let regency: Range<Int>
    let batch: Range<Int>
  }

  private(set) var rows: [Row] = []
  // Seeded anew by every process, which is enough: shards are compared within one run.
  private var hasher = Hasher()

  init(capacity: Int) {
    rows.reserveCapacity(capacity)
  }

  var count: Int { rows.count }

  mutating func append(_ values: RowValues, of row: RowText) {
    for column in Column.allCases {
      hasher.combine(row.range(column).count)
    }
    row.rowBytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    rows.append(
      Row(
        values: values, number: row.range(.number), registration: row.range(.registration),
        holder: row.range(.holder), statusReason: row.range(.statusReason),
        supersededBy: row.range(.supersededBy), province: row.range(.province),
        regency: row.range(.regency), batch: row.range(.batch)))
  }

  /// Of all rows so far.
  var checksum: Int { hasher.finalize() }
}
