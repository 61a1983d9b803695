public import Diagnostics
import Files
public import SystemPackage

/// A list of people whom an agency or a group would like to have assessed.
///
/// It comes by mail from people who made it in a spreadsheet. The page `/request/` checks it in the
/// browser by the same rules (`templates/assets/request/candidates.js`); a test compares the two.
public struct CandidateList: Sendable {
  /// How many candidates there are for each scheme, by its code, in the order of the schemes.
  public private(set) var schemes: [(code: String, count: Int)] = []
  /// How many rows name somebody.
  public private(set) var count = 0

  /// The names of the columns, in English and in Indonesian.
  public static var columns: [(name: String, indonesianName: String)] {
    CandidateColumn.allCases.map { ($0.name, $0.indonesianName) }
  }

  /// One assessor examines about so many people.
  public static let peopleForOneAssessor = 10

  /// More than anybody asks for at once; larger lists come in parts.
  public static let most = 500

  /// How many assessors it takes.
  public var assessors: Int {
    schemes.reduce(0) {
      $0 + ($1.count + Self.peopleForOneAssessor - 1) / Self.peopleForOneAssessor
    }
  }

  /// Reads and checks a list.
  ///
  /// - Returns: nil when there is no such file; what is wrong with it is among the findings.
  /// - Throws: `MachineFailure` when the file is there and cannot be read.
  public static func check(
    _ file: FilePath, displayPath path: String, schemes: [Scheme], findings: inout Findings
  ) throws(MachineFailure) -> CandidateList? {
    guard try SourceFile.exists(file, displayPath: path) else {
      findings.add(
        Diagnostic(
          "missing-file", at: SourceLocation(path: path), message: "There is no such file",
          hint: "name the list that was sent, as in `canting batch check candidates.csv`"))
      return nil
    }
    let headerRow = CandidateHeaderRow(path: path)
    let found = try RowFile(file, displayPath: path, limit: InputFile.Limit.list).firstTable(
      excerpts: excerpts(path, []), emptyFile: empty(path), knownColumns: headerRow.knownColumns,
      isTable: headerRow.isList, findings: &findings)
    guard var reader = found else { return CandidateList() }
    let header = headerRow.columns(of: reader, findings: &findings)
    guard let header else { return CandidateList() }
    let isRead = try reader.readRows(
      ofColumns: Set(header.columns.indices.filter { header.columns[$0] != nil }),
      unnamed: Set(header.uses.indices.filter { header.uses[$0] == .unnamed }), findings: &findings)
    guard isRead else { return CandidateList() }
    var list = CandidateList()
    try list.walk(
      &reader, header.columns, excerpts(path, header.uses), CandidateRules(schemes: schemes),
      findings: &findings)
    return list
  }

  private static func excerpts(_ path: String, _ uses: [ColumnUse]) -> RowExcerpts {
    RowExcerpts(
      path: path, uses: uses, noun: "list of candidates", blot: { PersonalData.blotted($0) })
  }

  private static func empty(_ path: String) -> Diagnostic {
    Diagnostic(
      "empty-list", at: SourceLocation(path: path),
      message: "A list of candidates has a row for each of them, below one with the columns' names",
      hint: "add the candidates, or take the list from the page /request/")
  }

  private mutating func walk(
    _ reader: inout RowReader, _ columns: [CandidateColumn?], _ excerpts: RowExcerpts,
    _ rules: CandidateRules, findings: inout Findings
  ) throws(MachineFailure) {
    var counts = [Int](repeating: 0, count: rules.codes.count)
    var known: [[String]: String] = [:]
    var rows = 0
    while try reader.advance() {
      rows += 1
      if rows > Self.most {
        findings.add(
          excerpts.finding(
            "too-many-candidates", at: nil, in: reader,
            message: "A list has at most \(Self.most) candidates", hint: "send it in parts"))
        break
      }
      if let malformed = excerpts.malformation(in: reader) {
        findings.add(malformed)
        if malformed.id == "not-utf8" { return }
        continue
      }
      count += 1
      let flaws = reader.sheet?.flaws ?? []
      for (position, flaw) in flaws where header(columns, position) {
        let words = flaw.words
        findings.add(
          excerpts.finding(
            words.id, at: position, in: reader, message: words.message, hint: words.hint))
      }
      let row = CandidateRow(reader, columns)
      for problem in rules.problems(in: row) {
        findings.add(
          excerpts.finding(
            problem.id, problem.severity, at: row.position(of: problem.column), in: reader,
            message: problem.message, hint: problem.hint))
      }
      if let scheme = rules.scheme(named: row[.scheme]) { counts[scheme] += 1 }
      guard let identity = row.identity else { continue }
      if let line = known[identity] {
        findings.add(
          excerpts.finding(
            "duplicate-candidate", .warning, at: row.position(of: .name), in: reader,
            message: "A candidate stands once in a list for each scheme; \(line) has this one",
            hint: "remove one of the rows; two people with one name are told apart in the column"
              + " note"))
      } else {
        known[identity] = "\(reader.isWorkbook ? "row" : "line") \(reader.line)"
      }
    }
    if rows == 0 { findings.add(Self.empty(excerpts.path)) }
    schemes = zip(rules.codes, counts).filter { $1 > 0 }.map { (code: $0, count: $1) }
    noteAssessors(excerpts.path, findings: &findings)
  }

  /// Whether a position has a column of the list.
  private func header(_ columns: [CandidateColumn?], _ position: Int) -> Bool {
    columns.indices.contains(position) && columns[position] != nil
  }

  private func noteAssessors(_ path: String, findings: inout Findings) {
    let sum = schemes.reduce(0) { $0 + $1.count }
    guard sum > Self.peopleForOneAssessor else { return }
    findings.add(
      Diagnostic(
        "several-assessors", .note, at: SourceLocation(path: path),
        message: "One assessor examines about \(Self.peopleForOneAssessor) people in one scheme:"
          + " these \(sum) need about \(assessors) assessors",
        hint: "say so in the answer, or plan several days"))
  }
}
