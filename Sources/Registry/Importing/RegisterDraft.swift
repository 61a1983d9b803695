public import Diagnostics
import Files
public import Input
public import SystemPackage

/// What a workbook says of a register beside its certificates: columns, schemes and batches that occur.
///
/// It is a draft, for people to look at before anything is sealed.
public struct RegisterDraft: Sendable {
  public struct Scheme: Sendable {
    /// As the workbook writes it.
    public let title: String
    public internal(set) var certificates = 0
    /// The first day on which somebody was certified in it.
    public internal(set) var first: CalendarDate?
    /// How often certificates hold so many years.
    var years: [Int: Int] = [:]

    /// How long most certificates hold, in years; nil where the workbook does not say.
    public var usualYears: Int? { years.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key }
  }

  public struct Batch: Sendable {
    public let code: String
    public internal(set) var requestedBy = ""
    public internal(set) var regency = ""
    public internal(set) var province = ""
    public internal(set) var place = ""
    public internal(set) var from: CalendarDate?
    public internal(set) var to: CalendarDate?
    /// Days on which its certificates were issued.
    public internal(set) var issued: ClosedRange<CalendarDate>?
    public internal(set) var certificates = 0
  }

  /// The sheets with certificates; none for delimited text.
  public private(set) var sheets: [String] = []
  /// Columns that are read, with their headings.
  public private(set) var columns: [(column: Column, heading: String)] = []
  /// Headings that nobody knows, and what each may be.
  public private(set) var unknown: [(heading: String, likely: Column?)] = []
  /// In the order in which they occur.
  public private(set) var schemes: [Scheme] = []
  public private(set) var batches: [Batch] = []
  public private(set) var certificates = 0

  private var schemePositions: [String: Int] = [:]
  private var batchPositions: [String: Int] = [:]

  /// Reads a workbook or a delimited text.
  ///
  /// - Returns: nil when it cannot be read, or no table has certificates; findings say why.
  /// - Throws: `MachineFailure` when the file cannot be read.
  public static func read(
    _ file: FilePath, displayPath path: String, findings: inout Findings
  ) throws(MachineFailure) -> RegisterDraft? {
    var draft = RegisterDraft()
    let table = RowFile(file, displayPath: path, limit: InputFile.Limit.registry)
    guard let names = try table.tableNames(findings: &findings) else { return nil }
    for name in names {
      guard var reader = try table.reader(sheet: name) else { continue }
      try draft.take(&reader, sheet: name, path: path, findings: &findings)
    }
    guard draft.certificates > 0 else {
      if findings.hasErrors { return nil }
      findings.add(
        Diagnostic(
          "missing-header", at: SourceLocation(path: path),
          message: "No table of this file has columns for a number and a holder",
          hint: "name them as in `No. Sertifikat` and `Nama Peserta`, in one row above the rows"))
      return nil
    }
    return draft
  }

  private mutating func take(
    _ reader: inout RowReader, sheet: String?, path: String, findings: inout Findings
  ) throws(MachineFailure) {
    let header = HeaderRow(settings: RegistrySettings(file: FilePath(path), displayPath: path))
    let begun = try reader.begin(
      RowExcerpts(path: path, uses: []),
      knownColumns: { max(header.knownColumns($0), BatchColumns($0).count) })
    if case .unreadable(let finding) = begun { findings.add(finding) }
    guard case .header = begun else { return }
    let headings = reader.texts
    let batchColumns = BatchColumns(headings)
    if header.isRegister(headings) {
      if let sheet { sheets.append(sheet) }
      try takeCertificates(&reader, headings, header, batchColumns, findings: &findings)
    } else if batchColumns.isList {
      try takeBatches(&reader, batchColumns, findings: &findings)
    }
  }

  // MARK: Certificates

