import Diagnostics
import Input

/// A row of a list of candidates, in normal form.
struct CandidateRow {
  private var values = [String](repeating: "", count: CandidateColumn.allCases.count)
  private var positions = [Int?](repeating: nil, count: CandidateColumn.allCases.count)
  /// Characters that cannot be printed, and where they stand.
  private(set) var forbidden: [CandidateColumn: TextNormalizer.Problem] = [:]

  init(_ reader: borrowing CSVReader, _ columns: [CandidateColumn?]) {
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
      if text.isEmpty {
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
    if column == .certificate, isRounded(text) {
      broken(
        "rounded-number",
        "A certificate number keeps all its digits, and the spreadsheet rounded this one",
        "format the column as text in the spreadsheet, enter the number again, and export")
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
      ? PersonalData.isIdentityNumber(text) : PersonalData.stands(in: text)
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

  /// Whether the text looks like `1,31347E+21`.
  private func isRounded(_ text: String) -> Bool {
    text.utf8.contains(UInt8(ascii: "+")) && text.utf8.contains { $0 == 0x45 || $0 == 0x65 }
      && text.utf8.allSatisfy("0123456789.,Ee+".utf8.contains)
  }
}

extension Scheme {
  /// What a list may call it: its code, then its titles in every edition and language.
  public var names: [String] {
    [code] + editions.all.flatMap { $0.value.title.texts.values.sorted() }
  }
}

/// Personal data that stands where it does not belong.
extension PersonalData {
  /// Whether a text in normal form has an e-mail address, or as many digits in a row as identity and
  /// telephone numbers have.
  static func stands(in text: String) -> Bool { !places(in: Array(text.unicodeScalars)).isEmpty }

  /// Whether it is a NIK and nothing else: sixteen digits.
  static func isIdentityNumber(_ text: String) -> Bool {
    text.utf8.count == 16 && text.utf8.allSatisfy { (48...57).contains($0) }
      || text.unicodeScalars.contains("@") && stands(in: text)
  }

  /// A text with all of it blotted out.
  static func blotted(_ text: String) -> String {
    var scalars = Array(text.unicodeScalars)
    for place in places(in: scalars).reversed() {
      scalars.replaceSubrange(place, with: "•••".unicodeScalars)
    }
    var blotted = String.UnicodeScalarView()
    blotted.append(contentsOf: scalars)
    return masked(String(blotted))
  }

  private static func places(in scalars: [Unicode.Scalar]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var index = 0
    while index < scalars.count {
      if let end = endOfNumber(from: index, in: scalars) {
        found.append(index..<end)
        index = end
      } else if scalars[index] == "@", let place = address(around: index, in: scalars) {
        found.append(max(place.lowerBound, found.last?.upperBound ?? 0)..<place.upperBound)
        index = place.upperBound
      } else {
        index += 1
      }
    }
    return found
  }

  /// Nine digits or more, with at most one space, dot or dash between two of them.
  private static func endOfNumber(from start: Int, in scalars: [Unicode.Scalar]) -> Int? {
    func isDigit(_ index: Int) -> Bool {
      index < scalars.count && ("0"..."9").contains(scalars[index])
    }
    guard isDigit(start) else { return nil }
    var end = start + 1
    var digits = 1
    while true {
      if isDigit(end) {
        end += 1
      } else if end < scalars.count, [" ", ".", "-"].contains(scalars[end]), isDigit(end + 1) {
        end += 2
      } else {
        break
      }
      digits += 1
    }
    return digits >= 9 ? end : nil
  }

  private static func address(around sign: Int, in scalars: [Unicode.Scalar]) -> Range<Int>? {
    func belongs(_ scalar: Unicode.Scalar) -> Bool {
      !scalar.properties.isWhitespace && !["@", "\"", "'", ",", ";"].contains(scalar)
    }
    var start = sign
    while start > 0, belongs(scalars[start - 1]) { start -= 1 }
    var end = sign + 1
    while end < scalars.count, belongs(scalars[end]) { end += 1 }
    return start < sign && end > sign + 1 ? start..<end : nil
  }
}
