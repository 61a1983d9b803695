import CCMark
import Diagnostics
import Foundation

/// One walk over a parsed text that collects its links, headings and mistakes.
struct Survey {
  let linesAbove: Int
  let file: SourceFile
  let allowsRawHTML: Bool
  private let lines: [Substring]
  var links: [Markdown.Link] = []
  var headingIDs: [String] = []
  var diagnostics: [Diagnostic] = []

  init(linesAbove: Int, file: SourceFile, allowsRawHTML: Bool) {
    self.linesAbove = linesAbove
    self.file = file
    self.allowsRawHTML = allowsRawHTML
    lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  mutating func walk(_ document: OpaquePointer) {
    for node in Markdown.nodes(of: document) {
      switch cmark_node_get_type(node) {
      case CMARK_NODE_HTML_BLOCK, CMARK_NODE_HTML_INLINE: surveyHTML(node)
      case CMARK_NODE_LINK, CMARK_NODE_IMAGE: surveyLink(node)
      case CMARK_NODE_HEADING: surveyHeading(node)
      case CMARK_NODE_TEXT: surveyText(node)
      default: break
      }
    }
  }

  private func line(of node: OpaquePointer) -> Int {
    // Inline nodes may have no place of their own; their block has.
    var current: OpaquePointer? = node
    while let here = current {
      let line = Int(cmark_node_get_start_line(here))
      if line > 0 { return line + linesAbove }
      current = cmark_node_parent(here)
    }
    return linesAbove + 1
  }

  /// Counted in characters; libcmark counts bytes.
  private func column(of node: OpaquePointer) -> Int {
    let bytes = Int(cmark_node_get_start_column(node)) - 1
    guard bytes > 0, case let number = line(of: node), number <= lines.count else { return 1 }
    return lines[number - 1].utf8.prefix(bytes).count { $0 & 0xC0 != 0x80 } + 1
  }

  /// A link that is none shows its brackets to every reader.
  private mutating func surveyText(_ node: OpaquePointer) {
    guard Markdown.string(cmark_node_get_literal(node)).contains("](cert:") else { return }
    let line = line(of: node)
    diagnostics.append(
      file.diagnostic(
        "bad-certificate-link", line: line, column: bracket(in: line) ?? column(of: node),
        message: "A link to a certificate is its number or code behind cert:, and nothing else",
        hint: "write it as in [words](cert:13134 7318 2 0001234 2025)"))
  }

  /// The column of the bracket that opens the first such link of a line.
  private func bracket(in number: Int) -> Int? {
    guard lines.indices.contains(number - 1), case let line = lines[number - 1],
      let end = line.range(of: "](cert:"),
      let start = line[..<end.lowerBound].lastIndex(of: "[")
    else { return nil }
    return line.unicodeScalars.distance(from: line.startIndex, to: start) + 1
  }

  private mutating func surveyHTML(_ node: OpaquePointer) {
    if allowsRawHTML { return }
    let html = Markdown.string(cmark_node_get_literal(node))
    // Comments are how editors leave notes to each other; dropping them is what they want.
    if html.hasPrefix("<!--") {
      let behind = html.replacing(#/<!--.*?-->/#.dotMatchesNewlines(), with: "")
      if behind.allSatisfy(\.isWhitespace) || behind.hasPrefix("<!--") { return }
      diagnostics.append(
        file.diagnostic(
          "raw-html", .warning, line: line(of: node), column: column(of: node),
          message: "Text on the line on which a comment ends is left out with it",
          hint: "begin the text on a line of its own"))
      return
    }
    diagnostics.append(
      file.diagnostic(
        "raw-html", .warning, line: line(of: node), column: column(of: node),
        message: "Raw HTML is left out of the page",
        hint: "write it in Markdown; a < that belongs to the text is written &lt;"))
  }

  private mutating func surveyLink(_ node: OpaquePointer) {
    let destination = Markdown.string(cmark_node_get_url(node))
    let isImage = cmark_node_get_type(node) == CMARK_NODE_IMAGE
    guard LinkSafety.isSafe(destination) else {
      diagnostics.append(
        file.diagnostic(
          "unsafe-link", .warning, line: line(of: node), column: column(of: node),
          message: "Links lead to web pages, e-mail addresses or telephone numbers; this one was"
            + " removed and its text kept",
          hint: "link to an address that begins with https://, or to a page of the site"))
      return
    }
    if isImage, !LinkSafety.isOwn(destination) {
      diagnostics.append(
        file.diagnostic(
          "foreign-image", .warning, line: line(of: node), column: column(of: node),
          message: "Pictures come from this site alone; this one was removed and its text kept",
          hint: "put the picture beside the text, or link to the page that shows it"))
      return
    }
    let link = Markdown.Link(
      destination: destination, isImage: isImage, line: line(of: node), column: column(of: node))
    let isTable = link.table(from: file.path) != nil
    if isImage, Markdown.plainText(of: node).allSatisfy(\.isWhitespace) {
      diagnostics.append(
        isTable
          ? finding(
            "missing-alternative-text", at: node,
            message: "A table says in words what it shows, as its caption",
            hint: "write the caption between the brackets: ![Certificates by province](…)")
          : finding(
            "missing-alternative-text", at: node,
            message:
              "A picture says in words what is to be seen on it, for those who cannot see it",
            hint: "write the words between the brackets: ![an artisan draws with a canting](…)"))
    }
    if isTable, !Markdown.isAlone(node) {
      diagnostics.append(
        finding(
          "table-in-text", at: node,
          message: "A table is a paragraph of its own, and this one stands among words",
          hint: "leave an empty line above and below it"))
    }
    links.append(link)
  }

  private func finding(
    _ id: DiagnosticID, at node: OpaquePointer, message: String, hint: String
  ) -> Diagnostic {
    file.diagnostic(
      id, line: line(of: node), column: column(of: node), message: message, hint: hint)
  }

  private mutating func surveyHeading(_ node: OpaquePointer) {
    if cmark_node_get_heading_level(node) == 1 {
      diagnostics.append(
        file.diagnostic(
          "first-level-heading", .warning, line: line(of: node), column: column(of: node),
          message: "The title is a page's only first-level heading",
          hint: "begin headings in the text with ##"))
    }
    let base = slugText(Markdown.plainText(of: node))
    var id = base.isEmpty ? "section" : base
    var count = 2
    while headingIDs.contains(id) {
      id = "\(base.isEmpty ? "section" : base)-\(count)"
      count += 1
    }
    headingIDs.append(id)
  }
}

/// A text as part of an address: lowercase ASCII letters and digits joined by dashes.
///
/// Accents are dropped (`é` becomes `e`); anything else that is not a letter or digit separates.
public func slugText(_ text: String) -> String {
  var result = ""
  for scalar in text.lowercased().decomposedStringWithCanonicalMapping.unicodeScalars {
    switch scalar {
    case "a"..."z", "0"..."9": result.unicodeScalars.append(scalar)
    case _ where scalar.properties.generalCategory == .nonspacingMark, "'", "’": continue
    default: if !result.isEmpty, !result.hasSuffix("-") { result.append("-") }
    }
  }
  while result.hasSuffix("-") { result.removeLast() }
  return result
}
