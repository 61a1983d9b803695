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
  let allowsRawHTML: Bool
  /// Every link that may lead somewhere, in the order of the text.
  public let links: [Link]
  /// The ids of the headings, in the order of the text.
  public let headingIDs: [String]

  /// Parses the body and reports what will not be shown: raw HTML and unsafe links.
  init(
    _ body: String, of file: SourceFile, linesAbove: Int, allowsRawHTML: Bool = false,
    findings: inout Findings
  ) {
    self.file = file
    self.body = CertificateLinks.closed(in: body)
    self.linesAbove = linesAbove
    self.allowsRawHTML = allowsRawHTML
    var survey = Survey(linesAbove: linesAbove, file: file, allowsRawHTML: allowsRawHTML)
    Self.withDocument(self.body) { survey.walk($0) }
    links = survey.links
    headingIDs = survey.headingIDs
    findings.add(contentsOf: survey.diagnostics)
  }

  /// The text as HTML: no raw HTML unless the site allows it, no unsafe link, an id on every
  /// heading.
  ///
  /// - Parameters:
  ///   - headingLinks: whether every heading offers its own address.
  ///   - resolve: what becomes of a link or picture.
  public func html(
    headingLinks: Bool = false, resolve: (Link) -> LinkResolution
  ) -> String {
    Self.withDocument(body) { document in
      var ids = headingIDs[...]
      // What leaves the tree is still among the nodes to come, so it is freed after the last.
      var removed: [OpaquePointer] = []
      defer { for node in removed { cmark_node_free(node) } }
      for node in Self.nodes(of: document) {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_HTML_BLOCK, CMARK_NODE_HTML_INLINE:
          guard !allowsRawHTML else { continue }
          cmark_node_unlink(node)
          removed.append(node)
        case CMARK_NODE_LINK, CMARK_NODE_IMAGE:
          rewrite(node, removed: &removed, resolve: resolve)
        case CMARK_NODE_HEADING:
          if let id = ids.popFirst() { addID(id, to: node, isLinked: headingLinks) }
        default: break
        }
      }
      let options = allowsRawHTML ? CMARK_OPT_UNSAFE : CMARK_OPT_DEFAULT
      guard let html = cmark_render_html(document, options) else { return "" }
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
        let text = Self.plainText(of: node, withPictures: false)
        if text.contains(where: { !$0.isWhitespace }) { return text }
      }
      return ""
    }
  }

  /// Every word of the text, for those who search; code and alternative texts included.
  ///
  /// - Parameter table: the table that an image names, if it names one.
  public func plainText(table: (Link) -> Table?) -> String {
    Self.withDocument(body) { document in
      var text = ""
      for node in Self.nodes(of: document) {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_TEXT, CMARK_NODE_CODE: text += Self.string(cmark_node_get_literal(node))
        case CMARK_NODE_CODE_BLOCK: text += "\n" + Self.string(cmark_node_get_literal(node))
        case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: text += " "
        case CMARK_NODE_IMAGE:
          let link = Link(
            destination: Self.string(cmark_node_get_url(node)), isImage: true, line: 0, column: 0)
          text += (table(link)?.plainText ?? "") + " "
        case CMARK_NODE_EMPH, CMARK_NODE_STRONG, CMARK_NODE_LINK: break
        default: text += "\n"
        }
      }
      return text
    }
  }

  /// A finding at a place of the file.
  public func diagnostic(
    _ id: DiagnosticID, _ severity: Severity = .error, line: Int, column: Int, message: String,
    hint: String
  ) -> Diagnostic {
    file.diagnostic(id, severity, line: line, column: column, message: message, hint: hint)
  }

  /// A finding at a setting above this text; at the file's first line where there is none.
  public func diagnostic(
    _ id: DiagnosticID, _ severity: Severity = .error, at place: SettingPlace?, message: String,
    hint: String
  ) -> Diagnostic {
    file.diagnostic(
      id, severity, line: place?.line ?? 1, column: place?.column ?? 1,
      length: place?.length ?? 1, message: message, hint: hint)
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
  private func rewrite(
    _ node: OpaquePointer, removed: inout [OpaquePointer], resolve: (Link) -> LinkResolution
  ) {
    let destination = Self.string(cmark_node_get_url(node))
    let isImage = cmark_node_get_type(node) == CMARK_NODE_IMAGE
    guard LinkSafety.isSafe(destination), !isImage || LinkSafety.isOwn(destination) else {
      replace(node, enter: "", exit: "", removed: &removed)
      return
    }
    let link = Link(
      destination: destination, isImage: isImage,
      line: Int(cmark_node_get_start_line(node)) + linesAbove,
      column: Int(cmark_node_get_start_column(node)))
    let title = Self.string(cmark_node_get_title(node))
    let titled = title.isEmpty ? "" : " title=\"\(HTMLAttribute.text(title))\""
    switch resolve(link) {
    case .asWritten: return
    case .address(let address): cmark_node_set_url(node, address)
    case .textAlone: replace(node, enter: "", exit: "", removed: &removed)
    case .table(let table): show(table, insteadOf: node, removed: &removed)
    case .elsewhere(let address):
      replace(
        node,
        enter: "<a href=\"\(HTMLAttribute.address(address))\"\(titled)"
          + " rel=\"noopener noreferrer\">", exit: "</a>", removed: &removed)
    case .picture(let address, let size):
      let text = HTMLAttribute.text(Self.plainText(of: node))
      let sides = size.map { " width=\"\($0.width)\" height=\"\($0.height)\"" } ?? ""
      while let child = cmark_node_first_child(node) {
        cmark_node_unlink(child)
        removed.append(child)
      }
      replace(
        node,
        enter: "<img src=\"\(HTMLAttribute.address(address))\" alt=\"\(text)\"\(titled)\(sides)"
          + " loading=\"lazy\" decoding=\"async\" />", exit: "", removed: &removed)
    }
  }

  /// Puts HTML of our own around a node's content, or, with none, leaves the content alone.
  private func replace(
    _ node: OpaquePointer, enter: String, exit: String, removed: inout [OpaquePointer]
  ) {
    if enter.isEmpty {
      while let child = cmark_node_first_child(node) {
        cmark_node_insert_before(node, child)
      }
    } else if let own = cmark_node_new(CMARK_NODE_CUSTOM_INLINE) {
      cmark_node_set_on_enter(own, enter)
      cmark_node_set_on_exit(own, exit)
      while let child = cmark_node_first_child(node) { cmark_node_append_child(own, child) }
      cmark_node_insert_before(node, own)
    }
    cmark_node_unlink(node)
    removed.append(node)
  }

  /// Puts a table in the place of the paragraph that holds nothing but the image naming it.
  private func show(
    _ table: Table, insteadOf image: OpaquePointer, removed: inout [OpaquePointer]
  ) {
    guard let paragraph = cmark_node_parent(image), Self.isAlone(image),
      let block = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK)
    else { return replace(image, enter: "", exit: "", removed: &removed) }
    cmark_node_set_on_enter(block, table.html(caption: Self.plainText(of: image)))
    cmark_node_replace(paragraph, block)
    removed.append(paragraph)
  }

  /// Whether a node is all that its paragraph holds.
  static func isAlone(_ node: OpaquePointer) -> Bool {
    cmark_node_next(node) == nil && cmark_node_previous(node) == nil
      && cmark_node_get_type(cmark_node_parent(node)) == CMARK_NODE_PARAGRAPH
  }

  /// libcmark's renderer has no ids, so the heading becomes a custom block with the same content.
  private func addID(_ id: String, to heading: OpaquePointer, isLinked: Bool) {
    let level = cmark_node_get_heading_level(heading)
    guard let block = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK) else { return }
    cmark_node_set_on_enter(block, "<h\(level) id=\"\(id)\">")
    // Named by the heading itself; what is to be seen of it comes from the style sheet.
    let link = isLinked ? "<a class=\"anchor\" href=\"#\(id)\" aria-labelledby=\"\(id)\"></a>" : ""
    cmark_node_set_on_exit(block, "\(link)</h\(level)>")
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

  static func plainText(of node: OpaquePointer, withPictures: Bool = true) -> String {
    var text = ""
    var passed: Set<OpaquePointer> = []
    for inner in nodes(of: node) {
      if !withPictures {
        let isInPicture = cmark_node_parent(inner).map(passed.contains) ?? false
        if isInPicture || cmark_node_get_type(inner) == CMARK_NODE_IMAGE {
          passed.insert(inner)
          continue
        }
      }
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

  static func withDocument<Result>(
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
