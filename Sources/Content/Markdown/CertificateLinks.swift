import CCMark
import Foundation

/// Links such as `[…](cert:13134 7318 2 0001234 2025)`, which CommonMark would not take for links:
/// its destinations have no spaces.
enum CertificateLinks {
  static let scheme = "cert"

  /// The text with the spaces of such destinations made `_`, so that no column moves; code is left
  /// alone.
  static func closed(in body: String) -> String {
    guard body.holds("](cert:") else { return body }
    let code = codePlaces(in: body)
    let lines = body.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.enumerated().map { index, line in
      let places = code[index + 1] ?? []
      var (result, written, column) = ("", line.startIndex, 1)
      for match in line.matches(of: /\]\(cert:([^()<>"]*)\)/) {
        let before = line[written..<match.range.lowerBound]
        column += before.utf8.count
        let isCode = places.contains { $0.contains(column) }
        // One byte for one byte: no column moves.
        result += before
        result += isCode ? match.0 : match.0.replacing(" ", with: "_")
        column += match.0.utf8.count
        written = match.range.upperBound
      }
      return result + line[written...]
    }.joined(separator: "\n")
  }

  /// The columns of each line in which code stands.
  private static func codePlaces(in body: String) -> [Int: [ClosedRange<Int>]] {
    var places: [Int: [ClosedRange<Int>]] = [:]
    MarkdownTree(unread: body).walk { node in
      guard node.type == CMARK_NODE_CODE || node.type == CMARK_NODE_CODE_BLOCK else {
        return .goInside
      }
      let lines = node.lines.first...max(node.lines.first, node.lines.last)
      let columns = node.columns.first...max(node.columns.first, node.columns.last)
      let isPartOfLine = node.type == CMARK_NODE_CODE && lines.count == 1
      for line in lines { places[line, default: []].append(isPartOfLine ? columns : 1...Int.max) }
      return .passOver
    }
    return places
  }
}
