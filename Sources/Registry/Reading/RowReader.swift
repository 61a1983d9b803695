import Diagnostics
import Files
import Input
import SystemPackage

/// Reads comma-, semicolon- or tab-separated values record by record from a file.
///
/// RFC 4180 with the liberties spreadsheets take: any line end, a byte order mark, a `sep=` line.
/// Memory follows the longest record, not the file.
struct RowReader: ~Copyable {
  /// One field of the current record, as a range of `buffer`.
  typealias Field = RecordScan.Field

  /// Why the current record is no list of fields.
  enum Malformation: Error {
    /// A quote that opens a field is never closed within the longest record allowed.
    case unclosedQuote
    /// Something other than a delimiter follows a closing quote; offset in `buffer`.
    case textAfterQuote(Int)
  }

  /// A record longer than this has a quote that somebody forgot to close.
  static let longestRecord = 1 << 20
  private static let chunk = 1 << 18
  /// The header and the titles above it end within so many bytes.
  static let lookAhead = 1 << 16

  /// Nil for a workbook, which has its own.
  private let descriptor: FileDescriptor?
  let displayPath: String
  private(set) var buffer: [UInt8] = []
  /// First byte of the record after the current one.
  private var next = 0
  private var filled = 0
  private var isAtEnd = false
  private var nextLine = 1

  /// The byte between fields.
  private(set) var delimiter: UInt8
  private(set) var fields: [Field] = []
  private(set) var malformation: Malformation?
  /// The current record in `buffer`, without its line end.
  private(set) var record = 0..<0
  /// The line on which the current record begins, from 1; in a workbook, its row.
  private(set) var line = 1
  /// Whether a blank row stands before the current record.
  var followsBlank = false
  /// How many rows of titles stood above the header.
  var titleCount = 0
  /// How many empty cells every row has behind the last column.
  private(set) var emptyCellsBehind = 0
  /// Nil for delimited text.
  var sheet: SheetState?

  /// Opens a file at its beginning.
  ///
  /// - Throws: `MachineFailure` when the file cannot be read.
  init(
    _ file: FilePath, displayPath path: String, delimiter: UInt8,
    limit: Int = InputFile.Limit.registry
  ) throws(MachineFailure) {
    descriptor = try InputFile.descriptor(file, displayPath: path, limit: limit)
    displayPath = path
    self.delimiter = delimiter
  }

  /// Begins a sheet of a workbook.
  init(_ sheet: Workbook.Sheet, of workbook: Workbook, displayPath path: String) {
    descriptor = nil
    displayPath = path
    delimiter = UInt8(ascii: ",")
    self.sheet = SheetState(workbook: workbook, sheet: sheet)
  }

  deinit {
    // A descriptor that was only read from has nothing to lose when closing fails.
    do { try descriptor?.close() } catch {}
  }

  /// Whether rows come from a sheet of a workbook.
  var isWorkbook: Bool { sheet != nil }

  /// The first bytes of the file, at most `count`, without consuming them.
  mutating func peek(_ count: Int) throws(MachineFailure) -> ArraySlice<UInt8> {
    while filled - next < count, !isAtEnd { try fill() }
    return buffer[next..<min(filled, next + count)]
  }

  /// Passes over bytes that belong to no record, such as a byte order mark.
  mutating func skip(_ count: Int) {
    next += count
  }

  /// Passes over the rest of the line, which must be among the peeked bytes.
  mutating func skipLine() {
    let end = endOfLine(from: next)
    next = end.next
    nextLine += end.lines
  }

  mutating func setDelimiter(_ delimiter: UInt8) {
    self.delimiter = delimiter
  }

  /// Moves to the next record that is not blank.
  ///
  /// - Returns: false at the end of the file.
  mutating func advance() throws(MachineFailure) -> Bool {
    followsBlank = false
    if isWorkbook { return try advanceInSheet() }
    while true {
      malformation = nil
      fields.removeAll(keepingCapacity: true)
      if next >= filled {
        if isAtEnd { return false }
        try fill()
        continue
      }
      guard let end = scanRecord() else {
        if !isAtEnd, filled - next <= Self.longestRecord {
          try fill()
          continue
        }
        // Without its closing quote the record has no end; the first line alone is passed over.
        malformation = .unclosedQuote
        take(endOfLine(from: next))
        return true
      }
      let isBlank = fields.allSatisfy { $0.range.isEmpty && !$0.isQuoted }
      take(end)
      if !isBlank { return true }
      followsBlank = true
    }
  }

  /// The texts of records that were peeked at, one after the other, if `delimiter` parts their fields.
  struct LookingAhead {
    fileprivate let buffer: [UInt8]
    fileprivate var index: Int
    fileprivate let limit: Int
    fileprivate let isAtEnd: Bool
    fileprivate let delimiter: UInt8

