import CCMark

extension MarkdownTree {
  /// Puts the tables of a text where they were written, and the cells into them.
  mutating func placeTables(_ source: MarkdownSource) {
    guard source.linesBefore > 0 else { return }
    var paragraphs: [Int: OpaquePointer] = [:]
    while let first = cmark_node_first_child(document),
      case let line = MarkdownNode(first).lines.first, line <= source.linesBefore
    {
      cmark_node_unlink(first)
      Self.dropGuardian(of: first)
      paragraphs[line] = first
    }
    var places: [(node: OpaquePointer, table: MarkdownSource.PlacedTable)] = []
    walk { node in
      guard node.type == CMARK_NODE_PARAGRAPH || node.type == CMARK_NODE_HEADING else {
        return .goInside
      }
      if let table = source.tables[node.lines.first - source.linesBefore] {
        places.append((node.pointer, table))
      }
      return .passOver
    }
    for (node, table) in places {
      func put(_ line: Int?) {
        guard let line, let paragraph = paragraphs.removeValue(forKey: line) else { return }
        cmark_node_insert_before(node, paragraph)
      }
      put(table.lead)
      let own = Self.newBlock(.table)
      for (place, row) in ([table.head] + table.rows).enumerated() {
        let cells = Self.newBlock(.row)
        cmark_node_append_child(own, cells)
        for (column, line) in row.enumerated() {
          let alignment = table.alignments[column]?.rawValue ?? 0
          let cell = Self.newBlock(place == 0 ? .headingCell : .cell, value: alignment)
          cmark_node_append_child(cells, cell)
          guard let paragraph = paragraphs.removeValue(forKey: line) else { continue }
          Self.moveContent(of: paragraph) { cmark_node_append_child(cell, $0) }
          cmark_node_free(paragraph)
        }
      }
      cmark_node_insert_before(node, own)
      put(table.tail)
      if table.hasRule {
        cmark_node_insert_before(node, Self.new(CMARK_NODE_THEMATIC_BREAK))
      }
      cmark_node_free(node)
    }
    for paragraph in paragraphs.values { cmark_node_free(paragraph) }
  }

  private static func dropGuardian(of paragraph: OpaquePointer) {
    guard let text = cmark_node_first_child(paragraph),
      case let literal = MarkdownNode(text).literal, literal.hasPrefix(MarkdownSource.guardian)
    else { return }
    if literal.unicodeScalars.count == 1 {
      cmark_node_free(text)
    } else {
      cmark_node_set_literal(text, String(literal.unicodeScalars.dropFirst()))
    }
  }

  /// Turns tables into HTML, once everything in their cells is what it will be.
  mutating func renderTables(allowsRawHTML: Bool) {
    var tables: [MarkdownNode] = []
    walk { node in
      if node.isOfKind(.table) { tables.append(node) }
      return node.isOfKind(.table) ? .passOver : .goInside
    }
    for node in tables {
      let (table, caption) = Self.table(in: node, allowsRawHTML: allowsRawHTML)
      let own = Self.newBlock(.none, before: table.html(caption: caption))
      Self.replace(node.pointer, own)
    }
  }

  private static func table(
    in node: MarkdownNode, allowsRawHTML: Bool
  ) -> (table: Table, caption: String) {
    var headings: [Table.Cell] = []
    var alignments: [Table.Alignment?] = []
    var rows: [[Table.Cell]] = []
    var caption = ""
    var row = cmark_node_first_child(node.pointer)
    while let here = row {
      row = cmark_node_next(here)
      if MarkdownNode(here).isOfKind(.tableCaption) {
        caption = MarkdownNode(here).plainText()
        continue
      }
      var cells: [Table.Cell] = []
      var isHead = rows.isEmpty && headings.isEmpty
      var places: [Table.Alignment?] = []
      var cell = cmark_node_first_child(here)
      while let part = cell {
        cell = cmark_node_next(part)
        let html = html(of: part, allowsRawHTML: allowsRawHTML)
        cells.append(
          Table.Cell(text: MarkdownNode(part).plainText(), html: html.trimmingLineEnds))
        isHead = isHead && MarkdownNode(part).isOfKind(.headingCell)
        places.append(Table.Alignment(rawValue: MarkdownNode(part).role.value))
      }
      if isHead {
        (headings, alignments) = (cells, places)
      } else {
        rows.append(cells)
      }
    }
    return (Table(headings: headings, rows: rows, alignments: alignments), caption)
  }
}

extension String {
  fileprivate var trimmingLineEnds: String {
    var text = self[...]
    while text.last == "\n" { text.removeLast() }
    while text.first == "\n" { text.removeFirst() }
    return String(text)
  }
}
