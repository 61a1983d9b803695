import Diagnostics

/// The beginning of a file, before its first record.
extension CSVReader {
  /// What a file begins with.
  enum Beginning {
    /// The reader stands at the header row.
    case header
    /// There is no record.
    case nothing
    case unreadable(Diagnostic)
  }

  /// Passes over a byte order mark and a `sep=` line, finds the delimiter, and moves to the header.
  mutating func begin(_ excerpts: CSVExcerpts) throws(MachineFailure) -> Beginning {
    if isUTF16(try peek(4)) { return .unreadable(excerpts.utf16) }
    if try peek(3).elementsEqual([0xEF, 0xBB, 0xBF]) { skip(3) }
    if let named = try separatorLine() {
      setDelimiter(named)
    } else {
      try findDelimiter()
    }
    guard try advance() else { return .nothing }
    if String(validating: buffer[record], as: UTF8.self) == nil {
      return .unreadable(excerpts.notUTF8(in: self))
    }
    if malformation != nil, let malformed = excerpts.malformation(in: self) {
      return .unreadable(malformed)
    }
    return .header
  }

  private func isUTF16(_ start: ArraySlice<UInt8>) -> Bool {
    start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) || start.contains(0)
  }

  /// Excel's `sep=;` line, consumed, and the delimiter it names.
  private mutating func separatorLine() throws(MachineFailure) -> UInt8? {
    let start = Array(try peek(7))
    guard start.count >= 6, String(decoding: start[..<4], as: UTF8.self).lowercased() == "sep=",
      start[5] == 0x0A || start[5] == 0x0D
    else { return nil }
    skipLine()
    return start[4]
  }
}
