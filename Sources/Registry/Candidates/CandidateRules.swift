import Diagnostics
import Input

/// A row of a list of candidates, in normal form.
struct CandidateRow {
  private var values = [String](repeating: "", count: CandidateColumn.allCases.count)
  private var positions = [Int?](repeating: nil, count: CandidateColumn.allCases.count)
  /// Characters that cannot be printed, and where they stand.
  private(set) var forbidden: [CandidateColumn: TextNormalizer.Problem] = [:]

  init(_ reader: borrowing RowReader, _ columns: [CandidateColumn?]) {
    for (position, column) in columns.enumerated() {
      guard let column else { continue }
      var raw: [UInt8] = []
      reader.append(reader.fields[position], to: &raw)
      positions[column.rawValue] = position
      var bytes: [UInt8] = []
      do throws(TextNormalizer.Problem) {
        try TextNormalizer.append(raw, to: &bytes)
        values[column.rawValue] = String(decoding: bytes, as: UTF8.self)
      } catch {
        forbidden[column] = error
      }
    }
  }

  subscript(column: CandidateColumn) -> String { values[column.rawValue] }

  func position(of column: CandidateColumn) -> Int? { positions[column.rawValue] }

  /// What makes two rows the same person for the same scheme; nil for a row without a name.
  var identity: [String]? {
    guard !self[.name].isEmpty, forbidden.isEmpty else { return nil }
    return CandidateColumn.allCases.map { asciiLowercased(self[$0]) }
  }
}

/// A rule that a candidate's row breaks.
struct CandidateProblem {
  let column: CandidateColumn
  let id: DiagnosticID
  var severity = Severity.error
  let message: String
  let hint: String
}

/// The rules of one row of a list of candidates.
struct CandidateRules {
  /// The codes of the schemes, in their order.
  let codes: [String]
  private let titles: [String]
  /// By code or title, in small letters.
  private let positions: [String: Int]

  init(schemes: [Scheme]) {
    codes = schemes.map(\.code)
    titles = schemes.flatMap { $0.editions.all.flatMap { $0.value.title.texts.values } }.sorted()
    var positions: [String: Int] = [:]
    for (position, scheme) in schemes.enumerated() {
      for name in scheme.names.dropFirst() { positions[asciiLowercased(name)] = position }
    }
    // A code wins over a title that looks like it.
    for (position, code) in codes.enumerated() { positions[asciiLowercased(code)] = position }
    self.positions = positions
  }

  func scheme(named text: String) -> Int? { positions[asciiLowercased(text)] }

  /// Everything that is wrong with a row by itself.
  func problems(in row: CandidateRow) -> [CandidateProblem] {
    CandidateColumn.allCases.flatMap { column -> [CandidateProblem] in
      if let problem = row.forbidden[column] { return [forbidden(problem, in: column)] }
      let text = row[column]
      if text.isEmpty || TextDamage.isDash(Array(text.utf8)[...]) {
        return CandidateColumn.required.contains(column) ? [missing(column)] : []
      }
      return problems(with: text, in: column)
    }
  }

  private func problems(with text: String, in column: CandidateColumn) -> [CandidateProblem] {
    var problems: [CandidateProblem] = []
    func broken(_ id: DiagnosticID, _ message: String, _ hint: String) {
      problems.append(CandidateProblem(column: column, id: id, message: message, hint: hint))
    }
    if let first = text.utf8.first, "=+-@".utf8.contains(first) {
      broken(
        "formula-in-text",
        "A \(column.name) is text, and one that begins with = + - or @ is a formula to every"
          + " spreadsheet that opens it",
        "write the \(column.name) without that character")
    }
    if let damage = TextDamage.find(in: Array(text.utf8)[...], as: column.damageKind) {
      problems.append(
        CandidateProblem(
          column: column, id: damage.id, severity: damage.severity, message: damage.message,
          hint: damage.hint))
      if damage.severity == .error { return problems }
    }
    if column == .scheme {
      if scheme(named: text) == nil {
        let meant = suggestion(for: text, among: codes + titles)
        broken(
          "unknown-scheme", "A scheme is named by its code or title in schemes.yml",
          (meant.map { "did you mean `\($0)`? " } ?? "")
            + "the codes are \(codes.joined(separator: ", "))")
      }
    } else if column == .certificate
      ? PersonalData.isIdentity(Array(text.utf8)[...]) : PersonalData.stands(in: text)
    {
      broken(
        "personal-data-in-text",
        "A list that goes by mail has no identity number, telephone number or e-mail address of"
          + " anybody",
        "remove it from the \(column.name) before you send the list on")
    }
    return problems
  }

  private func missing(_ column: CandidateColumn) -> CandidateProblem {
    CandidateProblem(
      column: column, id: "empty-required-field", message: "Every candidate has a \(column.name)",
      hint: "fill in the \(column.name), or take the row out")
  }

  private func forbidden(
    _ problem: TextNormalizer.Problem, in column: CandidateColumn
  ) -> CandidateProblem {
    CandidateProblem(
      column: column, id: "forbidden-character",
      message: "Text that is printed has no control, invisible or direction-changing characters",
      hint: "remove \(problem.name) from the \(column.name); typing it anew removes what cannot be"
        + " seen")
  }
}

extension Scheme {
  /// What a list may call it: its code, then its titles in every edition and language.
  public var names: [String] {
    [code] + editions.all.flatMap { $0.value.title.texts.values.sorted() }
  }
}