    /// The texts of the next record that is not blank; nil where no record ends.
    mutating func next() -> [String]? {
      while index < limit {
        var scan = RecordScan(
          index: index, limit: limit, isAtEnd: isAtEnd, delimiter: delimiter, fields: [])
        guard let end = buffer.withUnsafeBufferPointer({ scan.record(in: $0) }) else { return nil }
        index = end.next
        if scan.fields.allSatisfy({ $0.range.isEmpty && !$0.isQuoted }) { continue }
        return scan.fields.map { String(decoding: buffer[$0.range], as: UTF8.self) }
      }
      return nil
    }
  }

  /// Counts the empty cells behind the last column, if the next two rows have as many of them: a spreadsheet
  /// exports its whole width. One row with more fields than columns has a delimiter in a text.
  ///
  /// - Parameter titles: how many rows stand above the header, which is not reached yet.
  mutating func countEmptyCells(below titles: Int) {
    var ahead = lookingAhead(delimiter)
    for _ in 0..<titles { _ = ahead.next() }
    guard let header = ahead.next(), let first = ahead.next(), let second = ahead.next(),
      first.count == second.count, first.count > header.count,
      (first.dropFirst(header.count) + second.dropFirst(header.count)).allSatisfy(\.isEmpty)
    else { return }
    emptyCellsBehind = first.count - header.count
  }

  func lookingAhead(_ delimiter: UInt8) -> LookingAhead {
    LookingAhead(
      buffer: buffer, index: next, limit: min(filled, next + Self.lookAhead),
      isAtEnd: isAtEnd && filled - next <= Self.lookAhead, delimiter: delimiter)
  }

  /// Sets the delimiter to whichever of `,` `;` and tab gives the next record most fields.
  mutating func findDelimiter() throws(MachineFailure) {
    var best = (count: 0, delimiter: delimiter)
    for candidate in [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")] {
      delimiter = candidate
      fields.removeAll(keepingCapacity: true)
      while scanRecord() == nil, !isAtEnd, filled - next <= Self.longestRecord {
        try fill()
        fields.removeAll(keepingCapacity: true)
      }
      if fields.count > best.count { best = (fields.count, candidate) }
    }
    delimiter = best.delimiter
    malformation = nil
  }

  /// Appends the content of a field with doubled quotes made single.
  func append(_ field: Field, to bytes: inout [UInt8]) {
    guard field.hasDoubledQuotes else {
      bytes.append(contentsOf: buffer[field.range])
      return
    }
    var index = field.range.lowerBound
    while index < field.range.upperBound {
      bytes.append(buffer[index])
      index += buffer[index] == UInt8(ascii: "\"") ? 2 : 1
    }
  }

  // MARK: Records

  /// Takes a row of a sheet for the current record.
  mutating func setRow(_ row: SheetReader.Row, columns: Int) {
    buffer = row.text
    record = 0..<row.text.count
    line = row.number
    fields.removeAll(keepingCapacity: true)
    for _ in 0..<columns { fields.append(Field(range: 0..<0)) }
    for cell in row.cells where cell.column < columns { fields[cell.column].range = cell.range }
  }

  private mutating func take(_ end: RecordEnd) {
    record = next..<end.content
    line = nextLine
    next = end.next
    nextLine += end.lines
  }

  private func endOfLine(from start: Int) -> RecordEnd {
    let content = buffer[start..<filled].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? filled
    var after = min(content + 1, filled)
    if content + 1 < filled, buffer[content] == 0x0D, buffer[content + 1] == 0x0A { after += 1 }
    return RecordEnd(content: content, next: after, lines: 1)
  }

  /// Splits the record at `next` into fields; nil when its end is not in the buffer.
  private mutating func scanRecord() -> RecordEnd? {
    var scan = RecordScan(
      index: next, limit: filled, isAtEnd: isAtEnd, delimiter: delimiter, fields: fields)
    fields = []
    let end = buffer.withUnsafeBufferPointer { scan.record(in: $0) }
    fields = scan.fields
    if let offset = scan.textAfterQuote { malformation = .textAfterQuote(offset) }
    return end
  }

  /// Reads more of the file behind what is there, moving the unread part to the front.
  private mutating func fill() throws(MachineFailure) {
    let unread = filled - next
    var larger = [UInt8]()
    larger.reserveCapacity(unread + Self.chunk)
    larger.append(contentsOf: buffer[next..<filled])
    next = 0
    guard let descriptor else { return }
    do {
      let chunk = try [UInt8](unsafeUninitializedCapacity: Self.chunk) { bytes, count in
        count = try descriptor.read(into: UnsafeMutableRawBufferPointer(bytes))
      }
      isAtEnd = chunk.isEmpty
      larger.append(contentsOf: chunk)
    } catch {
      throw MachineFailure("read \(displayPath)", error as? Errno ?? .ioError)
    }
    buffer = larger
    filled = larger.count
  }
}
