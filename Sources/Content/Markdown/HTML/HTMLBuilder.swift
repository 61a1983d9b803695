import CCMark

/// Builds the nodes of Markdown that HTML in a text stands for, from the content of one node.
///
/// What it does not know it leaves out, and keeps the words. Each node that it makes is in the tree at once, so
/// the tree owns all of them at any time.
struct HTMLBuilder {
  /// What an open element may hold.
  enum Content {
    case blocks, words, items, rows, cells, code
    /// Words that cannot be left for a block, as in a cell.
    case wordsAlone
  }

  struct Open {
    /// Empty where nobody wrote a tag.
    let name: String
    let node: OpaquePointer
    let content: Content
  }

  /// Deeper HTML is passed over, so that no text takes long.
  private static let deepest = 60

  var stack: [Open]
  /// The names of what was left out, each where it stands first.
  private(set) var leftOut: [(name: String, line: Int, column: Int)] = []
  private(set) var remarks: [MarkdownRemark] = []
  /// The element of which nothing is read.
  private var skipping: String?
  var place = (line: 0, column: 0)
  private let isLink: Bool

  init(_ parent: MarkdownNode, isOfBlocks: Bool) {
    stack = [Open(name: "", node: parent.pointer, content: isOfBlocks ? .blocks : .wordsAlone)]
    var node: MarkdownNode? = parent
    while let here = node, !here.isBlock, here.type != CMARK_NODE_LINK { node = here.parent }
    isLink = node?.type == CMARK_NODE_LINK
  }

  /// Reads what was taken out of the node, and puts it back as it is to be.
  mutating func read(_ children: [MarkdownNode]) {
    for (index, child) in children.enumerated() {
      guard child.isHTML else {
        if skipping == nil { add(child) } else { cmark_node_free(child.pointer) }
        continue
      }
      read(child.literal, of: child, before: children[(index + 1)...])
      cmark_node_free(child.pointer)
    }
    close(to: 1)
    MarkdownTree.trim(stack[0].node)
  }

  private mutating func read(
    _ html: String, of node: MarkdownNode, before rest: ArraySlice<MarkdownNode>
  ) {
    let start = node.place
    let parts = HTMLToken.parts(of: html)
    let bytes = Array(html.utf8)
    var (line, lineStart, counted) = (start.line, 0, 0)
    for (index, part) in parts.enumerated() {
      for place in counted..<part.offset where bytes[place] == UInt8(ascii: "\n") {
        line += 1
        lineStart = place + 1
      }
      counted = part.offset
      place = (line, part.offset - lineStart + (line == start.line ? start.column : 1))
      if let name = skipping {
        if part.token == .end(name: name) { skipping = nil }
        continue
      }
      switch part.token {
      case .text(let text):
        if index > 0, parts[..<index].allSatisfy({ $0.token == .unseen }), node.isBlock,
          text.contains(where: { !$0.isWhitespace })
        {
          remark(.textBehindComment)
        }
        add(text)
      case .start(let name, let attributes):
        if HTMLToken.isUnread(name) {
          leaveOut(name)
          let isClosed =
            parts[index...].contains { $0.token == .end(name: name) }
            || rest.contains { $0.isHTML && $0.literal.lowercased().contains("</\(name)") }
          if isClosed { skipping = name }
        } else {
          open(name, attributes)
        }
      case .end(let name): end(name)
      case .unseen: break
      case .instruction(let start): leaveOut(start)
      case .openComment: remark(.unclosedComment)
      }
    }
  }

  private mutating func remark(_ kind: MarkdownRemark.Kind) {
    remarks.append(MarkdownRemark(kind, line: place.line, column: place.column))
  }

  mutating func leaveOut(_ name: String) {
    if !leftOut.contains(where: { $0.name == name }) {
      leftOut.append((name, place.line, place.column))
    }
  }

  // MARK: Elements

