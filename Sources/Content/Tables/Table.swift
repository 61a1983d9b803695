import Foundation
import Input

/// Rows and columns from a CSV file beside the texts, shown where a text names it like a picture.
public struct Table: Sendable, Hashable {
  /// The heading of each column.
  public let headings: [String]
  /// One text for each column.
  public let rows: [[String]]

  package init(headings: [String], rows: [[String]]) {
    self.headings = headings
    self.rows = rows
  }

  /// The table as HTML that says which heading belongs to which cell, and scrolls by itself where
  /// it is wider than the page.
  ///
  /// - Parameter caption: plain text; it names the table.
  func html(caption: String) -> String {
    let name = HTML.escaped(caption)
    let columns = headings.indices.map { isOfNumbers($0) ? " class=\"number\"" : "" }
    let top = zip(headings, columns).map { heading, mark in
      "<th scope=\"col\"\(mark)>\(HTML.escaped(heading))</th>"
    }
    let body = rows.map { row in
      let cells = row.indices.map { column in
        // What a row is about stands first, unless the whole table is figures.
        let isHeading = column == 0 && columns[0].isEmpty
        let cell = HTML.escaped(row[column])
        return isHeading
          ? "<th scope=\"row\">\(cell)</th>" : "<td\(columns[column])>\(cell)</td>"
      }
      return "<tr>\(cells.joined())</tr>\n"
    }
    return """
      <div class="table" role="region" aria-label="\(name)" tabindex="0">
      <table>
      <caption>\(name)</caption>
      <thead>
      <tr>\(top.joined())</tr>
      </thead>
      <tbody>
      \(body.joined())</tbody>
      </table>
      </div>
      """
  }

  /// Every word of the table, for those who search.
  var plainText: String { ([headings] + rows).joined().joined(separator: " ") }

  /// Whether a column's cells are numbers, or empty, or a dash; one number is needed.
  func isOfNumbers(_ column: Int) -> Bool {
    var hasNumber = false
    for row in rows {
      let cell = row[column]
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
