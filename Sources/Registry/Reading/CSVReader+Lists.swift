import Diagnostics
import Input

/// What the readers of small lists beside the registry share.
extension CSVReader {
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