  private mutating func open(_ name: String, _ attributes: [String: String]) {
    for attribute in attributes.keys.sorted() where attribute.hasPrefix("on") {
      leaveOut(attribute)
    }
    let element = HTMLElement(name)
    if stack.count > Self.deepest {
      leaveOut(name)
      return
    }
    switch element {
    case .emphasis: openWords(name, MarkdownTree.new(CMARK_NODE_EMPH))
    case .strong: openWords(name, MarkdownTree.new(CMARK_NODE_STRONG))
    case .struck: openWords(name, inline("del"), .struck)
    case .plain(let tag): openWords(name, inline(tag))
    case .link:
      guard let address = attributes["href"], !isLink, !stack.contains(where: { $0.name == "a" })
      else { return }
      let link = MarkdownTree.new(CMARK_NODE_LINK)
      cmark_node_set_url(link, address)
      cmark_node_set_title(link, attributes["title"] ?? "")
      openWords(name, link)
    case .picture: addPicture(attributes)
    case .lineBreak:
      if stack.last?.content == .code {
        add("\n")
      } else {
        append(MarkdownTree.new(CMARK_NODE_LINEBREAK))
      }
    case .rule:
      if enterBlocks() { appendBlock(MarkdownTree.new(CMARK_NODE_THEMATIC_BREAK)) }
    case .passedOver: break
    case .unknown(let isBlock):
      leaveOut(name)
      if isBlock { _ = enterBlocks() }
    default: openBlock(name, element, attributes)
    }
  }

  private mutating func openBlock(
    _ name: String, _ element: HTMLElement, _ attributes: [String: String]
  ) {
    switch element {
    case .item:
      guard enter(where: { $0.content == .items }) || openList() else { return }
      openBlock(name, MarkdownTree.new(CMARK_NODE_ITEM), .blocks)
    case .row:
      guard enter(where: { $0.content == .rows }) else { return breakLine() }
      openBlock(name, MarkdownTree.newBlock(.row), .cells)
    case .cell(let isHeading): openCell(name, isHeading: isHeading, attributes)
    case .tableCaption:
      guard enter(where: { $0.content == .rows }) else { return breakLine() }
      openBlock(name, MarkdownTree.newBlock(.tableCaption), .wordsAlone)
    case .figureCaption where enter(where: { $0.name == "figure" }):
      let caption = MarkdownTree.newBlock(
        .figureCaption, before: "<figcaption>", after: "</figcaption>")
      openBlock(name, caption, .wordsAlone)
    case .summary where enter(where: { $0.name == "details" }):
      let summary = MarkdownTree.newBlock(.details, before: "<summary>", after: "</summary>")
      openBlock(name, summary, .wordsAlone)
    default:
      guard enterBlocks() else { return }
      openFree(name, element, attributes)
    }
  }

  /// Opens a block that may stand anywhere among blocks.
  private mutating func openFree(
    _ name: String, _ element: HTMLElement, _ attributes: [String: String]
  ) {
    switch element {
    case .heading(let level):
      let heading = MarkdownTree.new(CMARK_NODE_HEADING)
      cmark_node_set_heading_level(heading, Int32(level))
      openBlock(name, heading, .words)
    case .quotation: openBlock(name, MarkdownTree.new(CMARK_NODE_BLOCK_QUOTE), .blocks)
    case .list(let isOrdered):
      let start = attributes["start"].flatMap { Int32($0) } ?? 1
      openBlock(name, MarkdownTree.newList(isOrdered: isOrdered, start: start), .items)
    case .code: openBlock(name, MarkdownTree.new(CMARK_NODE_CODE_BLOCK), .code)
    case .table:
      openBlock(name, MarkdownTree.newBlock(.table), .rows)
    case .figure:
      openBlock(
        name, MarkdownTree.newBlock(.figure, before: "<figure>", after: "</figure>"), .blocks)
    case .details:
      openBlock(
        name, MarkdownTree.newBlock(.details, before: "<details>", after: "</details>"), .blocks)
    default: openBlock(name, MarkdownTree.new(CMARK_NODE_PARAGRAPH), .words)
    }
  }

  private mutating func openList() -> Bool {
    guard enterBlocks() else { return false }
    openBlock("", MarkdownTree.newList(isOrdered: false, start: 1), .items)
    return true
  }

  private mutating func openCell(
    _ name: String, isHeading: Bool, _ attributes: [String: String]
  ) {
    if !enter(where: { $0.content == .cells }) {
      guard enter(where: { $0.content == .rows }) else { return breakLine() }
      openBlock("", MarkdownTree.newBlock(.row), .cells)
    }
    let kind: NodeRole.Kind = isHeading ? .headingCell : .cell
    let alignment = attributes["align"].flatMap { Table.Alignment(name: $0.lowercased()) }
    let width = min(attributes["colspan"].flatMap { Int($0) } ?? 1, TableReader.largestColumnCount)
    openBlock(name, MarkdownTree.newBlock(kind, value: alignment?.rawValue ?? 0), .wordsAlone)
    if width > 1, let row = stack.dropLast().last {
      let cell = stack.removeLast()
      for _ in 1..<width { cmark_node_append_child(row.node, MarkdownTree.newBlock(kind)) }
      stack.append(cell)
    }
  }

