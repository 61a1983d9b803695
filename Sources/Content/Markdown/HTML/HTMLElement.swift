/// What becomes of an element that somebody wrote as HTML.
enum HTMLElement {
  /// Words within a line, as a node of Markdown or as the same element without attributes.
  case emphasis, strong, struck, plain(String)
  case link, picture, lineBreak, rule
  case paragraph, heading(Int), quotation, list(isOrdered: Bool), item, code
  case table, row, cell(isHeading: Bool), tableCaption
  case figure, figureCaption, details, summary
  /// Stands for nothing by itself, such as `tbody`.
  case passedOver
  /// Left out, its words kept; they stand apart from those around it if it is a block.
  case unknown(isBlock: Bool)

  init(_ name: String) {
    self = Self.known[name] ?? .unknown(isBlock: Self.blocks.contains(name))
  }

  private static let known: [String: HTMLElement] = [
    "em": .emphasis, "i": .emphasis, "cite": .emphasis, "dfn": .emphasis, "var": .emphasis,
    "strong": .strong, "b": .strong, "del": .struck, "s": .struck, "strike": .struck,
    "sub": .plain("sub"), "sup": .plain("sup"), "small": .plain("small"), "mark": .plain("mark"),
    "kbd": .plain("kbd"), "code": .plain("code"), "tt": .plain("code"), "samp": .plain("samp"),
    "ins": .plain("ins"), "u": .plain("u"), "q": .plain("q"), "abbr": .plain("abbr"),
    "a": .link, "img": .picture, "br": .lineBreak, "hr": .rule, "p": .paragraph,
    "h1": .heading(1), "h2": .heading(2), "h3": .heading(3), "h4": .heading(4), "h5": .heading(5),
    "h6": .heading(6), "blockquote": .quotation, "ul": .list(isOrdered: false),
    "ol": .list(isOrdered: true), "li": .item, "pre": .code, "table": .table, "tr": .row,
    "td": .cell(isHeading: false), "th": .cell(isHeading: true), "caption": .tableCaption,
    "figure": .figure, "figcaption": .figureCaption, "details": .details, "summary": .summary,
    "thead": .passedOver, "tbody": .passedOver, "tfoot": .passedOver, "colgroup": .passedOver,
    "col": .passedOver, "wbr": .passedOver,
  ]

  private static let blocks: Set<String> = [
    "address", "article", "aside", "audio", "body", "center", "dd", "dir", "div", "dl", "dt",
    "fieldset", "footer", "form", "head", "header", "hgroup", "html", "iframe", "legend", "main",
    "menu",
    "nav", "noscript", "object", "option", "picture", "section", "select", "title", "video",
  ]
}
