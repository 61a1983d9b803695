/// Where a record ends in a buffer.
package struct RecordEnd {
  /// End of the content.
  package let content: Int
  /// First byte of the next record.
  package let next: Int
  /// Lines that the record takes.
  package let lines: Int

  package init(content: Int, next: Int, lines: Int) {
    self.content = content
    self.next = next
    self.lines = lines
  }
}

/// One walk over the bytes of a record, splitting it into fields.
///
/// RFC 4180 with any line end; what the fields mean is the caller's business.
package struct RecordScan {
  /// One field of a record, as a range of the bytes.
  package struct Field {
    /// The content without its surrounding quotes.
    package var range: Range<Int>
    package var isQuoted = false
    /// Whether the content has doubled quotes that stand for one.
    package var hasDoubledQuotes = false

    package init(range: Range<Int>) {
      self.range = range
    }
  }

  private var index: Int
  /// End of the bytes that are there.
  private let limit: Int
  /// Whether nothing follows `limit` in the file.
  private let isAtEnd: Bool
  private let delimiter: UInt8
  package private(set) var fields: [Field]
  /// Where text follows a closing quote, if it does.
  package private(set) var textAfterQuote: Int?
  private var lines = 1

  /// - Parameter fields: an empty list whose storage is used again.
  package init(index: Int, limit: Int, isAtEnd: Bool, delimiter: UInt8, fields: [Field]) {
    self.index = index
    self.limit = limit
    self.isAtEnd = isAtEnd
    self.delimiter = delimiter
    self.fields = fields
  }

  /// Nil when the record does not end before `limit` and more may follow.
  package mutating func record(in bytes: UnsafeBufferPointer<UInt8>) -> RecordEnd? {
    while true {
      var field = Field(range: index..<index)
      if index < limit, bytes[index] == UInt8(ascii: "\"") {
        guard quotedContent(of: &field, in: bytes) else { return nil }
      }
      let start = index
      while index < limit, !isFieldEnd(bytes[index]) { index += 1 }
      if !field.isQuoted { field.range = start..<index }
      if index == limit, !isAtEnd { return nil }
      fields.append(field)
      if index == limit { return RecordEnd(content: limit, next: limit, lines: lines) }
      if bytes[index] == delimiter {
        index += 1
        continue
      }
      return lineEnd(in: bytes)
    }
  }

  private func isFieldEnd(_ byte: UInt8) -> Bool {
    byte == delimiter || byte == 0x0A || byte == 0x0D
  }

  /// Passes over a quoted field; false when its end is not there yet.
  private mutating func quotedContent(
    of field: inout Field, in bytes: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let quote = UInt8(ascii: "\"")
    index += 1
    let start = index
    while true {
      guard index < limit else { return false }
      if bytes[index] == quote {
        if index + 1 == limit, !isAtEnd { return false }
        guard index + 1 < limit, bytes[index + 1] == quote else { break }
        field.hasDoubledQuotes = true
        index += 1
      } else if bytes[index] == 0x0A {
        lines += 1
      }
      index += 1
    }
    field.isQuoted = true
    field.range = start..<index
    index += 1
    while index < limit, bytes[index] == 0x20 { index += 1 }
    if index < limit, !isFieldEnd(bytes[index]), textAfterQuote == nil { textAfterQuote = index }
    return true
  }

  private func lineEnd(in bytes: UnsafeBufferPointer<UInt8>) -> RecordEnd? {
    guard bytes[index] == 0x0D else {
      return RecordEnd(content: index, next: index + 1, lines: lines)
    }
    if index + 1 == limit, !isAtEnd { return nil }
    let isPair = index + 1 < limit && bytes[index + 1] == 0x0A
    return RecordEnd(content: index, next: index + (isPair ? 2 : 1), lines: lines)
  }
}
