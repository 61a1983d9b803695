import Foundation
import Input

/// Rows and columns from a CSV file beside the texts, or from the text itself.
public struct Table: Sendable, Hashable {
  /// What stands in a cell.
  public struct Cell: Sendable, Hashable, ExpressibleByStringLiteral {
    /// The words alone.
    public let text: String
    /// The words as HTML, escaped, with what Markdown made of them.
    let html: String

    package init(text: String, html: String) {
      self.text = text
      self.html = html
    }

    /// A cell of words that mean nothing but themselves.
    package init(_ text: String) {
      self.init(text: text, html: HTML.escaped(text))
    }

    public init(stringLiteral text: String) {
      self.init(text)
    }
  }

  /// Where the words of a column stand, if somebody said so.
  enum Alignment: Int, Sendable, Hashable {
    case left = 1, center, right

    init?(name: String) {
      switch name {
      case "left": self = .left
      case "center": self = .center
      case "right": self = .right
      default: return nil
      }
    }
  }

  /// The heading of each column; empty where no column has one.
  public let headings: [Cell]
  /// One cell for each column.
  public let rows: [[Cell]]
  private let alignments: [Alignment?]

  package init(headings: [String], rows: [[String]]) {
    self.init(
      headings: headings.map { Cell($0) }, rows: rows.map { row in row.map { Cell($0) } },
      alignments: [])
  }

  /// A table whose rows may be shorter than others.
  init(headings: [Cell], rows: [[Cell]], alignments: [Alignment?]) {
    let width = max(headings.count, rows.map(\.count).max() ?? 0)
    func filled(_ cells: [Cell]) -> [Cell] {
      cells + Array(repeating: Cell(""), count: width - cells.count)
    }
    self.headings = headings.isEmpty ? [] : filled(headings)
    self.rows = rows.map(filled)
    self.alignments = alignments + Array(repeating: nil, count: max(0, width - alignments.count))
  }

  /// The table as HTML that says which heading belongs to which cell, and scrolls by itself where
  /// it is wider than the page.
  ///
  /// - Parameter caption: plain text; it names the table. Where it is empty, the headings do.
  func html(caption: String) -> String {
    let name = caption.isEmpty ? headings.map(\.text).joined(separator: ", ") : caption
    let columns = alignments.indices.map { columnClass($0) }
    let top = zip(headings, columns).map { heading, look in
      "<th scope=\"col\"\(look)>\(heading.html)</th>"
    }
    let body = rows.map { row in
      let cells = row.indices.map { column in
        // What a row is about stands first, unless the whole table is figures.
        let isHeading = column == 0 && !headings.isEmpty && !isOfNumbers(0) && !row[0].text.isEmpty
        return isHeading
          ? "<th scope=\"row\"\(columns[column])>\(row[column].html)</th>"
          : "<td\(columns[column])>\(row[column].html)</td>"
      }
      return "<tr>\(cells.joined())</tr>\n"
    }
    let region = name.isEmpty ? "" : " role=\"region\" aria-label=\"\(HTML.escaped(name))\""
    let parts = [
      "<div class=\"table\"\(region) tabindex=\"0\">\n<table>",
      caption.isEmpty ? nil : "<caption>\(HTML.escaped(caption))</caption>",
      headings.isEmpty ? nil : "<thead>\n<tr>\(top.joined())</tr>\n</thead>",
      rows.isEmpty ? nil : "<tbody>\n\(body.joined())</tbody>",
      "</table>\n</div>",
    ]
    return parts.compactMap { $0 }.joined(separator: "\n")
  }

  /// Numbers stand flush right unless somebody said otherwise.
  private func columnClass(_ column: Int) -> String {
    switch alignments[column] {
    case .left: " class=\"left\""
    case .center: " class=\"center\""
    case .right: " class=\"number\""
    case nil: isOfNumbers(column) ? " class=\"number\"" : ""
    }
  }

  /// Every word of the table, for those who search.
  var plainText: String {
    ([headings] + rows).joined().map(\.text).joined(separator: " ")
  }

  /// Whether a column's cells are numbers, or empty, or a dash; one number is needed.
  func isOfNumbers(_ column: Int) -> Bool {
    var hasNumber = false
    for row in rows {
      let cell = row[column].text
      if Self.isNumber(cell) {
        hasNumber = true
      } else if !cell.allSatisfy({ "-–—".contains($0) }) {
        return false
      }
    }
    return hasNumber
  }

  private static let units = ["Rp", "IDR", "USD", "US$", "$", "EUR", "€", "%"]

  /// Whether a cell is a number as people write it: `1.250`, `-3,5 %`, `Rp 150.000`, `USD 17.5`.
  static func isNumber(_ cell: String) -> Bool {
    var rest = cell.filter { !$0.isWhitespace }[...]
    for unit in units where rest.hasPrefix(unit) {
      rest = rest.dropFirst(unit.count)
      break
    }
    for unit in units where rest.hasSuffix(unit) {
      rest = rest.dropLast(unit.count)
      break
    }
    if let sign = rest.first, "+-−".contains(sign) { rest = rest.dropFirst() }
    guard let first = rest.first, let last = rest.last, isDigit(first), isDigit(last) else {
      return false
    }
    return rest.allSatisfy { isDigit($0) || $0 == "." || $0 == "," }
  }

  private static func isDigit(_ character: Character) -> Bool {
    ("0"..."9").contains(character)
  }
}
