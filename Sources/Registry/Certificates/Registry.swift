public import Input
public import Diagnostics

/// The certification body's registry: read once, checked whole, and kept as compact rows.
public struct Registry: Sendable {
  public let schemes: [Scheme]
  public let issuer: Editions<Issuer>
  public let batches: [Batch]
  public let shards: [Shard]
  public let figures: RegistryFigures
  /// Who agreed to be listed.
  public let listed: ListedHolders
  /// The day on which it was read: a certificate that ended before is over.
  public let day: CalendarDate
  /// Certificates that were erased at their holders' request.
  public let erasures: [Erasure]

  /// The file as diagnostics show it.
  public let displayPath: String
  /// Shows rows in findings.
  let finder: any RowFinder
  let numbers: NumberIndex
  /// By ordinal: the line or row id that names the row to people.
  let places: [Int]
  let revisions: [UInt16]
  let successions: [Int: Succession]
  let doubts: [Doubt]

  /// How many certificates there are, counting every revision.
  public var count: Int { numbers.count }

  /// The certificates of a shard.
  public func certificates(in shard: Shard) -> [Certificate] {
    zip(shard.ordinals, shard.rows).map { certificate(ordinal: $0, $1, in: shard) }
  }

  /// The erasure of a certificate, or nil.
  public func erasure(number: Text, revision: Int) -> Erasure? {
    erasures.first { $0.number == number && $0.revision == revision }
  }

  /// The certificate at a position.
  public func certificate(ordinal: Int) -> Certificate {
    let shard = shards[ordinal / Shard.size]
    return certificate(
      ordinal: ordinal, shard.rows[ordinal - shard.ordinals.lowerBound], in: shard)
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
  /// - Throws: `MachineFailure` when the file cannot be read to show its rows.
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
    findings.add(contentsOf: try finder.diagnostics(for: byPlace))
  }

  private func certificate(ordinal: Int, _ row: StoredRow, in shard: Shard) -> Certificate {
    let values = row.values
    let succession = successions[ordinal]
    return Certificate(
      ordinal: ordinal, number: shard.text(.number, of: row) ?? "", revision: values.revision,
      registration: shard.text(.registration, of: row),
      holder: shard.text(.holder, of: row) ?? "",
      scheme: values.scheme, schemeEdition: values.schemeEdition,
      issuerEdition: values.issuerEdition, issued: values.issued, expires: values.expires,
      status: succession == nil ? values.status : .superseded,
      statusDate: succession?.date ?? values.statusDate,
      statusReason: shard.text(.statusReason, of: row), successor: succession?.latest,
      replacement: succession?.next, isListed: values.isListed,
      row: .init(
        supersededBy: shard.text(.supersededBy, of: row),
        province: shard.text(.province, of: row), regency: shard.text(.regency, of: row),
        batch: shard.text(.batch, of: row), batchPosition: values.batch))
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
