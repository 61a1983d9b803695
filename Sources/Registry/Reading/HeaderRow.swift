import Diagnostics
import Input

/// Decides from the header row what every column is for.
struct HeaderRow {
  let settings: RegistrySettings

  /// How many columns of a registry some texts name.
  func knownColumns(_ texts: [String]) -> Int { columns(texts).count }

  /// Whether some texts are the header of a sheet with certificates.
  func isRegister(_ texts: [String]) -> Bool { columns(texts).isSuperset(of: [.number, .holder]) }

  private func columns(_ texts: [String]) -> Set<Column> {
    Set(
      texts.compactMap { text in
        if case .read(let column) = settings.use(ofHeader: text) { column } else { nil }
      })
  }

  /// The use of each column, or nil when the header has errors.
  func uses(of reader: borrowing RowReader, findings: inout Findings) -> [ColumnUse]? {
    let names = reader.fields.map { field in
      var bytes: [UInt8] = []
      reader.append(field, to: &bytes)
      return String(decoding: bytes, as: UTF8.self)
    }
    let path = settings.displayPath
    if reader.isWorkbook {
      let cells = names.indices.map { reader.cell($0) }
      return uses(ofNames: names, findings: &findings) { index in
        (
          SourceLocation(path: path, place: cells[index]),
          Excerpt.alone(PersonalData.masked(names[index]))
        )
      }
    }
    let starts = reader.fields.map { $0.range.lowerBound }
    let recordStart = reader.record.lowerBound
    let buffer = reader.buffer
    let headerLine = reader.line
    return uses(ofNames: names, findings: &findings) { index in
      let column = buffer[recordStart..<starts[index]].count { $0 & 0xC0 != 0x80 } + 1
      return (
        SourceLocation(path: path, line: headerLine, column: column),
        Excerpt.alone(PersonalData.masked(names[index]))
      )
    }
  }

  /// The same for names that come from anywhere; `place` says where the name at a position stands.
  func uses(
    ofNames names: [String], findings: inout Findings,
    place: (Int) -> (SourceLocation, Excerpt?)
  ) -> [ColumnUse]? {
    let before = findings.errorCount
    guard names.contains(where: { settings.use(ofHeader: $0).map { $0 != .unnamed } ?? false })
    else {
      findings.add(
        Diagnostic(
          "missing-header", at: place(0).0,
          message: "The first row of a registry names its columns, and no column has a known name",
          hint: "add the row with number, holder, scheme, issued and so on; columns that are called"
            + " otherwise are mapped under registry.columns in site.yml"))
      return nil
    }
    var uses: [ColumnUse] = []
    for (index, name) in names.enumerated() {
      let use = settings.use(ofHeader: name)
      if let finding = finding(for: use, named: name, taken: uses, place: place(index)) {
        findings.add(finding)
      }
      uses.append(use ?? .ignored)
    }
    for column in Column.required where !uses.contains(.read(column)) {
      findings.add(missing(column, at: place(0).0))
    }
    for (column, name) in settings.columns.sorted(by: { $0.key.rawValue < $1.key.rawValue })
    where !uses.contains(.read(column)) && !Column.required.contains(column) {
      findings.add(
        Diagnostic(
          "missing-column", at: place(0).0,
          message: "site.yml maps \(column.name) to a column that the registry has",
          hint: "there is no column `\(name)`: correct registry.columns in site.yml"))
    }
    guard findings.errorCount == before else { return nil }
    noteLeftOut(zip(names, uses).filter { $0.1 == .personal }.map(\.0), findings: &findings)
    return uses
  }

  private func finding(
    for use: ColumnUse?, named name: String, taken: [ColumnUse], place: (SourceLocation, Excerpt?)
  ) -> Diagnostic? {
    switch use {
    case .read(let column) where taken.contains(.read(column)):
      return Diagnostic(
        "duplicate-column", at: place.0, message: "Each column stands once in a registry",
        hint: "remove one of the columns for \(column.name), or list it under registry.ignore",
        excerpt: place.1)
    case .read(let column) where PersonalData.isNamed(by: name):
      return Diagnostic(
        "personal-data-mapped", at: place.0,
        message: "Columns with personal data that no certificate prints are never read",
        hint: "map \(column.name) in site.yml to another column", excerpt: place.1)
    case .some:
      return nil
    case nil:
      let known = Column.allCases.map { settings.columns[$0] ?? $0.name }
      let meant = suggestion(for: name, among: known) ?? likely(name)?.name
      return Diagnostic(
        "unknown-column", at: place.0,
        message: "The columns of a registry are \(known.joined(separator: ", "))",
        hint: (meant.map { "did you mean `\($0)`? Else map" } ?? "map")
          + " `\(PersonalData.masked(name))` under registry.columns in site.yml, or list it under registry.ignore",
        excerpt: place.1)
    }
  }

  /// The column that an office's heading most likely is, by the headings that are known.
  func likely(_ name: String) -> Column? {
    suggestion(for: headerKey(name), among: Column.otherNames.keys.sorted()).flatMap {
      Column.otherNames[$0]
    }
  }

  private func missing(_ column: Column, at location: SourceLocation) -> Diagnostic {
    let name = settings.columns[column] ?? column.name
    return Diagnostic(
      "missing-column", at: location,
      message: "A registry has the columns number, holder, scheme and issued",
      hint: "add the column `\(name)`, or say under registry.columns in site.yml how it is called")
  }

  private func noteLeftOut(_ names: [String], findings: inout Findings) {
    guard !names.isEmpty else { return }
    let list = names.map { "`\(visible($0))`" }.joined(separator: ", ")
    findings.note(
      "left out of everything, as personal data that no certificate prints: \(list)")
  }
}
