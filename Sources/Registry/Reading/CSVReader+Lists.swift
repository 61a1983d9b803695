import Diagnostics
import Files
import Input
import SystemPackage

/// What the readers of small lists beside the registry share.
extension CSVReader {
  /// Reads a list row by row.
  ///
  /// - Parameters:
  ///   - isHeader: whether texts are the names of its columns, as `headerKey` makes them.
  ///   - wrongHeader: the finding where they are not.
  ///   - take: gets every row that is well formed.
  /// - Returns: false, with findings, when it cannot be read or has errors.
  static func readList(
    _ file: FilePath, displayPath path: String, isHeader: ([String]) -> Bool,
    wrongHeader: Diagnostic, findings: inout Findings,
    take: (borrowing CSVReader, inout Findings) -> Void
  ) throws(MachineFailure) -> Bool {
    let before = findings.errorCount
    let limit = InputFile.Limit.list
    guard try InputFile.isFit(file, displayPath: path, limit: limit, findings: &findings) else {
      return false
    }
    var reader = try CSVReader(file, displayPath: path, delimiter: UInt8(ascii: ","))
    var header: [String] = []
    switch try reader.begin(CSVExcerpts(path: path, uses: [], noun: "list")) {
    case .header: header = reader.texts.map(headerKey)
    case .nothing: break
    case .unreadable(let finding):
      findings.add(finding)
      return false
    }
    guard isHeader(header) else {
      findings.add(wrongHeader)
      return false
    }
    let excerpts = CSVExcerpts(path: path, uses: header.map { _ in .ignored }, noun: "list")
    while try reader.advance() {
      guard let malformed = excerpts.malformation(in: reader) else {
        take(reader, &findings)
        continue
      }
      findings.add(malformed)
      if malformed.id == "not-utf8" { break }
    }
    return findings.errorCount == before
  }

  /// The record's fields as normalised texts; one with a forbidden character counts as empty.
  var texts: [String] {
    fields.map { field in
      var raw: [UInt8] = []
      append(field, to: &raw)
      var bytes: [UInt8] = []
      do throws(TextNormalizer.Problem) {
        try TextNormalizer.append(raw, to: &bytes)
      } catch {
        return ""
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  /// A finding at a field of the record, counted from 0.
  func finding(
    _ id: DiagnosticID, _ severity: Severity = .error, at position: Int, path: String,
    message: String, hint: String
  ) -> Diagnostic {
    func scalars(_ range: Range<Int>) -> Int {
      buffer[range].count { $0 & 0xC0 != 0x80 }
    }
    let field = fields[position].range
    let column = scalars(record.lowerBound..<field.lowerBound) + 1
    return Diagnostic(
      id, severity, at: SourceLocation(path: path, line: line, column: column), message: message,
      hint: hint,
      excerpt: Excerpt(
        line: String(decoding: buffer[record], as: UTF8.self), column: column,
        length: scalars(field)))
  }
}