  private mutating func takeCertificates(
    _ reader: inout RowReader, _ headings: [String], _ header: HeaderRow,
    _ batchColumns: BatchColumns,
    findings: inout Findings
  ) throws(MachineFailure) {
    var positions: [Column: Int] = [:]
    for (position, heading) in headings.enumerated() where !heading.isEmpty {
      switch header.settings.use(ofHeader: heading) {
      case .read(let column):
        positions[column] = positions[column] ?? position
        if !columns.contains(where: { $0.column == column }) { columns.append((column, heading)) }
      case nil:
        if !unknown.contains(where: { $0.heading == heading }) {
          unknown.append((heading, header.likely(heading)))
        }
      default: break
      }
    }
    var wanted = Set(
      [Column.number, .holder, .scheme, .issued, .expires, .batch, .regency, .province]
        .compactMap { positions[$0] })
    if let place = batchColumns.place { wanted.insert(place) }
    // Merged and hidden cells are found by the check; here the first of them says enough.
    var told = Findings()
    guard try reader.readRows(ofColumns: wanted, unnamed: [], findings: &told) else {
      findings.add(contentsOf: told.diagnostics)
      return
    }
    while try reader.advance() {
      let texts = reader.texts
      func value(_ position: Int?) -> String {
        position.flatMap { $0 < texts.count ? texts[$0] : nil } ?? ""
      }
      func value(_ column: Column) -> String { value(positions[column]) }
      guard !value(.number).isEmpty, !value(.holder).isEmpty else { continue }
      certificates += 1
      let issued = Self.day(value(.issued))
      add(scheme: value(.scheme), issued: issued, expires: Self.day(value(.expires)))
      add(
        batch: value(.batch), issued: issued, regency: value(.regency), province: value(.province),
        place: value(batchColumns.place))
    }
  }

  private mutating func add(scheme title: String, issued: CalendarDate?, expires: CalendarDate?) {
    guard !title.isEmpty else { return }
    // Titles that differ in signs or capitals alone are one.
    let key = headerKey(title)
    let position = schemePositions[key] ?? schemes.count
    if position == schemes.count {
      schemes.append(Scheme(title: title))
      schemePositions[key] = position
    }
    schemes[position].certificates += 1
    guard let issued else { return }
    schemes[position].first = min(schemes[position].first ?? issued, issued)
    if let expires {
      let years = Int((Double(expires.daysSinceEpoch - issued.daysSinceEpoch) / 365.25).rounded())
      schemes[position].years[years, default: 0] += 1
    }
  }

  private mutating func add(
    batch code: String, issued: CalendarDate?, regency: String, province: String, place: String
  ) {
    guard !code.isEmpty else { return }
    let position = batchPosition(code)
    batches[position].certificates += 1
    if batches[position].regency.isEmpty { batches[position].regency = regency }
    if batches[position].province.isEmpty { batches[position].province = province }
    if batches[position].place.isEmpty { batches[position].place = place }
    guard let issued else { return }
    let span = batches[position].issued ?? issued...issued
    batches[position].issued = min(span.lowerBound, issued)...max(span.upperBound, issued)
  }

  private mutating func batchPosition(_ code: String) -> Int {
    if let known = batchPositions[code] { return known }
    batchPositions[code] = batches.count
    batches.append(Batch(code: code))
    return batches.count - 1
  }

  // MARK: Lists of batches

  private mutating func takeBatches(
    _ reader: inout RowReader, _ columns: BatchColumns, findings: inout Findings
  ) throws(MachineFailure) {
    var told = Findings()
    let wanted = Set(columns.positions.values)
    guard try reader.readRows(ofColumns: wanted, unnamed: [], findings: &told) else {
      findings.add(contentsOf: told.diagnostics)
      return
    }
    while try reader.advance() {
      let texts = reader.texts
      func value(_ name: String) -> String {
        columns.positions[name].flatMap { $0 < texts.count ? texts[$0] : nil } ?? ""
      }
      let code = value("batch")
      guard !code.isEmpty else { continue }
      let position = batchPosition(code)
      batches[position].requestedBy = value("requested_by")
      if !value("regency").isEmpty { batches[position].regency = value("regency") }
      if !value("province").isEmpty { batches[position].province = value("province") }
      if !value("tuk").isEmpty { batches[position].place = value("tuk") }
      batches[position].from = Self.day(value("from"))
      batches[position].to = Self.day(value("to"))
    }
  }

  private static func day(_ text: String) -> CalendarDate? {
    do {
      return try RegistryDate.parse(Array(text.utf8)[...])
    } catch {
      return nil
    }
  }
}

/// Which headings are those of a list of batches.
struct BatchColumns {
  /// By the names of the list's own columns.
  private(set) var positions: [String: Int] = [:]

  init(_ headings: [String]) {
    for (position, heading) in headings.enumerated() {
      guard let column = Batch.shape.position(heading) else { continue }
      let name = Batch.shape.columns[column]
      positions[name] = positions[name] ?? position
    }
  }

  var count: Int { positions.count }

  /// Where the place of assessment stands.
  var place: Int? { positions["tuk"] }

  var isList: Bool { ["batch", "requested_by", "from"].allSatisfy { positions[$0] != nil } }
}
