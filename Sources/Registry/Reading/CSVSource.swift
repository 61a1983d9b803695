import Diagnostics
import Files
import Input

/// A registry in a delimited text file.
struct CSVSource: RegistrySource, RowFinder {
  let settings: RegistrySettings
  /// What to do with each column, in the order of the file.
  let uses: [ColumnUse]
  /// Of the file that was opened.
  private let signature: StatSignature?

  var placeName: String { "line" }
  var finder: any RowFinder { self }

  /// Opens the file and reads its header; nil when that is not possible, with findings.
  static func open(
    _ settings: RegistrySettings, findings: inout Findings
  ) throws(MachineFailure) -> CSVSource? {
    let signature = try signature(settings)
    var reader = try CSVReader(
      settings.file, displayPath: settings.displayPath, delimiter: UInt8(ascii: ","))
    let excerpts = CSVExcerpts(path: settings.displayPath, uses: [])
    switch try reader.begin(excerpts) {
    case .header: break
    case .nothing:
      findings.add(
        Diagnostic(
          "empty-registry", at: SourceLocation(path: settings.displayPath),
          message: "The first row of a registry names its columns",
          hint: "export the registry again, with its header row"))
      return nil
    case .unreadable(let finding):
      findings.add(finding)
      return nil
    }
    guard let uses = HeaderRow(settings: settings).uses(of: reader, findings: &findings) else {
      return nil
    }
    return CSVSource(settings: settings, uses: uses, signature: signature)
  }

  func walk(
    findings: inout Findings, visit: (RowText, Int, inout [RowProblem]) -> Void
  ) throws(MachineFailure) {
    let excerpts = CSVExcerpts(path: settings.displayPath, uses: uses)
    var row = RowText()
    var problems: [RowProblem] = []
    var scratch: [UInt8] = []
    var reader = try readerBehindHeader()
    while try reader.advance() {
      if let malformed = excerpts.malformation(in: reader) {
        findings.add(malformed)
        if malformed.id == "not-utf8" { return }
        continue
      }
      problems.removeAll(keepingCapacity: true)
      row.clear()
      // A row with an unprintable character is still checked for everything else.
      fill(&row, from: reader, scratch: &scratch, problems: &problems)
      visit(row, reader.line, &problems)
      for problem in problems {
        findings.add(excerpts.diagnostic(for: problem, in: reader))
      }
    }
    try checkUnchanged()
  }

  func diagnostics(for problems: [Int: [RowProblem]]) throws(MachineFailure) -> [Diagnostic] {
    var found: [Diagnostic] = []
    var remaining = problems.count
    guard remaining > 0 else { return [] }
    let excerpts = CSVExcerpts(path: settings.displayPath, uses: uses)
    var reader = try readerBehindHeader()
    while remaining > 0, try reader.advance() {
      guard let own = problems[reader.line] else { continue }
      for problem in own { found.append(excerpts.diagnostic(for: problem, in: reader)) }
      remaining -= 1
    }
    try checkUnchanged()
    return found
  }

  private func readerBehindHeader() throws(MachineFailure) -> CSVReader {
    var reader = try CSVReader(
      settings.file, displayPath: settings.displayPath, delimiter: UInt8(ascii: ","))
    _ = try reader.begin(CSVExcerpts(path: settings.displayPath, uses: []))
    return reader
  }

  /// What was read in pieces must be one file, as it was when its header was read.
  private func checkUnchanged() throws(MachineFailure) {
    guard try Self.signature(settings) == signature else {
      throw MachineFailure(
        "read \(settings.displayPath)", reason: "it was changed meanwhile; try again")
    }
  }

  private static func signature(
    _ settings: RegistrySettings
  ) throws(MachineFailure) -> StatSignature? {
    do {
      return try FileStatus(settings.file, followsLinks: true)?.signature
    } catch {
      throw MachineFailure("read \(settings.displayPath)", error)
    }
  }

  private func fill(
    _ row: inout RowText, from reader: borrowing CSVReader, scratch: inout [UInt8],
    problems: inout [RowProblem]
  ) {
    for (field, use) in zip(reader.fields, uses) {
      guard case .read(let column) = use, !field.range.isEmpty else { continue }
      do throws(TextNormalizer.Problem) {
        if field.hasDoubledQuotes {
          scratch.removeAll(keepingCapacity: true)
          reader.append(field, to: &scratch)
          try row.set(column, to: scratch)
        } else {
          try row.set(column, to: reader.buffer[field.range])
        }
      } catch {
        problems.append(RowProblem(error, in: column))
      }
    }
  }
}
