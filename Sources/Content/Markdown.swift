import CCMark
public import Diagnostics
import Foundation

/// A CommonMark text inside a file, parsed by libcmark whenever it is walked.
public struct Markdown: Sendable {
  /// A link or an image, as written.
  public struct Link: Sendable, Hashable {
    public let destination: String
    public let isImage: Bool
    /// Line in the file, from 1.
    public let line: Int
    /// Column in the line, from 1.
    public let column: Int
  }

  let file: SourceFile
  let body: String
  let linesAbove: Int
  /// Every link that may lead somewhere, in the order of the text.
  public let links: [Link]
  /// The ids of the headings, in the order of the text.
  public let headingIDs: [String]

  /// Parses the body and reports what will not be shown: raw HTML and unsafe links.
  init(_ body: String, of file: SourceFile, linesAbove: Int, findings: inout Findings) {
    self.file = file
    self.body = body
    self.linesAbove = linesAbove
    var survey = Survey(linesAbove: linesAbove, file: file)
    Self.withDocument(body) { survey.walk($0) }
    links = survey.links
    headingIDs = survey.headingIDs
    findings.add(contentsOf: survey.diagnostics)
  }

  /// The text as HTML: no raw HTML, no unsafe link, an id on every heading.
  ///
  /// - Parameter resolve: the address for a link's destination as written; nil keeps it.
  public func html(resolve: (String) -> String?) -> String {
    Self.withDocument(body) { document in
      var ids = headingIDs[...]
      for node in Self.nodes(of: document) {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_HTML_BLOCK, CMARK_NODE_HTML_INLINE:
          cmark_node_unlink(node)
          cmark_node_free(node)
        case CMARK_NODE_LINK, CMARK_NODE_IMAGE:
          rewrite(node, resolve: resolve)
        case CMARK_NODE_HEADING:
          if let id = ids.popFirst() { addID(id, to: node) }
        default: break
        }
      }
      guard let html = cmark_render_html(document, CMARK_OPT_DEFAULT) else { return "" }
      defer { free(html) }
      return String(cString: html)
    }
  }

  /// The first paragraph as plain text, for summaries; empty when there is none.
  public var firstParagraph: String {
    Self.withDocument(body) { document in
      for node in Self.nodes(of: document)
      where cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH
        && cmark_node_get_type(cmark_node_parent(node)) == CMARK_NODE_DOCUMENT
      {
        return Self.plainText(of: node)
      }
      return ""
    }
  }

  /// A finding at a link of this text.
  public func diagnostic(
    _ id: DiagnosticID, _ severity: Severity = .error, at link: Link, message: String, hint: String
  ) -> Diagnostic {
    file.diagnostic(
      id, severity, line: link.line, column: link.column, message: message, hint: hint)
  }

  // MARK: The tree

  /// Unwraps an unsafe link, leaving its text; gives any other its resolved address.
  private func rewrite(_ node: OpaquePointer, resolve: (String) -> String?) {
    let destination = Self.string(cmark_node_get_url(node))
    let isImage = cmark_node_get_type(node) == CMARK_NODE_IMAGE
    guard LinkSafety.isSafe(destination), !isImage || LinkSafety.isOwn(destination) else {
      while let child = cmark_node_first_child(node) {
        cmark_node_insert_before(node, child)
      }
      cmark_node_unlink(node)
      cmark_node_free(node)
      return
    }
    if let address = resolve(destination) { cmark_node_set_url(node, address) }
  }

  /// libcmark's renderer has no ids, so the heading becomes a custom block with the same content.
  private func addID(_ id: String, to heading: OpaquePointer) {
    let level = cmark_node_get_heading_level(heading)
    guard let block = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK) else { return }
    cmark_node_set_on_enter(block, "<h\(level) id=\"\(id)\">")
    cmark_node_set_on_exit(block, "</h\(level)>")
    while let child = cmark_node_first_child(heading) {
      cmark_node_append_child(block, child)
    }
    cmark_node_replace(heading, block)
    cmark_node_free(heading)
  }

  /// The nodes in the order of the text, collected before any of them is changed.
  static func nodes(of document: OpaquePointer) -> [OpaquePointer] {
    var nodes: [OpaquePointer] = []
    guard let iterator = cmark_iter_new(document) else { return nodes }
    defer { cmark_iter_free(iterator) }
    while true {
      switch cmark_iter_next(iterator) {
      case CMARK_EVENT_DONE: return nodes
      case CMARK_EVENT_ENTER: nodes.append(cmark_iter_get_node(iterator))
      default: break
      }
    }
  }

  static func plainText(of node: OpaquePointer) -> String {
    var text = ""
    for inner in nodes(of: node) {
      switch cmark_node_get_type(inner) {
      case CMARK_NODE_TEXT, CMARK_NODE_CODE: text += string(cmark_node_get_literal(inner))
      case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: text += " "
      default: break
      }
    }
    return text
  }

  static func string(_ pointer: UnsafePointer<CChar>?) -> String {
    pointer.map { String(cString: $0) } ?? ""
  }

  private static func withDocument<Result>(
    _ body: String, _ use: (OpaquePointer) -> Result
  ) -> Result {
    var body = body
    let document = body.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        cmark_parse_document($0.baseAddress, $0.count, CMARK_OPT_DEFAULT)
      }
    }
    // libcmark aborts the process itself when memory runs out; it never returns NULL here.
    guard let document else { preconditionFailure("libcmark returned no document") }
    defer { cmark_node_free(document) }
    return use(document)
  }
}

/// What a link may point at.
public enum LinkSafety {
  /// Whether a destination is relative or has a scheme that only leads somewhere.
  static func isSafe(_ destination: String) -> Bool {
    guard let scheme = scheme(of: destination) else { return true }
    return ["http", "https", "mailto", "tel"].contains(scheme)
  }

  /// Whether a destination is on this site, so that a browser asks nobody else for it.
  static func isOwn(_ destination: String) -> Bool {
    // Browsers read a backslash as a slash.
    let start = destination.prefix(2).map { $0 == "\\" ? "/" : $0 }
    return scheme(of: destination) == nil && start != ["/", "/"]
  }

  /// The lowercase scheme, reading through the white space and controls that browsers ignore.
  public static func scheme(of destination: String) -> String? {
    let plain = destination.unicodeScalars.filter { $0.value > 0x20 && $0.value != 0x7F }
    guard let colon = plain.firstIndex(of: ":") else { return nil }
    let head = plain[..<colon]
    guard !head.contains(where: { "/?#".unicodeScalars.contains($0) }) else { return nil }
    return head.map { String($0) }.joined().lowercased()
  }
}
