/// A table written in the text: rows of cells between pipes, as GitHub's Markdown has them.
struct TextTable: Sendable {
  struct Cell: Sendable {
    let text: String
    /// Where it begins, in bytes from the beginning of the line.
    let column: Int
  }

  struct Row: Sendable {
    let cells: [Cell]
    /// In the text, from 1.
    let line: Int
  }

  /// A line of a paragraph without what contains the paragraph.
  struct Line {
    let number: Int
    /// Bytes before it in its line.
    let indent: Int
    let text: Substring
    /// Whether it is indented so far that it can only go on with the line above.
    var isIndented = false
    /// Whether it continues a quotation without saying so.
    var isLazy = false
  }

  let head: Row
  let alignments: [Table.Alignment?]
  let rows: [Row]

  /// The table in the lines of a paragraph, and which of the lines are its own; nil where there is none.
  static func find(in lines: [Line]) -> (table: TextTable, lines: Range<Int>)? {
    for index in lines.indices.dropFirst() where !lines[index].isLazy && !lines[index].isIndented {
      guard let alignments = alignments(of: lines[index].text) else { continue }
      let head = row(lines[index - 1])
      guard head.cells.count == alignments.count else { continue }
      let behind = lines[(index + 1)...]
      let end = behind.firstIndex { $0.isLazy } ?? lines.endIndex
      let table = TextTable(
        head: head, alignments: alignments, rows: lines[(index + 1)..<end].map(row))
      return (table, index - 1..<end)
    }
    return nil
  }

  /// What a row of dashes says of the columns; nil for any other line.
  static func alignments(of line: Substring) -> [Table.Alignment?]? {
    guard line.utf8.allSatisfy({ "-:| \t".utf8.contains($0) }), line.contains("-") else {
      return nil
    }
    var alignments: [Table.Alignment?] = []
    for cell in cells(of: line, indent: 0) {
      guard cell.text.wholeMatch(of: /:?-+:?/) != nil else { return nil }
      switch (cell.text.hasPrefix(":"), cell.text.hasSuffix(":")) {
      case (true, true): alignments.append(.center)
      case (true, false): alignments.append(.left)
      case (false, true): alignments.append(.right)
      case (false, false): alignments.append(nil)
      }
    }
    return alignments
  }

  private static func row(_ line: Line) -> Row {
    Row(cells: cells(of: line.text, indent: line.indent), line: line.number)
  }

  /// The cells between pipes; a pipe with a backslash before it is part of a cell, in code too.
  private static func cells(of line: Substring, indent: Int) -> [Cell] {
    let bytes = Array(line.utf8)
    let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    var end = bytes.endIndex
    while end > 0, isBlank(bytes[end - 1]) { end -= 1 }
    var cells: [Cell] = []
    var start = 0
    while start < end, isBlank(bytes[start]) { start += 1 }
    if start < end, bytes[start] == UInt8(ascii: "|") { start += 1 }
    while start < end {
      var index = start
      var text: [UInt8] = []
      while index < end, bytes[index] != UInt8(ascii: "|") {
        let isEscape = bytes[index] == UInt8(ascii: "\\") && index + 1 < end
        let hidesPipe = isEscape && bytes[index + 1] == UInt8(ascii: "|")
        if !hidesPipe { text.append(bytes[index]) }
        if isEscape {
          text.append(bytes[index + 1])
          index += 1
        }
        index += 1
      }
      let lead = text.prefix(while: isBlank).count
      while let last = text.last, isBlank(last) { text.removeLast() }
      cells.append(
        Cell(
          text: String(decoding: text.dropFirst(lead), as: UTF8.self),
          column: indent + start + lead))
      start = index + 1
    }
    return cells
  }
}
