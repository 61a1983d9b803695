import CCMark

/// A node of a `MarkdownTree`, to look at while the tree hands it out.
struct MarkdownNode: Equatable {
  /// Where a walk goes from a node.
  enum Step {
    case goInside
    case passOver
  }

  let pointer: OpaquePointer

  init(_ pointer: OpaquePointer) {
    self.pointer = pointer
  }

  var type: cmark_node_type { cmark_node_get_type(pointer) }
  var isBlock: Bool { type.rawValue <= CMARK_NODE_LAST_BLOCK.rawValue }
  var literal: String { Self.string(cmark_node_get_literal(pointer)) }
  var destination: String { Self.string(cmark_node_get_url(pointer)) }
  var title: String { Self.string(cmark_node_get_title(pointer)) }
  /// The words behind the fence of a code block.
  var fenceInfo: String { Self.string(cmark_node_get_fence_info(pointer)) }
  var headingLevel: Int { Int(cmark_node_get_heading_level(pointer)) }
  var parent: MarkdownNode? { cmark_node_parent(pointer).map(MarkdownNode.init) }

  /// The texts in which a reference such as `&amp;` stands as what it means.
  var decodedTexts: [String] {
    switch type {
    case CMARK_NODE_TEXT: [literal]
    case CMARK_NODE_LINK, CMARK_NODE_IMAGE: [title]
    case CMARK_NODE_CODE_BLOCK: [fenceInfo]
    default: []
    }
  }

  /// Lines of the parsed text, from 1; 0 where libcmark knows none.
  var lines: (first: Int, last: Int) {
    (Int(cmark_node_get_start_line(pointer)), Int(cmark_node_get_end_line(pointer)))
  }

  /// Columns in bytes, from 1.
  var columns: (first: Int, last: Int) {
    (Int(cmark_node_get_start_column(pointer)), Int(cmark_node_get_end_column(pointer)))
  }

  /// Whether a line of the page begins with it.
  var startsLine: Bool {
    guard let before = cmark_node_previous(pointer) else { return parent?.isBlock ?? true }
    let type = cmark_node_get_type(before)
    return type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK
  }

  /// All that it holds, if that is one node.
  var onlyChild: MarkdownNode? {
    guard let child = cmark_node_first_child(pointer), cmark_node_next(child) == nil else {
      return nil
    }
    return MarkdownNode(child)
  }

  /// The picture that is all a paragraph holds.
  var onlyPicture: MarkdownNode? {
    guard type == CMARK_NODE_PARAGRAPH, let child = onlyChild, child.type == CMARK_NODE_IMAGE
    else { return nil }
    return child
  }

  /// The picture that is all a paragraph holds, by itself or as a link.
  var onlyPictureOrLinkOfOne: MarkdownNode? {
    guard type == CMARK_NODE_PARAGRAPH, let child = onlyChild else { return nil }
    let inner = child.type == CMARK_NODE_LINK ? child.onlyChild : child
    return inner.flatMap { $0.type == CMARK_NODE_IMAGE ? $0 : nil }
  }

  /// The words at and below this node, as plain text.
  ///
  /// - Parameter isSummary: leaves out pictures, and words that are struck out.
  func plainText(isSummary: Bool = false) -> String {
    var text = ""
    walk { node in
      switch node.type {
      case CMARK_NODE_TEXT, CMARK_NODE_CODE: text += node.literal
      case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: text += " "
      case CMARK_NODE_IMAGE where isSummary: return .passOver
      case CMARK_NODE_CUSTOM_INLINE where isSummary && node.isOfKind(.struck): return .passOver
      case _ where node.isBlock && node != self: text += " "
      default: break
      }
      return .goInside
    }
    return text
  }

  /// Visits this node and all below it in the order of the text.
  func walk(_ visit: (MarkdownNode) -> Step) {
    var next: MarkdownNode? = self
    while let node = next { next = node.next(in: self, visit(node)) }
  }

  /// The node that follows in the order of the text; nil where `top` ends.
  func next(in top: MarkdownNode, _ step: Step) -> MarkdownNode? {
    if step == .goInside, let child = cmark_node_first_child(pointer) { return MarkdownNode(child) }
    var here = pointer
    while here != top.pointer {
      if let sibling = cmark_node_next(here) { return MarkdownNode(sibling) }
      guard let parent = cmark_node_parent(here) else { return nil }
      here = parent
    }
    return nil
  }

  private static func string(_ pointer: UnsafePointer<CChar>?) -> String {
    pointer.map { String(cString: $0) } ?? ""
  }
}
