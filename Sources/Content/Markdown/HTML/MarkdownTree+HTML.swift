import CCMark

extension MarkdownTree {
  /// Turns the harmless part of HTML into what Markdown would have made of it.
  mutating func readHTML(_ source: MarkdownSource) {
    guard source.text.holds("<") else { return }
    var leftOut: [(name: String, line: Int, column: Int)] = []
    let top = MarkdownNode(document)
    var next: MarkdownNode? = top
    while let node = next {
      if let html = node.children.first(where: \.isHTML) {
        var builder = HTMLBuilder(node, isOfBlocks: html.isBlock)
        let children = node.children
        for child in children { cmark_node_unlink(child.pointer) }
        builder.read(children)
        leftOut += builder.leftOut
        for remark in builder.remarks {
          let (line, column) = source.origin(line: remark.line, column: remark.column)
          remarks.append(MarkdownRemark(remark.kind, line: line, column: column))
        }
      }
      next = node.next(in: top, .goInside)
    }
    // What a block holds is read after the block; a text has its words from the top.
    leftOut.sort { ($0.line, $0.column) < ($1.line, $1.column) }
    guard let first = leftOut.first else { return }
    var names: [String] = []
    for part in leftOut where !names.contains(part.name) { names.append(part.name) }
    let (line, column) = source.origin(line: first.line, column: first.column)
    remarks.append(MarkdownRemark(.leftOut(names), line: line, column: column))
  }

  static func newList(isOrdered: Bool, start: Int32) -> OpaquePointer {
    let list = new(CMARK_NODE_LIST)
    cmark_node_set_list_type(list, isOrdered ? CMARK_ORDERED_LIST : CMARK_BULLET_LIST)
    if isOrdered { cmark_node_set_list_start(list, max(0, start)) }
    cmark_node_set_list_tight(list, 1)
    return list
  }

  /// Takes white space and breaks away from the end of a block.
  static func trim(_ node: OpaquePointer) {
    guard MarkdownNode(node).isBlock else { return }
    while let last = cmark_node_last_child(node) {
      let text = MarkdownNode(last)
      if text.type == CMARK_NODE_LINEBREAK {
        cmark_node_free(last)
      } else if text.type == CMARK_NODE_TEXT, text.literal.hasSuffix(" ") {
        let words = String(text.literal.reversed().drop { $0 == " " }.reversed())
        if !words.isEmpty {
          cmark_node_set_literal(last, words)
          return
        }
        cmark_node_free(last)
      } else {
        return
      }
    }
  }
}

extension MarkdownNode {
  var isHTML: Bool { type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE }

  var children: [MarkdownNode] {
    var children: [MarkdownNode] = []
    var child = cmark_node_first_child(pointer)
    while let here = child {
      children.append(MarkdownNode(here))
      child = cmark_node_next(here)
    }
    return children
  }

  /// Whether it holds nothing and so shows nothing; an empty cell keeps its place.
  var isEmpty: Bool {
    guard cmark_node_first_child(pointer) == nil else { return false }
    switch type {
    case CMARK_NODE_PARAGRAPH, CMARK_NODE_LIST, CMARK_NODE_HEADING, CMARK_NODE_BLOCK_QUOTE,
      CMARK_NODE_EMPH, CMARK_NODE_STRONG:
      return true
    case CMARK_NODE_CUSTOM_BLOCK: return ![.headingCell, .cell].contains(role.kind)
    default: return false
    }
  }
}
