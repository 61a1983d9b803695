public import SystemPackage

/// Where the registry lies and how its columns are called.
public struct RegistrySettings: Sendable {
  /// The file as the machine names it.
  public let file: FilePath
  /// The file as diagnostics show it.
  public let displayPath: String
  /// The table of an SQLite file; nil for delimited text.
  public let table: String?
  /// Header names used by the institution, for columns that are called otherwise there.
  public let columns: [Column: String]
  /// Headers of columns to pass over.
  public let ignored: [String]

  public init(
    file: FilePath, displayPath: String, table: String? = nil, columns: [Column: String] = [:],
    ignored: [String] = []
  ) {
    self.file = file
    self.displayPath = displayPath
    self.table = table
    self.columns = columns
    self.ignored = ignored
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
    return Column.allCases.first { columns[$0] == nil && $0.name == key }.map { .read($0) }
  }
}
