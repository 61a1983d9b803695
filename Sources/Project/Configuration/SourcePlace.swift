import Diagnostics
import Files
import Input

/// Where a value stands, for findings that come after its file was read.
struct SourcePlace: Sendable {
  let file: SourceFile
  let line: Int
  let column: Int
  let length: Int

  init(_ value: YAMLValue, in file: SourceFile) {
    self.file = file
    line = value.line
    column = value.column
    length = max(1, value.text?.unicodeScalars.count ?? 1)
  }

  func diagnostic(_ id: DiagnosticID, message: String, hint: String) -> Diagnostic {
    file.diagnostic(
      id, line: line, column: column, length: length, message: message, hint: hint)
  }
}
