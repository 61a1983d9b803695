import CCMark
import Diagnostics
import Files
import Foundation
import Input

/// One walk over a parsed text that collects its links, headings and mistakes.
struct MarkdownLint {
  let source: MarkdownSource
  let linesAbove: Int
  let file: SourceFile
  let allowsRawHTML: Bool
  private let lines: [String]
  /// The last place of which a column was asked, since lines may be long and have many links.
  private var known = (line: 0, bytes: 0, column: 1)
  var links: [Markdown.Link] = []
  var headingIDs: [String] = []
  var diagnostics: [Diagnostic] = []
  private var checksReferences = true
  /// How often a heading of these words occurred.
  private var headingCounts: [String: Int] = [:]
  private var knownIDs: Set<String> = []
  private var hasHTML = false
  /// The lines that libcmark got.
  private let parsedLines: [Substring]

  init(source: MarkdownSource, linesAbove: Int, file: SourceFile, allowsRawHTML: Bool) {
    self.source = source
    parsedLines = source.text.split(separator: "\n", omittingEmptySubsequences: false)
    self.linesAbove = linesAbove
    self.file = file
    self.allowsRawHTML = allowsRawHTML
    lines = file.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  mutating func walk(_ tree: borrowing MarkdownTree) {
    let offences = file.forbiddenCharacters(below: linesAbove, where: \.isForbiddenInText)
    diagnostics += offences
    checksReferences = offences.isEmpty
    tree.walk { survey($0) }
    for remark in tree.remarks { survey(remark) }
  }

  private mutating func survey(_ node: MarkdownNode) -> MarkdownNode.Step {
    surveyReferences(node)
    switch node.type {
    case CMARK_NODE_HTML_BLOCK, CMARK_NODE_HTML_INLINE: surveyHTML(node)
    case CMARK_NODE_LINK: surveyLink(node)
    case CMARK_NODE_IMAGE:
      surveyLink(node)
      surveyAlternativeText(of: node)
      return .passOver
    case CMARK_NODE_HEADING: surveyHeading(node)
    case CMARK_NODE_TEXT: surveyText(node)
    default: break
    }
    return .goInside
  }

  private func line(of node: MarkdownNode) -> Int {
    let place = node.place
    return source.origin(line: place.line, column: place.column).line + linesAbove
  }

  /// Counted in characters; libcmark counts bytes.
  private mutating func column(of node: MarkdownNode) -> Int {
    let place = node.place
    let origin = source.origin(line: place.line, column: place.column)
    return column(line: origin.line + linesAbove, byte: origin.column)
  }

  mutating func column(line number: Int, byte column: Int) -> Int {
    let bytes = column - 1
    guard bytes > 0, number <= lines.count else { return 1 }
    if known.line != number || known.bytes > bytes { known = (number, 0, 1) }
    let between = lines[number - 1].utf8.dropFirst(known.bytes).prefix(bytes - known.bytes)
    known = (number, bytes, known.column + between.count { $0 & 0xC0 != 0x80 })
    return known.column
  }

  /// Finds forbidden characters that were written as references, such as `&#x202E;`.
  private mutating func surveyReferences(_ node: MarkdownNode) {
    guard checksReferences else { return }
    for text in node.decodedTexts {
      guard let scalar = text.unicodeScalars.first(where: \.isForbiddenInText) else { continue }
      let words = ForbiddenCharacter(scalar)
      diagnostics.append(
        finding(ForbiddenCharacter.id, at: node, message: words.message, hint: words.hint))
    }
  }

  /// Alternative text is plain text: a link or picture in it is dropped, and its words stay.
  private mutating func surveyAlternativeText(of image: MarkdownNode) {
    var hasLink = false
    image.walk { node in
      if node == image { return .goInside }
      surveyReferences(node)
      switch node.type {
      case CMARK_NODE_HTML_INLINE: surveyHTML(node)
      case CMARK_NODE_TEXT: surveyText(node)
      case CMARK_NODE_LINK, CMARK_NODE_IMAGE:
        if hasLink { break }
        hasLink = true
        diagnostics.append(
          finding(
            "link-in-alternative-text", .warning, at: node,
            message:
              "A link or picture inside the words of a picture is dropped, and its text kept",
            hint: "write it outside; a picture that is a link is written"
              + " [![words](picture.jpg)](address)"))
      default: break
      }
      return .goInside
    }
  }

  /// What was meant as a sign and is none shows to every reader.
  private mutating func surveyText(_ node: MarkdownNode) {
    if node.literal.holds("](cert:") {
      let line = line(of: node)
      let message = "A link to a certificate is its number or code behind cert:, and nothing else"
      diagnostics.append(
        finding(
          "bad-certificate-link", line: line, column: bracket(in: line) ?? column(of: node),
          message: message, hint: "write it as in [words](cert:13134 7318 2 0001234 2025)"))
      return
    }
    let text = node.literal
    // A bare address that is a link of its own may have been meant as part of another.
    let marks = UnreadMarks.find(
      in: text + (node.bareAddressBehind ?? ""), startsLine: node.startsLine,
      readsTables: source.extensions.contains(.tables))
    guard !marks.isEmpty else { return }
    let written = LiteralText(node, lines: parsedLines)
    for mark in marks {
      let byte = text.unicodeScalars.prefix(mark.offset).reduce(0) { $0 + $1.utf8.count }
      guard byte < written.bytes.count, written.isLiteral(byte) else { continue }
      diagnostics.append(
        finding(
          mark.id, mark.severity, line: line(of: node), column: column(of: node) + mark.offset,
          message: mark.message,
          hint: mark.hint))
    }
  }

  /// The column of the bracket that opens the first such link of a line.
  private func bracket(in number: Int) -> Int? {
    guard lines.indices.contains(number - 1), case let line = lines[number - 1],
      let end = line.range(of: "](cert:"),
      let start = line[..<end.lowerBound].lastIndex(of: "[")
    else { return nil }
    return line.unicodeScalars.distance(from: line.startIndex, to: start) + 1
  }

  /// HTML that stays HTML, since the site does without what would read it.
  private mutating func surveyHTML(_ node: MarkdownNode) {
    if allowsRawHTML || hasHTML { return }
    let html = node.literal
    // Comments are how editors leave notes to each other; dropping them is what they want.
    if html.hasPrefix("<!--") {
      let behind = html.replacing(#/<!--.*?-->/#.dotMatchesNewlines(), with: "")
      if behind.allSatisfy(\.isWhitespace) { return }
    }
    hasHTML = true
    diagnostics.append(
      finding(
        "raw-html", .warning, at: node,
        message: "HTML is left out of the page, and blocks of it with their words",
        hint: "write it in Markdown; a < that belongs to the text is written &lt;"))
  }

  private mutating func surveyLink(_ node: MarkdownNode) {
    let destination = node.destination
    let isImage = node.type == CMARK_NODE_IMAGE
    if let fault = Self.fault(of: node) {
      diagnostics.append(finding(fault.id, at: node, message: fault.message, hint: fault.hint))
      return
    }
    guard LinkSafety.isSafe(destination) else {
      diagnostics.append(
        finding(
          "unsafe-link", .warning, at: node,
          message: "Links lead to web pages, e-mail addresses or telephone numbers; this one was"
            + " removed and its text kept",
          hint: "link to an address that begins with https://, or to a page of the site"))
      return
    }
    if isImage, !LinkSafety.isOwn(destination) {
      diagnostics.append(
        finding(
          "foreign-image", .warning, at: node,
          message: "Pictures come from this site alone; this one was removed and its text kept",
          hint: "put the picture beside the text, or link to the page that shows it"))
      return
    }
    let link = Markdown.Link(
      destination: destination, isImage: isImage, line: line(of: node), column: column(of: node))
    let isTable = link.table(from: file.path) != nil
    if isImage, node.plainText().allSatisfy(\.isWhitespace) {
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
    if isTable, node.parent?.onlyPicture == nil {
      diagnostics.append(
        finding(
          "table-in-text", at: node,
          message: "A table is a paragraph of its own, and this one stands among words",
          hint: "leave an empty line above and below it"))
    }
    links.append(link)
  }

  /// What keeps a link from being one, whatever it leads to.
  private static func fault(
    of node: MarkdownNode
  ) -> (id: DiagnosticID, message: String, hint: String)? {
    let isImage = node.type == CMARK_NODE_IMAGE
    let destination = node.destination
    if ["{{", "{%", "%7B%7B", "%7B%25"].contains(where: destination.contains) {
      return (
        "template-syntax-in-text",
        "The address belongs to the templates of another program: \(destination.removingPercentEncoding ?? destination)",
        "write the address itself, or the name of a file beside this one"
      )
    }
    if destination.allSatisfy(\.isWhitespace)
      || ["http:", "http://", "https:", "https://"].contains(destination)
    {
      return isImage
        ? (
          "broken-link", "This picture names no file",
          "write the file's name between the parentheses: ![what is to be seen](picture.jpg)"
        )
        : (
          "broken-link", "This link leads nowhere: it has no address",
          "write the address between the parentheses, or the words without brackets"
        )
    }
    let shows = node.plainText().contains { !$0.isWhitespace }
    if !isImage, !shows, !node.children.contains(where: { $0.type == CMARK_NODE_IMAGE }) {
      return (
        "link-without-words", "This link has no words, so nobody sees it",
        "write between the brackets what it leads to: [the list](\(destination))"
      )
    }
    return nil
  }

  private mutating func finding(
    _ id: DiagnosticID, _ severity: Severity = .error, at node: MarkdownNode, message: String,
    hint: String
  ) -> Diagnostic {
    finding(
      id, severity, line: line(of: node), column: column(of: node), message: message, hint: hint)
  }

  /// All excerpts of a line share its text, however many there are.
  func finding(
    _ id: DiagnosticID, _ severity: Severity = .error, line: Int, column: Int, message: String,
    hint: String
  ) -> Diagnostic {
    Diagnostic(
      id, severity, at: SourceLocation(path: file.path, line: line, column: column),
      message: message, hint: hint,
      excerpt: lines.indices.contains(line - 1)
        ? Excerpt(line: lines[line - 1], column: column) : nil)
  }

  private mutating func surveyHeading(_ node: MarkdownNode) {
    if node.headingLevel == 1 {
      diagnostics.append(
        finding(
          "first-level-heading", .warning, at: node,
          message: "The title is a page's only first-level heading",
          hint: "begin headings in the text with ##"))
    }
    let words = slugText(node.plainText())
    let base = words.isEmpty ? "section" : words
    var count = headingCounts[base, default: 0] + 1
    var id = count == 1 ? base : "\(base)-\(count)"
    while knownIDs.contains(id) {
      count += 1
      id = "\(base)-\(count)"
    }
    headingCounts[base] = count
    knownIDs.insert(id)
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
