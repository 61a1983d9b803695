public import SystemPackage

/// Where the registry lies and how its columns are called.
public struct RegistrySettings: Sendable {
  /// The file as the machine names it.
  public let file: FilePath
  /// The file as diagnostics show it.
  public let displayPath: String
  /// The table of an SQLite file; nil for delimited text and workbooks.
  public let table: String?
  /// The sheets of a workbook; nil for all that have the header.
  public let sheets: [String]?
  /// Header names used by the institution, for columns that are called otherwise there.
  public let columns: [Column: String]
  /// Headers of columns to pass over.
  public let ignored: [String]
  /// Whether `status_reason` is published, so that it may hold nobody's personal data.
  public let publishesReasons: Bool
  /// Whether the site is a specimen, where people and numbers are invented.
  public let isSpecimen: Bool

  public init(
    file: FilePath, displayPath: String, table: String? = nil, sheets: [String]? = nil,
    columns: [Column: String] = [:],
    ignored: [String] = [], publishesReasons: Bool = false,
    isSpecimen: Bool = true
  ) {
    self.file = file
    self.displayPath = displayPath
    self.table = table
    self.sheets = sheets
    self.columns = columns
    self.ignored = ignored
    self.publishesReasons = publishesReasons
    self.isSpecimen = isSpecimen
  }
}

extension RegistrySettings {
  /// What is to be done with a column of the file, by its header; nil for an unknown header.
  func use(ofHeader header: String) -> ColumnUse? {
    if header.allSatisfy(\.isWhitespace) { return .unnamed }
    let key = headerKey(header)
    if let column = columns.first(where: { headerKey($0.value) == key })?.key {
      return .read(column)
    }
    // Personal data wins over `ignored`, so that the build says it was left out.
    if PersonalData.isNamed(by: header) { return .personal }
    if ignored.contains(where: { headerKey($0) == key }) { return .ignored }
    let known = Column.allCases.first { $0.name == key } ?? Column.otherNames[key]
    if let known, columns[known] == nil { return .read(known) }
    return Column.leftOut.contains(key) ? .ignored : nil
  }
}
