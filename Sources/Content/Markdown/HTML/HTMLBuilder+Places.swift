import CCMark

/// Where the next part of HTML goes.
extension HTMLBuilder {
  /// Closes what cannot hold a block; false, after a break of the line, where no block may stand.
  mutating func enterBlocks() -> Bool {
    for index in stack.indices.reversed() {
      switch stack[index].content {
      case .words, .code: continue
      case .wordsAlone:
        close(to: index + 1)
        breakLine()
        return false
      case .blocks: close(to: index + 1)
      case .items:
        close(to: index + 1)
        openBlock("", MarkdownTree.new(CMARK_NODE_ITEM), .blocks)
      case .rows, .cells:
        close(to: index + 1)
        if stack[index].content == .rows {
          openBlock("", MarkdownTree.newBlock(.row), .cells)
        }
        openBlock("", MarkdownTree.newBlock(.cell), .wordsAlone)
        return false
      }
      return true
    }
    return false
  }

  /// Goes back to the innermost element of a kind, within the same table; false where there is none.
  mutating func enter(where isWanted: (Open) -> Bool) -> Bool {
    for index in stack.indices.reversed() {
      if isWanted(stack[index]) {
        close(to: index + 1)
        return true
      }
      if stack[index].name == "table" { return false }
    }
    return false
  }

  mutating func breakLine() {
    if !startsLine { append(MarkdownTree.new(CMARK_NODE_LINEBREAK)) }
  }

  var startsLine: Bool {
    let top = stack[stack.count - 1]
    guard top.content == .words || top.content == .wordsAlone else { return true }
    guard let last = cmark_node_last_child(top.node) else {
      // What emphasis and links begin with goes on with the line.
      return MarkdownNode(top.node).isBlock
    }
    return cmark_node_get_type(last) == CMARK_NODE_LINEBREAK
  }

  mutating func close(to count: Int) {
    while stack.count > count {
      let last = stack.removeLast()
      MarkdownTree.trim(last.node)
      if MarkdownNode(last.node).isEmpty { cmark_node_free(last.node) }
    }
  }
}
