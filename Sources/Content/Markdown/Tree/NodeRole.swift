import CCMark

/// What a node is that libcmark did not make itself, and where its text was written.
///
/// It fits into the pointer that libcmark keeps for users of a node, so nothing has to be freed.
struct NodeRole: Equatable {
  enum Kind: UInt {
    case none, table, row, headingCell, cell, tableCaption, note, noteReference, struck, figure,
      figureCaption, details, htmlText, other
  }

  var kind: Kind
  /// Of a cell, the raw value of its alignment; of a note or reference, its number.
  var value = 0
  /// Line and column of the parsed text, from 1; 0 where the node has a place of libcmark's own.
  var line = 0
  var column = 0

  private static let widest = 1 << 24 - 1

  init(_ kind: Kind, value: Int = 0, line: Int = 0, column: Int = 0) {
    self.kind = kind
    self.value = min(value, 1023)
    self.line = min(line, Self.widest)
    self.column = min(column, Self.widest)
  }

  init(_ pointer: UnsafeMutableRawPointer?) {
    let bits = UInt(bitPattern: pointer)
    kind = Kind(rawValue: bits & 63) ?? .none
    value = Int(bits >> 6 & 1023)
    line = Int(bits >> 16 & UInt(Self.widest))
    column = Int(bits >> 40)
  }

  var pointer: UnsafeMutableRawPointer? {
    UnsafeMutableRawPointer(
      bitPattern: kind.rawValue | UInt(value) << 6 | UInt(line) << 16 | UInt(column) << 40)
  }
}

extension MarkdownNode {
  var role: NodeRole { NodeRole(cmark_node_get_user_data(pointer)) }

  func isOfKind(_ kind: NodeRole.Kind) -> Bool { role.kind == kind }

  /// Where it begins in the parsed text, from 1; nil where nobody knows.
  var ownPlace: (line: Int, column: Int)? {
    let role = role
    if role.line > 0 { return (role.line, role.column) }
    return lines.first > 0 ? (lines.first, columns.first) : nil
  }

  /// Where it begins, or else what holds it does.
  ///
  /// libcmark says of a link over several lines on which line it ends, so its first words decide.
  var place: (line: Int, column: Int) {
    if type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE, role.line == 0,
      let first = firstLeafLine, lines.first > 0
    {
      return (min(first, lines.first), columns.first)
    }
    var current: MarkdownNode? = self
    while let here = current {
      if let place = here.ownPlace { return place }
      current = here.parent
    }
    return (0, 0)
  }

  /// The words of the link that follows, if nobody marked it as one.
  var bareAddressBehind: String? {
    guard let next = cmark_node_next(pointer).map(MarkdownNode.init), next.type == CMARK_NODE_LINK,
      next.isOfKind(.other)
    else { return nil }
    return next.plainText()
  }

  /// The line of its first words, unless these lie deeper than anybody writes.
  private var firstLeafLine: Int? {
    var node = cmark_node_first_child(pointer)
    for _ in 0..<16 {
      guard let here = node else { return nil }
      node = cmark_node_first_child(here)
      if node == nil { return MarkdownNode(here).ownPlace?.line }
    }
    return nil
  }
}
