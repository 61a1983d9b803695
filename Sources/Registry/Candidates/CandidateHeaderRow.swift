import Diagnostics

/// Decides from the header row of a list of candidates what every column is for.
struct CandidateHeaderRow {
  let path: String

  /// How many columns of a list some texts name.
  func knownColumns(_ texts: [String]) -> Int { columns(texts).count }

  /// Whether some texts name all that a list cannot do without.
  func isList(_ texts: [String]) -> Bool {
    columns(texts).isSuperset(of: CandidateColumn.required)
  }

  private func columns(_ texts: [String]) -> Set<CandidateColumn> {
    Set(texts.compactMap { CandidateColumn(key: CandidateHeader(Array($0.utf8)).key) })
  }

  /// The columns in the order of the file, nil for what is left out; or nil when the header has
  /// errors. Beside them, what that means to excerpts.
  func columns(
    of reader: borrowing RowReader, findings: inout Findings
  ) -> (columns: [CandidateColumn?], uses: [ColumnUse])? {
    let headers = reader.fields.map { field in
      var bytes: [UInt8] = []
      reader.append(field, to: &bytes)
      return CandidateHeader(bytes)
    }
    let known = headers.map {
      PersonalData.isNamed(byWords: $0.words) ? nil : CandidateColumn(key: $0.key)
    }
    guard known.contains(where: { $0 != nil }) else {
      findings.add(
        finding(
          "missing-header", at: nil, in: reader,
          message: "The first row of a list names its columns, and no column has a known name",
          hint: "add the row \(Self.names)"))
      return nil
    }
    let before = findings.errorCount
    var taken: Set<CandidateColumn> = []
    for (position, header) in headers.enumerated() {
      if let column = known[position] {
        if !taken.insert(column).inserted {
          findings.add(
            finding(
              "duplicate-column", at: position, in: reader,
              message: "Each column stands once in a list",
              hint: "remove one of the columns for \(column.name)"))
        }
      } else if PersonalData.isNamed(byWords: header.words) {
        findings.add(
          finding(
            "personal-data-column", at: position, in: reader,
            message: "A list that goes by mail has no identity number, birth, address, telephone or"
              + " e-mail of anybody",
            hint: "remove the column before you send the list on; identity papers are asked for at"
              + " the assessment"))
      } else if header.text?.isEmpty != true, !CandidateColumn.rowNumbers.contains(header.key) {
        findings.add(unknown(header, at: position, in: reader))
      }
    }
    for column in CandidateColumn.required where !taken.contains(column) {
      findings.add(
        finding(
          "missing-column", at: nil, in: reader,
          message: "A list has the columns name, scheme, regency and province",
          hint: "add the column `\(column.name)` (`\(column.indonesianName)`)"))
    }
    guard findings.errorCount == before else { return nil }
    // What numbers the rows is passed over; what has no name must be empty.
    return (known, headers.map { $0.text?.isEmpty == true ? .unnamed : .read(.number) })
  }

  private static let names = CandidateColumn.allCases.map(\.name).joined(separator: ",")

  private func unknown(
    _ header: CandidateHeader, at position: Int, in reader: borrowing RowReader
  ) -> Diagnostic {
    let names = CandidateColumn.allCases.flatMap { [$0.name, $0.indonesianName] }
    let meant = suggestion(for: header.key, among: names)
    return finding(
      "unknown-column", at: position, in: reader,
      message: "The columns of a list are \(names.joined(separator: ", "))",
      hint: (meant.map { "did you mean `\($0)`? Else remove" } ?? "remove")
        + " the column, or write what is in it into note")
  }

  /// A finding at a heading, which is shown without the others; at the row where there is none.
  private func finding(
    _ id: DiagnosticID, at position: Int?, in reader: borrowing RowReader, message: String,
    hint: String
  ) -> Diagnostic {
    RowExcerpts(path: path, uses: [.ignored], blot: { PersonalData.blotted($0) })
      .finding(id, at: position, in: reader, message: message, hint: hint)
  }
}
