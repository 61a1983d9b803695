import Diagnostics
import Input
import SystemPackage

/// A registry in a delimited text file.
struct CSVSource: RegistrySource {
  let settings: RegistrySettings
  let delimiter: UInt8
  /// What to do with each column, in the order of the file.
  let uses: [ColumnUse]
  private let firstRow: RowPosition
  private let identity: FileIdentity

  var placeName: String { "line" }

  /// Opens the file and reads its header; nil when that is not possible, with findings.
  static func open(
    _ settings: RegistrySettings, findings: inout Findings
  ) throws(MachineFailure) -> CSVSource? {
    let identity = try FileIdentity(settings.file, shownAs: settings.shownAs)
    var reader = try CSVReader(
      settings.file, shownAs: settings.shownAs, delimiter: UInt8(ascii: ","))
    let excerpts = CSVExcerpts(path: settings.shownAs, uses: [])
    switch try reader.begin(excerpts) {
    case .header: break
    case .nothing:
      findings.add(
        Diagnostic(
          "empty-registry", at: SourceLocation(path: settings.shownAs),
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
    return CSVSource(
      settings: settings, delimiter: reader.delimiter, uses: uses,
      firstRow: reader.nextPosition, identity: identity)
  }

  func bytes(from start: RowPosition, to end: RowPosition?) throws(MachineFailure) -> [UInt8]? {
    guard try FileIdentity(settings.file, shownAs: settings.shownAs) == identity else {
      throw MachineFailure("build", reason: "the registry changed while it was being read")
    }
    let end = end?.offset ?? identity.size
    guard start.offset <= end else { return nil }
    let ranges = [0..<firstRow.offset, start.offset..<end]
    let descriptor = try InputFile.descriptor(
      settings.file, shownAs: settings.shownAs, limit: InputFile.Limit.registry)
    do {
      return try descriptor.closeAfter {
        try [UInt8](unsafeUninitializedCapacity: ranges.reduce(0) { $0 + $1.count }) {
          buffer, count in
          for range in ranges {
            let room = UnsafeMutableBufferPointer(rebasing: buffer[count..<count + range.count])
            count += try descriptor.read(
              fromAbsoluteOffset: Int64(range.lowerBound), into: UnsafeMutableRawBufferPointer(room)
            )
          }
        }
      }
    } catch {
      throw MachineFailure("read \(settings.shownAs)", error as? Errno ?? .ioError)
    }
  }

  func walk(
    from start: RowPosition?, findings: inout Findings,
    visit: (inout RowText, RowPosition, inout [RowProblem]) -> Bool
  ) throws(MachineFailure) {
    let start = start ?? firstRow
    var reader = try CSVReader(
      settings.file, shownAs: settings.shownAs, delimiter: delimiter, at: start.offset,
      line: start.place)
    let excerpts = CSVExcerpts(path: settings.shownAs, uses: uses)
    var row = RowText()
    var problems: [RowProblem] = []
    var scratch: [UInt8] = []
    while try reader.advance() {
      if let malformed = excerpts.malformation(in: reader) {
        findings.add(malformed)
        if malformed.id == "not-utf8" { return }
        continue
      }
      problems.removeAll(keepingCapacity: true)
      row.startRow()
      fill(&row, from: reader, scratch: &scratch, problems: &problems)
      let position = RowPosition(offset: reader.offset, place: reader.line)
      // A row with an unprintable character is still checked for everything else.
      let goesOn = visit(&row, position, &problems)
      for problem in problems {
        findings.add(excerpts.diagnostic(for: problem, in: reader))
      }
      if !goesOn { return }
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
