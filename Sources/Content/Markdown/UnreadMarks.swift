import Diagnostics
import Foundation

/// Signs in a text that were meant as Markdown, or as the language of another program's templates, and that the page
/// would show as they stand.
enum UnreadMarks {
  struct Mark {
    let id: DiagnosticID
    let severity: Severity
    /// In Unicode scalars from the beginning of the text.
    let offset: Int
    let message: String
    let hint: String
  }

  /// The first sign of each kind in a text, which stands in no code.
  ///
  /// - Parameters:
  ///   - startsLine: whether the text begins a line of the page.
  ///   - readsTables: whether tables may be written in the text.
  static func find(in text: String, startsLine: Bool, readsTables: Bool) -> [Mark] {
    var marks: [Mark] = []
    if startsLine { marks += atStart(of: text, readsTables: readsTables) }
    guard ["[", "{", "**", "__", "!!! ", ":::"].contains(where: text.holds) else { return marks }
    func add(
      _ place: String.Index, _ id: DiagnosticID, _ message: String, _ hint: String,
      _ severity: Severity = .warning
    ) {
      let offset = text.unicodeScalars.distance(from: text.startIndex, to: place)
      marks.append(
        Mark(id: id, severity: severity, offset: offset, message: message, hint: hint))
    }
    if mayHoldTemplate(text), let match = text.firstMatch(of: template) {
      add(
        match.range.lowerBound, "template-syntax-in-text",
        "Readers see `\(short(match.output))` as it stands: it belongs to the templates of another program",
        "write in Markdown what it stood for; put it in `code` where readers are to see it")
    }
    if text.holds("]("), let match = text.firstMatch(of: /!?\[([^\[\]]*)\]\(([^()]*)\)?/) {
      // The template within was said already.
      if match.2.contains("{{") || match.2.contains("{%") { return marks }
      let (message, hint) = link(words: match.1, target: match.2, isImage: match.0.hasPrefix("!"))
      add(match.range.lowerBound, "unread-link", message, hint, .error)
    } else if text.holds("] ("),
      let match = text.firstMatch(
        of: /\[([^\[\]]+)\] \((https?:\/\/|www\.|\/|[^() ]+\.(md|pdf))[^()]*/)
    {
      add(
        match.range.lowerBound, "unread-link",
        "This is no link: a space stands between the words and the address",
        "write [\(match.1)](address) without the space")
    } else if text.holds(")["),
      let match = text.firstMatch(of: /\(([^()]+)\)\[(https?:\/\/|www\.|\/)/)
    {
      add(
        match.range.lowerBound, "unread-link",
        "This is no link: brackets and parentheses are swapped",
        "write [\(match.1)](address)")
    } else if text.holds("[["),
      let match = text.firstMatch(of: /!?\[\[([^\[\]]+)\]\]/)
    {
      add(
        match.range.lowerBound, "unread-link",
        "This is no link: two brackets mean nothing in Markdown",
        match.0.hasPrefix("!")
          ? "write ![what is to be seen](<\(match.1)>)" : "write [words](address)")
    }
    for sign in ["**", "__"] {
      guard text.holds(sign), let range = text.range(of: sign), !text.holds(sign + sign.prefix(1))
      else {
        continue
      }
      add(
        range.lowerBound, "unread-mark",
        "Readers see `\(sign)` as it stands, since it makes nothing bold here",
        "write \(sign)words\(sign) with no space inside; \\\(sign.prefix(1))\\\(sign.prefix(1)) shows the signs"
      )
    }
    return marks
  }

  /// A text without such signs, for summaries.
  static func without(_ text: String) -> String {
    guard ["[", "{", "**", "__", "~~", "|"].contains(where: text.holds) else { return text }
    var words = mayHoldTemplate(text) ? text.replacing(template, with: "") : text
    if words.holds("](") {
      words = words.replacing(/!?\[([^\[\]]*)\]\([^()]*\)/) { $0.1 }
    }
    if words.holds("[^") { words = words.replacing(/\[\^[^\[\] ]+\]/, with: "") }
    for sign in ["**", "__", "~~"] { words = words.replacing(sign, with: "") }
    guard words.holds("|") else { return words }
    return words.split { $0.isWhitespace || $0 == "|" }.filter {
      !$0.allSatisfy { "-:".contains($0) }
    }
    .joined(separator: " ")
  }

  private static func mayHoldTemplate(_ text: String) -> Bool {
    ["{{", "{%", "{:", "{#", "{.", "[/", "=\"", "=“", ":::", "!!! ", "[TOC]"].contains(
      where: text.contains)
  }

  /// Hugo's and Zola's shortcodes, Liquid, Jinja and Mustache; kramdown's and pandoc's attributes; WordPress's
  /// shortcodes; the admonitions of MkDocs and others.
  private static var template: Regex<Substring> {
    /\{\{[<%]?[^{}]*[%>]?\}?\}?|\{%[^{}]*%?\}?|\{[:#.][^{}]*\}|\[\/?[a-z][a-z_\-]*(?: [a-z_\-]+=["“][^\[\]]*)\]|\[\/[a-z_\-]+\]|(?m:^:::.*$)|(?m:^!!! .*$)|\[TOC\]/
  }

  private static func short(_ text: Substring) -> String {
    text.count > 40 ? text.prefix(39) + "…" : String(text)
  }

  private static func link(
    words: Substring, target: Substring, isImage: Bool
  ) -> (message: String, hint: String) {
    let mark = isImage ? "!" : ""
    let what = isImage ? "picture" : "link"
    let plain = target.trimmingCharacters(in: .whitespaces)
    if let quote = plain.firstIndex(where: { "“”„‘’«»".contains($0) }) {
      let address = plain[..<quote].trimmingCharacters(in: .whitespaces)
      return (
        "This is no \(what): curly quotes do not enclose a title",
        "write straight quotes: \(mark)[\(words)](\(address.isEmpty ? "address" : address) \"title\")"
      )
    }
    if plain.contains(" ") || plain.contains("\u{A0}") {
      return (
        "This is no \(what): its address has spaces",
        "write \(mark)[\(words)](<\(plain)>), or give the file a name without spaces"
      )
    }
    return (
      "This is no \(what): its address does not end, or has a sign that addresses do not have",
      "write \(mark)[\(words)](address), and the address in <…> where it has parentheses"
    )
  }

  /// Signs that begin lines.
  private static func atStart(of text: String, readsTables: Bool) -> [Mark] {
    func mark(_ message: String, _ hint: String) -> [Mark] {
      [Mark(id: "unread-mark", severity: .warning, offset: 0, message: message, hint: hint)]
    }
    guard let first = text.utf8.first, first >= 0x80 || "#-*+>|:0123456789".utf8.contains(first)
    else { return [] }
    if let match = text.prefixMatch(of: /(#{2,6})(\u{A0}?)[^#\s]/) {
      return mark(
        match.2.isEmpty
          ? "`\(match.1)` makes no heading without a space behind it"
          : "`\(match.1)` makes no heading with a non-breaking space behind it",
        "write `\(match.1) ` with an ordinary space, and then the words")
    }
    if let match = text.prefixMatch(of: /[-*+>]\u{A0}|\d{1,9}[.)]\u{A0}/) {
      return mark(
        "This is no list: the space behind `\(match.0.dropLast())` is a non-breaking one",
        "type the space again")
    }
    if let match = text.prefixMatch(of: /[•●▪◦‣·]\s*/) {
      return mark(
        "This is no list: `\(match.0.prefix(1))` means nothing in Markdown, and lines flow together",
        "begin each line of a list with `- `")
    }
    if text.holds("|"), TextTable.alignments(of: text[...]) != nil {
      return readsTables
        ? mark(
          "This is no table: the row of dashes has not as many cells as the row of headings above it",
          "write `| a | b |`, below it `|---|---|`, then the rows")
        : mark(
          "This is no table: `extensions` in site.yml leaves out tables in texts",
          "save the table as CSV beside the text, and show it by ![its caption](table.csv)")
    }
    return []
  }
}
