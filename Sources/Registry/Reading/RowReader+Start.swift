import Diagnostics

/// The beginning of a file, before its first row.
extension RowReader {
  /// What a file begins with.
  enum Beginning {
    /// The reader stands at the header row.
    case header
    /// There is no record.
    case nothing
    case unreadable(Diagnostic)
  }

  /// How many known columns make a row the header: three, or else two, since a line of titles may have two.
  static let headerColumns = [3, 2]

  /// How many rows of titles may stand above the header.
  static let mostTitles = 50

  /// Passes over a byte order mark, a `sep=` line and rows of titles, finds the delimiter, and moves to the
  /// header.
  ///
  /// - Parameter knownColumns: how many of some texts are names of columns. The header is the first row with
  ///   three of them, or else with two; the first row of all where none has.
  mutating func begin(
    _ excerpts: RowExcerpts, knownColumns: ([String]) -> Int
  ) throws(MachineFailure) -> Beginning {
    if isWorkbook { return try beginSheet(knownColumns: knownColumns) }
    let start = Array(try peek(512))
    if let kind = ForeignFile(start) { return .unreadable(excerpts.foreign(kind)) }
    if isUTF16(start.prefix(4)) { return .unreadable(excerpts.utf16) }
    if start.starts(with: [0xEF, 0xBB, 0xBF]) { skip(3) }
    let named = try separatorLine()
    let titles = try findHeader(named, knownColumns: knownColumns)
    if titles == nil, named == nil, let sign = try foreignDelimiter(knownColumns: knownColumns) {
      return .unreadable(excerpts.foreignDelimiter(sign))
    }
    countEmptyCells(below: titles ?? 0)
    for _ in 0..<(titles ?? 0) { _ = try advance() }
    guard try advance() else { return .nothing }
    if String(validating: buffer[record], as: UTF8.self) == nil {
      return .unreadable(excerpts.notUTF8(in: self))
    }
    if malformation != nil, let malformed = excerpts.malformation(in: self) {
      return .unreadable(malformed)
    }
    titleCount = titles ?? 0
    return .header
  }

  private func isUTF16(_ start: ArraySlice<UInt8>) -> Bool {
    start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) || start.contains(0)
  }

  /// Excel's `sep=;` line, consumed, and the delimiter it names; saved again, it may end in more of them.
  private mutating func separatorLine() throws(MachineFailure) -> UInt8? {
    let start = Array(try peek(512))
    guard start.count >= 6, String(decoding: start[..<4], as: UTF8.self).lowercased() == "sep=",
      let end = start.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }), end > 4,
      start[4..<end].allSatisfy({ $0 == start[4] })
    else { return nil }
    skipLine()
    return start[4]
  }

  /// Sets the delimiter, and finds how many rows of titles stand above the header.
  ///
  /// - Returns: nil where no row is a header; the delimiter is then the one with most fields in the first row.
  private mutating func findHeader(
    _ named: UInt8?, knownColumns: ([String]) -> Int
  ) throws(MachineFailure) -> Int? {
    let candidates = named.map { [$0] } ?? Self.delimiters
    var best: (titles: Int, known: Int, delimiter: UInt8)?
    for candidate in candidates {
      let found = try header(candidate, knownColumns: knownColumns)
      guard let found, best.map({ found.known > $0.known }) ?? true else { continue }
      best = (found.titles, found.known, candidate)
    }
    if let best {
      setDelimiter(best.delimiter)
      return best.titles
    }
    if let named { setDelimiter(named) } else { try findDelimiter() }
    return nil
  }

  private static let delimiters = Array(",;\t".utf8)

  /// A sign that parts the columns of this file, and is no delimiter.
  private mutating func foreignDelimiter(
    knownColumns: ([String]) -> Int
  ) throws(MachineFailure) -> String? {
    for sign in "|^~!:".utf8 where try header(sign, knownColumns: knownColumns) != nil {
      return String(decoding: [sign], as: UTF8.self)
    }
    return nil
  }

  /// The first of the next rows with two known columns, if fields are parted by `delimiter`: how many rows
  /// stand above it, and how many columns are known. No row below it is looked at.
  private mutating func header(
    _ delimiter: UInt8, knownColumns: ([String]) -> Int
  ) throws(MachineFailure) -> (titles: Int, known: Int)? {
    _ = try peek(Self.lookAhead)
    for enough in Self.headerColumns {
      var ahead = lookingAhead(delimiter)
      for titles in 0...Self.mostTitles {
        guard let texts = ahead.next() else { break }
        let known = knownColumns(texts)
        if known >= enough { return (titles, known) }
      }
    }
    return nil
  }
}