  private mutating func end(_ name: String) {
    if case .unknown(let isBlock) = HTMLElement(name) {
      if isBlock { _ = enterBlocks() }
      return
    }
    let isOfTable = ["table", "tr", "td", "th", "caption"].contains(name)
    for index in stack.indices.dropFirst().reversed() {
      if stack[index].name == name { return close(to: index) }
      if !isOfTable, stack[index].content == .wordsAlone { return }
    }
  }

  // MARK: Content

  private mutating func add(_ html: String) {
    let text = CharacterReference.decoded(html)
    if stack.last?.content == .code, let node = stack.last?.node {
      cmark_node_set_literal(node, MarkdownNode(node).literal + text)
      return
    }
    var words = ""
    for character in text {
      if !" \n\t\r".contains(character) {
        words.append(character)
      } else if words.last != " " {
        words.append(" ")
      }
    }
    let isBlank = words == " "
    if isBlank, let last = stack.last, last.content != .words, last.content != .wordsAlone {
      return
    }
    if words.first == " ", startsLine { words.removeFirst() }
    if !words.isEmpty { append(MarkdownTree.newText(words), .htmlText) }
  }

  private mutating func addPicture(_ attributes: [String: String]) {
    let words = attributes["alt"] ?? ""
    guard let address = attributes["src"] else {
      leaveOut("img")
      return add(words)
    }
    let picture = MarkdownTree.new(CMARK_NODE_IMAGE)
    cmark_node_set_url(picture, address)
    cmark_node_set_title(picture, attributes["title"] ?? "")
    cmark_node_append_child(picture, MarkdownTree.newText(words))
    append(picture)
  }

  /// Puts back what Markdown has made.
  private mutating func add(_ node: MarkdownNode) {
    if !node.isBlock { return append(node.pointer, isNew: false) }
    if enterBlocks() {
      cmark_node_append_child(stack[stack.count - 1].node, node.pointer)
    } else if node.type == CMARK_NODE_PARAGRAPH {
      MarkdownTree.moveContent(of: node.pointer) {
        cmark_node_append_child(stack[stack.count - 1].node, $0)
      }
      cmark_node_free(node.pointer)
    } else {
      cmark_node_append_child(stack[stack.count - 1].node, node.pointer)
    }
  }

  private mutating func openWords(
    _ name: String, _ node: OpaquePointer, _ kind: NodeRole.Kind = .other
  ) {
    append(node, kind)
    stack.append(Open(name: name, node: node, content: .words))
  }

  mutating func openBlock(_ name: String, _ node: OpaquePointer, _ content: Content) {
    appendBlock(node)
    stack.append(Open(name: name, node: node, content: content))
  }

  private mutating func appendBlock(_ node: OpaquePointer) {
    var role = MarkdownNode(node).role
    if role.kind == .none { role.kind = .other }
    let placed = NodeRole(role.kind, value: role.value, line: place.line, column: place.column)
    cmark_node_set_user_data(node, placed.pointer)
    cmark_node_append_child(stack[stack.count - 1].node, node)
  }

  /// Puts a node among words, in a paragraph, item or cell that nobody wrote if need be.
  mutating func append(
    _ node: OpaquePointer, _ kind: NodeRole.Kind = .other, isNew: Bool = true
  ) {
    switch stack[stack.count - 1].content {
    case .words, .wordsAlone: break
    case .blocks: openBlock("", MarkdownTree.new(CMARK_NODE_PARAGRAPH), .words)
    case .items:
      openBlock("", MarkdownTree.new(CMARK_NODE_ITEM), .blocks)
      return append(node, kind, isNew: isNew)
    case .rows:
      openBlock("", MarkdownTree.newBlock(.row), .cells)
      return append(node, kind, isNew: isNew)
    case .cells: openBlock("", MarkdownTree.newBlock(.cell), .wordsAlone)
    case .code:
      close(to: stack.count - 1)
      return append(node, kind, isNew: isNew)
    }
    if isNew {
      let role = NodeRole(kind, line: place.line, column: place.column)
      cmark_node_set_user_data(node, role.pointer)
    }
    cmark_node_append_child(stack[stack.count - 1].node, node)
  }

  private func inline(_ tag: String) -> OpaquePointer {
    let own = MarkdownTree.new(CMARK_NODE_CUSTOM_INLINE)
    cmark_node_set_on_enter(own, "<\(tag)>")
    cmark_node_set_on_exit(own, "</\(tag)>")
    return own
  }
}
