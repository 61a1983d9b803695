import CCMark
public import Diagnostics
import Files
import Foundation
import Input

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
  let source: MarkdownSource
  let linesAbove: Int
  let allowsRawHTML: Bool
  /// Every link that may lead somewhere, in the order of the text.
  public let links: [Link]
  /// The ids of the headings, in the order of the text.
  public let headingIDs: [String]

  /// Parses the body and reports what will not be shown, or not as it was meant.
  init(
    _ body: String, of file: SourceFile, linesAbove: Int, allowsRawHTML: Bool = false,
    extensions: Set<MarkdownExtension> = Set(MarkdownExtension.allCases),
    findings: inout Findings
  ) {
    self.file = file
    self.linesAbove = linesAbove
    self.allowsRawHTML = allowsRawHTML
    source = MarkdownSource(
      CertificateLinks.closed(in: body),
      extensions: allowsRawHTML ? extensions.subtracting([.html]) : extensions)
    var lint = MarkdownLint(
      source: source, linesAbove: linesAbove, file: file, allowsRawHTML: allowsRawHTML)
    lint.walk(MarkdownTree(source))
    links = lint.links
    headingIDs = lint.headingIDs
    findings.add(contentsOf: lint.diagnostics)
  }

  /// The text as HTML: no raw HTML unless the site allows it, no unsafe link, an id on every
  /// heading.
  ///
  /// - Parameters:
  ///   - headingLinks: whether every heading offers its own address.
  ///   - page: the address of the page, for texts that are read elsewhere; marks and notes lead to it.
  ///   - resolve: what becomes of a link or picture.
  public func html(
    headingLinks: Bool = false, page: String = "", resolve: (Link) -> LinkResolution
  ) -> String {
    var tree = MarkdownTree(source)
    var ids = headingIDs[...]
    // The first picture is likely to be seen at once.
    var isLazy = false
    tree.rewrite { node in
      switch node.type {
      case CMARK_NODE_HTML_BLOCK, CMARK_NODE_HTML_INLINE: return allowsRawHTML ? .keep : .remove
      case CMARK_NODE_LINK: return edit(link: node, resolution(of: node, resolve))
      case CMARK_NODE_IMAGE:
        defer { isLazy = true }
        return edit(image: node, resolution(of: node, resolve), isLazy: isLazy)
      case CMARK_NODE_PARAGRAPH: return edit(paragraph: node, resolve)
      case CMARK_NODE_HEADING:
        return edit(heading: node, id: ids.popFirst(), isLinked: headingLinks)
      default: return .keep
      }
    }
    if !page.isEmpty { tree.leadNotes(to: page) }
    return tree.html(allowsRawHTML: allowsRawHTML)
  }

  /// The first paragraph as plain text, for summaries; empty when there is none.
  public var firstParagraph: String {
    var first = ""
    MarkdownTree(source).walk { node in
      guard first.isEmpty, node.type == CMARK_NODE_PARAGRAPH,
        node.parent?.type == CMARK_NODE_DOCUMENT
      else { return .goInside }
      let text = UnreadMarks.without(node.plainText(isSummary: true))
      let hasWords = text.unicodeScalars.contains { scalar in
        !scalar.properties.isWhitespace
          && !(scalar.isASCII && LiteralText.isPunctuation(UInt8(scalar.value)))
      }
      if hasWords { first = text }
      return .passOver
    }
    return first
  }

  /// Every word of the text, for those who search; code and alternative texts included.
  ///
  /// - Parameter table: the table that an image names, if it names one.
  public func plainText(table: (Link) -> Table?) -> String {
    var text = ""
    MarkdownTree(source).walk { node in
      switch node.type {
      case CMARK_NODE_TEXT, CMARK_NODE_CODE: text += node.literal
      case CMARK_NODE_CODE_BLOCK: text += "\n" + node.literal
      case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: text += " "
      case CMARK_NODE_IMAGE:
        let link = Link(destination: node.destination, isImage: true, line: 0, column: 0)
        text += (table(link)?.plainText ?? "") + " " + node.plainText()
        return .passOver
      case CMARK_NODE_EMPH, CMARK_NODE_STRONG, CMARK_NODE_LINK, CMARK_NODE_CUSTOM_INLINE: break
      default: text += "\n"
      }
      return .goInside
    }
    return text
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

  // MARK: What becomes of a node

  /// What becomes of a link or image; one that might harm keeps its words alone.
  private func resolution(
    of node: MarkdownNode, _ resolve: (Link) -> LinkResolution
  ) -> LinkResolution {
    let destination = node.destination
    let isImage = node.type == CMARK_NODE_IMAGE
    guard LinkSafety.isSafe(destination), !isImage || LinkSafety.isOwn(destination) else {
      return .textAlone
    }
    let (line, column) = source.origin(line: node.place.line, column: node.place.column)
    return resolve(
      Link(destination: destination, isImage: isImage, line: line + linesAbove, column: column))
  }

  private func edit(link node: MarkdownNode, _ resolution: LinkResolution) -> MarkdownTree.Edit {
    switch resolution {
    case .asWritten: return .keep
    case .address(let address): return .lead(to: address)
    case .elsewhere(let address):
      return .wrap(
        before: "<a href=\"\(HTML.address(address))\"\(titleAttribute(of: node))"
          + " rel=\"noopener noreferrer\">", after: "</a>")
    case .document(let address, let description):
      return .wrap(
        before: "<a href=\"\(HTML.address(address))\"\(titleAttribute(of: node))>",
        after: "</a> <span class=\"file\">(\(HTML.escaped(description)))</span>")
    case .picture, .table, .textAlone: return .unwrap
    }
  }

  /// What an image shows is an attribute, so its words are plain text, whatever is written there.
  private func edit(
    image node: MarkdownNode, _ resolution: LinkResolution, isLazy: Bool
  ) -> MarkdownTree.Edit {
    let text = node.plainText()
    switch resolution {
    case .asWritten: return .show(node.destination, text: text)
    case .address(let address): return .show(address, text: text)
    case .picture(let picture):
      let sides =
        picture.size.map { " width=\"\($0.width)\" height=\"\($0.height)\"" } ?? ""
      let sources =
        picture.sources.map { " srcset=\"\(HTML.escaped($0))\" sizes=\"\(ShownPicture.widths)\"" }
        ?? ""
      return .html(
        "<img src=\"\(HTML.address(picture.address))\"\(sources) alt=\"\(HTML.escaped(text))\""
          + "\(titleAttribute(of: node))\(sides)\(isLazy ? " loading=\"lazy\"" : "") decoding=\"async\" />"
      )
    case .elsewhere, .document, .table, .textAlone: return .text(text)
    }
  }

  /// A paragraph that holds nothing but a table's image becomes the table; one of a picture with a title gets it
  /// as its caption.
  private func edit(
    paragraph node: MarkdownNode, _ resolve: (Link) -> LinkResolution
  ) -> MarkdownTree.Edit {
    guard let image = node.onlyPictureOrLinkOfOne else { return .keep }
    switch resolution(of: image, resolve) {
    case .table(let table) where node.onlyPicture != nil:
      return .html(table.html(caption: image.plainText()))
    case .asWritten, .address, .picture:
      let isCaption = source.extensions.contains(.captions) && !image.title.isEmpty
      return isCaption ? .caption(image) : .keep
    default: return .keep
    }
  }

  /// libcmark's renderer has no ids, so the heading becomes own HTML around the same content.
  private func edit(
    heading node: MarkdownNode, id: String?, isLinked: Bool
  ) -> MarkdownTree.Edit {
    guard let id else { return .keep }
    // Named by the heading itself; what is to be seen of it comes from the style sheet.
    let link = isLinked ? "<a class=\"anchor\" href=\"#\(id)\" aria-labelledby=\"\(id)\"></a>" : ""
    return .wrap(
      before: "<h\(node.headingLevel) id=\"\(id)\">", after: "\(link)</h\(node.headingLevel)>")
  }

  private func titleAttribute(of node: MarkdownNode) -> String {
    node.title.isEmpty ? "" : " title=\"\(HTML.escaped(node.title))\""
  }
}
