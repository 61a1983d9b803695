import CCMark
import Input

extension MarkdownTree {
  /// Reads the signs within texts: marks of notes, bare addresses, words struck out.
  mutating func readTexts(_ source: MarkdownSource, notes: FootnoteList) {
    let signs = Signs(source)
    var list = notes
    if signs.mayOccur(in: source.text) {
      read(document, signs, &list)
    }
    putBack(&list) { tree, note, list in
      if signs.mayOccur(in: source.text) { tree.read(note, signs, &list) }
    }
  }

  /// What is looked for.
  struct Signs {
    let source: MarkdownSource
    let lines: [Substring]

    init(_ source: MarkdownSource) {
      self.source = source
      lines = source.text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    func has(_ wanted: MarkdownExtension) -> Bool { source.extensions.contains(wanted) }

    func mayOccur(in text: String) -> Bool {
      has(.links) && BareAddresses.mayOccur(in: text) || has(.strikethrough) && text.holds("~~")
        || has(.footnotes) && text.holds("[^")
    }
  }

  private mutating func read(
    _ top: OpaquePointer, _ signs: Signs, _ notes: inout FootnoteList
  ) {
    var strikes: [Strike] = []
    var next: MarkdownNode? = MarkdownNode(top)
    while let node = next {
      if node.type == CMARK_NODE_IMAGE {
        next = node.next(in: MarkdownNode(top), .passOver)
        continue
      }
      next = node.next(in: MarkdownNode(top), .goInside)
      if node.type == CMARK_NODE_TEXT, signs.mayOccur(in: node.literal) {
        strikes += read(text: node, signs, &notes)
      }
    }
    strike(strikes)
  }

  /// Two tildes that may begin or end words that are struck out.
  struct Strike {
    let node: OpaquePointer
    let canOpen: Bool
    let canClose: Bool
  }

  private enum Piece {
    case text(Range<Int>)
    case address(BareAddresses.Address)
    case mark(Range<Int>, number: Int, count: Int)
    case strike(Range<Int>, canOpen: Bool, canClose: Bool)

    var range: Range<Int> {
      switch self {
      case .text(let range), .mark(let range, _, _), .strike(let range, _, _): range
      case .address(let address): address.range
      }
    }
  }

  /// Splits a text at its signs; returns those that strike out.
  private mutating func read(
    text node: MarkdownNode, _ signs: Signs, _ notes: inout FootnoteList
  ) -> [Strike] {
    let text = LiteralText(node, lines: signs.lines)
    let isLinked = node.isInLink
    var pieces: [Piece] = []
    if signs.has(.links), !isLinked {
      pieces += BareAddresses(text, atStart: node.startsWords).find().map { .address($0) }
    }
    var isTaken = [Bool](repeating: false, count: text.bytes.count)
    for index in pieces.lazy.flatMap(\.range) { isTaken[index] = true }
    func isFree(_ range: Range<Int>) -> Bool { !isTaken[range].contains(true) }
    if signs.has(.footnotes) {
      for (range, label) in text.marks() where isFree(range) {
        if let mark = notes.mark(label) {
          pieces.append(.mark(range, number: mark.number, count: mark.count))
        } else {
          let place = signs.source.origin(
            line: node.place.line, column: node.place.column + range.lowerBound)
          remarks.append(
            MarkdownRemark(.missingNote(label), line: place.line, column: place.column))
        }
      }
    }
    if signs.has(.strikethrough) {
      pieces += text.strikes(before: node.signBefore, behind: node.signBehind)
        .filter { isFree($0.range) }
        .map { .strike($0.range, canOpen: $0.canOpen, canClose: $0.canClose) }
    }
    guard !pieces.isEmpty else { return [] }
    pieces.sort { $0.range.lowerBound < $1.range.lowerBound }
    return split(node, text, pieces, isLinked: isLinked)
  }

  private mutating func split(
    _ node: MarkdownNode, _ text: LiteralText, _ pieces: [Piece], isLinked: Bool
  ) -> [Strike] {
    var strikes: [Strike] = []
    var written = 0
    let place = node.place
    func put(_ own: OpaquePointer, _ kind: NodeRole.Kind, at index: Int, value: Int = 0) {
      let role = NodeRole(kind, value: value, line: place.line, column: place.column + index)
      cmark_node_set_user_data(own, role.pointer)
      cmark_node_insert_before(node.pointer, own)
    }
    func putText(_ range: Range<Int>) {
      if range.isEmpty { return }
      put(
        Self.newText(String(decoding: text.bytes[range], as: UTF8.self)), .other,
        at: range.lowerBound)
    }
    for piece in pieces {
      putText(written..<piece.range.lowerBound)
      written = piece.range.upperBound
      switch piece {
      case .text: break
      case .address(let address):
        let link = Self.new(CMARK_NODE_LINK)
        cmark_node_set_url(link, address.destination)
        let words = String(decoding: text.bytes[address.range], as: UTF8.self)
        cmark_node_append_child(link, Self.newText(words))
        put(link, .other, at: address.range.lowerBound)
      case .mark(let range, let number, let count):
        let mark = Self.new(CMARK_NODE_CUSTOM_INLINE)
        let id = FootnoteList.markID(number, count)
        let words =
          isLinked
          ? "\(number)"
          : "<a href=\"#\(FootnoteList.noteID(number))\" role=\"doc-noteref\">\(number)</a>"
        cmark_node_set_on_enter(mark, "<sup id=\"\(id)\">\(words)</sup>")
        put(mark, .noteReference, at: range.lowerBound, value: number)
      case .strike(let range, let canOpen, let canClose):
        let tildes = Self.newText("~~")
        put(tildes, .other, at: range.lowerBound)
        strikes.append(Strike(node: tildes, canOpen: canOpen, canClose: canClose))
      }
    }
    putText(written..<text.bytes.count)
    cmark_node_free(node.pointer)
    return strikes
  }

