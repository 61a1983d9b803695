import CCMark

/// A text as libcmark gets it: the cells of its tables as paragraphs before it, its notes as items of lists.
///
/// So libcmark reads all of it as one document, in which every reference to a link is known.
struct MarkdownSource: Sendable {
  /// A table, whose cells are paragraphs of the text above, by the lines on which these begin.
  struct PlacedTable: Sendable {
    let head: [Int]
    let alignments: [Table.Alignment?]
    let rows: [[Int]]
    /// Words above and below it without an empty line.
    let lead: Int?
    let tail: Int?
    /// Whether a line of dashes follows, which is a line across the page and no heading's.
    let hasRule: Bool
  }

  private(set) var text: String
  let extensions: Set<MarkdownExtension>
  /// How many lines stand before the text.
  private(set) var linesBefore = 0
  /// By the lines on which the paragraphs begin in which they were written.
  private(set) var tables: [Int: PlacedTable] = [:]
  private(set) var notes: [Int: FootnoteLines.Note] = [:]
  /// What is to be said of the text, at lines and columns of it.
  private(set) var remarks: [MarkdownRemark] = []
  /// Where the lines before the text were written, and by how many bytes they moved.
  private var origins: [(line: Int, shift: Int)] = []
  /// What stands before the text.
  private var above = ""

  /// Keeps a cell from being read as a heading or a list. It counts as white space, as the beginning of a line does.
  static let guardian = "\u{A0}"

  init(_ body: String, extensions: Set<MarkdownExtension>) {
    text = body
    self.extensions = extensions
    if extensions.contains(.footnotes) {
      let found = FootnoteLines(body)
      notes = found.notes
      if !notes.isEmpty { text = found.lines.joined(separator: "\n") }
    }
    if extensions.contains(.tables), text.holds("--") || text.holds("|"), text.holds("-") {
      placeTables()
      text = above + text
      above = ""
    }
  }

  /// Where a place of the parsed text was written in the body, from 1; columns in bytes.
  func origin(line: Int, column: Int) -> (line: Int, column: Int) {
    if line > linesBefore {
      let own = line - linesBefore
      return (own, column + (notes[own]?.shift ?? 0))
    }
    guard line > 0, line <= origins.count else { return (1, 1) }
    return (origins[line - 1].line, max(1, column + origins[line - 1].shift))
  }

  // MARK: Tables

  private mutating func placeTables() {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var found: [(line: Int, content: [TextTable.Line], hasRule: Bool)] = []
    MarkdownTree(unread: text).walk { node in
      let isHeading = node.type == CMARK_NODE_HEADING
      guard isHeading || node.type == CMARK_NODE_PARAGRAPH else { return .goInside }
      let content = Self.content(of: node, lines: lines, isHeading: isHeading)
      if content.count > 1 { found.append((node.lines.first, content, isHeading)) }
      return .passOver
    }
    for paragraph in found { place(paragraph.content, at: paragraph.line, paragraph.hasRule) }
  }

  private mutating func place(_ content: [TextTable.Line], at line: Int, _ hasRule: Bool) {
    guard let (table, own) = TextTable.find(in: content) else { return }
    let width = table.alignments.count
    guard width <= TableReader.largestColumnCount, table.rows.count <= TableReader.largestRowCount
    else {
      remarks.append(
        MarkdownRemark(
          .largeTable(rows: table.rows.count, columns: width), line: table.head.line, column: 1))
      return
    }
    for row in table.rows where row.cells.count > width {
      remarks.append(
        MarkdownRemark(
          .longRow(cells: row.cells.count, columns: width), line: row.line,
          column: row.cells[width].column + 1))
    }
    let words = content[..<own.lowerBound].drop { $0.text.contains(/^\[[^\]]+\]:/) }
    let lead = words.isEmpty ? nil : append(words.map { ($0.text[...], $0.number, $0.indent) })
    let rest = content[own.upperBound...]
    let tail = rest.isEmpty ? nil : append(rest.map { ($0.text[...], $0.number, $0.indent) })
    func placed(_ row: TextTable.Row) -> [Int] {
      row.cells.prefix(width).map { append([($0.text[...], row.line, $0.column)]) }
    }
    let head = placed(table.head)
    tables[line] = PlacedTable(
      head: head, alignments: table.alignments, rows: table.rows.map(placed), lead: lead,
      tail: tail, hasRule: hasRule)
  }

  /// Puts a paragraph before the text; returns the line on which it begins.
  private mutating func append(_ lines: [(text: Substring, line: Int, indent: Int)]) -> Int {
    let first = linesBefore + 1
    for (index, line) in lines.enumerated() {
      // Lines that are indented so far go on with a paragraph, whatever they begin with.
      let margin = index == 0 ? Self.guardian : "    "
      above += margin + line.text + "\n"
      origins.append((line.line, line.indent - margin.utf8.count))
    }
    above += "\n"
    origins.append((lines.last?.line ?? 1, 0))
    linesBefore = origins.count
    return first
  }

  /// The lines of a paragraph or of a heading that is underlined, without what contains it.
  private static func content(
    of node: MarkdownNode, lines: [Substring], isHeading: Bool
  ) -> [TextTable.Line] {
    let first = node.lines.first
    guard first > 0, first <= lines.count, node.lines.last > first else { return [] }
    var quotations = 0
    var parent = node.parent
    while let here = parent {
      if here.type == CMARK_NODE_BLOCK_QUOTE { quotations += 1 }
      parent = here.parent
    }
    var content: [TextTable.Line] = []
    for number in first...min(node.lines.last, lines.count) {
      let line = lines[number - 1]
      var rest = line
      var open = quotations
      if number == first {
        rest = Substring(line.utf8.dropFirst(max(0, node.columns.first - 1)))
        open = 0
      } else {
        while let next = rest.first, next == " " || next == "\t" || next == ">" && open > 0 {
          if next == ">" { open -= 1 }
          rest = rest.dropFirst()
        }
      }
      if isHeading, number > first, rest.contains(/^(=+|-+)[ \t]*$/) { break }
      if rest.allSatisfy(\.isWhitespace) { break }
      content.append(
        TextTable.Line(
          number: number, indent: line.utf8.count - rest.utf8.count, text: rest,
          isIndented: quotations == 0 && node.columns.first == 1 && line.hasPrefix("    "),
          isLazy: open > 0))
    }
    return content
  }
}
