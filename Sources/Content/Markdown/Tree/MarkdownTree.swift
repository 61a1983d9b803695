import CCMark
import Foundation
import Input

/// A text parsed by libcmark.
///
/// The tree owns its nodes: they are taken out and freed here and nowhere else. Every walk keeps one node as
/// its place, and moves on before that node goes, so it never meets a node that is no longer there.
struct MarkdownTree: ~Copyable {
  /// What becomes of a node.
  enum Edit {
    /// It stays, and its content is asked about next.
    case keep
    /// It leads elsewhere, and its content is asked about next.
    case lead(to: String)
    /// It shows this address, and its content is this text.
    case show(String, text: String)
    /// Its content takes its place and is asked about next.
    case unwrap
    /// Own HTML goes around its content, which is asked about next.
    case wrap(before: String, after: String)
    /// It becomes a figure of its content, which is asked about next, with the title of the picture below.
    case caption(MarkdownNode)
    /// Own HTML takes the place of it and its content.
    case html(String)
    /// Text takes the place of it and its content.
    case text(String)
    /// It goes with its content.
    case remove
  }

  let document: OpaquePointer
  /// What is to be said of the text, in the order in which it was found.
  var remarks: [MarkdownRemark] = []

  /// Reads a text with all that its extensions mean.
  init(_ source: MarkdownSource) {
    self.init(unread: source.text)
    remarks = source.remarks
    let notes = takeNotes(source)
    placeTables(source)
    if source.extensions.contains(.html) { readHTML(source) }
    readTexts(source, notes: notes)
  }

  /// Reads a text as libcmark does, and nothing else in it.
  init(unread text: String) {
    var text = text
    let document = text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        cmark_parse_document($0.baseAddress, $0.count, CMARK_OPT_DEFAULT)
      }
    }
    // libcmark ends the process itself when memory runs out; it never returns NULL here.
    guard let document else { preconditionFailure("libcmark returned no document") }
    self.document = document
  }

  deinit {
    cmark_node_free(document)
  }

  /// Visits the nodes in the order of the text.
  func walk(_ visit: (MarkdownNode) -> MarkdownNode.Step) {
    MarkdownNode(document).walk(visit)
  }

  /// Changes nodes in the order of the text. No node is handed out again after its edit.
  mutating func rewrite(_ edit: (MarkdownNode) -> Edit) {
    let top = MarkdownNode(document)
    var next = top.next(in: top, .goInside)
    while let node = next {
      let (pointer, behind) = (node.pointer, node.next(in: top, .passOver))
      next = behind
      switch edit(node) {
      case .keep:
        next = node.next(in: top, .goInside)
      case .lead(let address):
        cmark_node_set_url(pointer, address)
        next = node.next(in: top, .goInside)
      case .show(let address, let text):
        cmark_node_set_url(pointer, address)
        while let child = cmark_node_first_child(pointer) { cmark_node_free(child) }
        cmark_node_append_child(pointer, Self.newText(text))
      case .unwrap:
        if let first = cmark_node_first_child(pointer) { next = MarkdownNode(first) }
        Self.moveContent(of: pointer) { cmark_node_insert_before(pointer, $0) }
        cmark_node_free(pointer)
      case .wrap(let before, let after):
        let own = Self.newHTML(before, after, inPlaceOf: node)
        Self.moveContent(of: pointer) { cmark_node_append_child(own, $0) }
        Self.replace(pointer, own)
        next = MarkdownNode(own).next(in: top, .goInside)
      case .caption(let picture):
        let caption = HTML.escaped(picture.title)
        cmark_node_set_title(picture.pointer, "")
        let own = Self.newHTML(
          "<figure>", "<figcaption>\(caption)</figcaption>\n</figure>", inPlaceOf: node)
        Self.moveContent(of: pointer) { cmark_node_append_child(own, $0) }
        Self.replace(pointer, own)
        next = MarkdownNode(own).next(in: top, .goInside)
      case .html(let html):
        Self.replace(pointer, Self.newHTML(html, "", inPlaceOf: node))
      case .text(let text):
        Self.replace(pointer, Self.newText(text))
      case .remove:
        cmark_node_free(pointer)
      }
    }
  }

  /// The tree as HTML.
  mutating func html(allowsRawHTML: Bool) -> String {
    renderTables(allowsRawHTML: allowsRawHTML)
    return Self.html(of: document, allowsRawHTML: allowsRawHTML)
  }

  static func html(of node: OpaquePointer, allowsRawHTML: Bool) -> String {
    let options = allowsRawHTML ? CMARK_OPT_UNSAFE : CMARK_OPT_DEFAULT
    guard let html = cmark_render_html(node, options) else { return "" }
    defer { free(html) }
    return String(cString: html)
  }

  static func newText(_ text: String) -> OpaquePointer {
    let node = new(CMARK_NODE_TEXT)
    cmark_node_set_literal(node, text)
    return node
  }

  /// A node of our own that is put around content.
  static func newBlock(
    _ kind: NodeRole.Kind, value: Int = 0, before: String = "", after: String = ""
  ) -> OpaquePointer {
    let own = new(CMARK_NODE_CUSTOM_BLOCK)
    cmark_node_set_on_enter(own, before)
    cmark_node_set_on_exit(own, after)
    cmark_node_set_user_data(own, NodeRole(kind, value: value).pointer)
    return own
  }

  static func newHTML(
    _ before: String, _ after: String, inPlaceOf node: MarkdownNode
  ) -> OpaquePointer {
    let own = new(node.isBlock ? CMARK_NODE_CUSTOM_BLOCK : CMARK_NODE_CUSTOM_INLINE)
    cmark_node_set_on_enter(own, before)
    cmark_node_set_on_exit(own, after)
    return own
  }

  static func new(_ type: cmark_node_type) -> OpaquePointer {
    guard let node = cmark_node_new(type) else { preconditionFailure("libcmark made no node") }
    return node
  }

  static func moveContent(of node: OpaquePointer, _ move: (OpaquePointer) -> Int32) {
    while let child = cmark_node_first_child(node) {
      guard move(child) == 1 else { preconditionFailure("libcmark let a node stand there before") }
    }
  }

  /// Puts a node, which the tree owns from here on, in the place of another, which is freed.
  static func replace(_ old: OpaquePointer, _ new: OpaquePointer) {
    guard cmark_node_replace(old, new) == 1 else {
      preconditionFailure("libcmark lets own HTML and text stand there")
    }
    cmark_node_free(old)
  }
}