  /// Strikes out what stands between two tildes and two more, within one node.
  private mutating func strike(_ strikes: [Strike]) {
    var open: [OpaquePointer: OpaquePointer] = [:]
    for strike in strikes {
      guard let parent = cmark_node_parent(strike.node) else { continue }
      guard strike.canClose, let opener = open[parent] else {
        if strike.canOpen { open[parent] = strike.node }
        continue
      }
      open[parent] = nil
      let own = Self.new(CMARK_NODE_CUSTOM_INLINE)
      cmark_node_set_on_enter(own, "<del>")
      cmark_node_set_on_exit(own, "</del>")
      cmark_node_set_user_data(own, NodeRole(.struck).pointer)
      cmark_node_insert_before(opener, own)
      while let node = cmark_node_next(opener), node != strike.node {
        cmark_node_append_child(own, node)
      }
      cmark_node_free(opener)
      cmark_node_free(strike.node)
    }
  }
}

extension LiteralText {
  /// The marks of notes, `[^label]`.
  func marks() -> [(range: Range<Int>, label: String)] {
    var marks: [(Range<Int>, String)] = []
    var index = 0
    while index + 3 < bytes.count {
      if bytes[index] == UInt8(ascii: "["), bytes[index + 1] == UInt8(ascii: "^"),
        let end = bytes[(index + 2)...].firstIndex(where: { "[] \t".utf8.contains($0) }),
        bytes[end] == UInt8(ascii: "]"), end > index + 2, isLiteral(index), isLiteral(end)
      {
        let label = String(decoding: bytes[(index + 2)..<end], as: UTF8.self)
        marks.append((index..<end + 1, FootnoteLines.normal(label)))
        index = end
      }
      index += 1
    }
    return marks
  }

  /// Pairs of tildes, and what each can do by what stands before and behind it.
  func strikes(
    before: Unicode.Scalar, behind: Unicode.Scalar
  ) -> [(range: Range<Int>, canOpen: Bool, canClose: Bool)] {
    var strikes: [(Range<Int>, Bool, Bool)] = []
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "~") else {
        index += 1
        continue
      }
      let start = index
      while index < bytes.count, bytes[index] == UInt8(ascii: "~") { index += 1 }
      guard index - start == 2, isLiteral(start..<index) else { continue }
      let near = (max(0, start - 4)..<start, index..<min(index + 4, bytes.count))
      let last = String(decoding: bytes[near.0], as: UTF8.self).unicodeScalars.last ?? before
      let next = String(decoding: bytes[near.1], as: UTF8.self).unicodeScalars.first ?? behind
      let opens = !next.isBlank && (!next.isSign || last.isBlank || last.isSign)
      let closes = !last.isBlank && (!last.isSign || next.isBlank || next.isSign)
      if opens || closes { strikes.append((start..<index, opens, closes)) }
    }
    return strikes
  }
}

extension Unicode.Scalar {
  fileprivate var isBlank: Bool { properties.isWhitespace }

  fileprivate var isSign: Bool {
    if isASCII { return LiteralText.isPunctuation(UInt8(value)) }
    switch properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation:
      return true
    default: return false
    }
  }
}

extension MarkdownNode {
  fileprivate var isInLink: Bool {
    var current = parent
    while let node = current, !node.isBlock {
      if node.type == CMARK_NODE_LINK { return true }
      current = node.parent
    }
    return false
  }

  /// Whether nothing of a word stands right before it.
  fileprivate var startsWords: Bool {
    guard let before = cmark_node_previous(pointer) else { return true }
    return [
      CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK, CMARK_NODE_EMPH, CMARK_NODE_STRONG,
    ].contains(cmark_node_get_type(before))
  }

  fileprivate var signBefore: Unicode.Scalar {
    Self.sign(of: cmark_node_previous(pointer), in: parent)
  }
  fileprivate var signBehind: Unicode.Scalar { Self.sign(of: cmark_node_next(pointer), in: parent) }

  /// What a neighbour ends or begins with, as far as it matters: white space, or a sign.
  private static func sign(of neighbour: OpaquePointer?, in parent: MarkdownNode?) -> Unicode.Scalar
  {
    guard let neighbour else { return parent?.isBlock ?? true ? " " : "*" }
    let type = cmark_node_get_type(neighbour)
    return type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK ? " " : "*"
  }
}
