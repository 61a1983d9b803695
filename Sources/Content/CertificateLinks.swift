import CCMark
import Foundation

/// Links such as `[…](cert:13134 7318 2 0001234 2025)`, which CommonMark would not take for links:
/// its destinations have no spaces.
enum CertificateLinks {
  static let scheme = "cert"

  /// The text with the spaces of such destinations made `_`, so that no column moves; code is left
  /// alone.
  static func closed(in body: String) -> String {
    guard body.contains("](cert:") else { return body }
    let code = codePlaces(in: body)
    let lines = body.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return lines.enumerated().map { index, line in
      guard line.contains("](cert:") else { return line }
      var result = line
      for match in line.matches(of: /\]\(cert:([^()<>"]*)\)/).reversed() {
        let column = line.utf8.distance(from: line.startIndex, to: match.range.lowerBound) + 1
        let isCode = code.contains { place in
          place.lines.contains(index + 1) && (place.columns?.contains(column) ?? true)
        }
        if isCode { continue }
        // One byte for one byte: the indices of what stands before stay good.
        let closed = String(match.1).replacing(" ", with: "_")
        result.replaceSubrange(match.1.startIndex..<match.1.endIndex, with: closed)
      }
      return result
    }.joined(separator: "\n")
  }

  /// Where code stands: whole lines, or columns of a line.
  private static func codePlaces(
    in body: String
  ) -> [(lines: ClosedRange<Int>, columns: ClosedRange<Int>?)] {
    Markdown.withDocument(body) { document in
      Markdown.nodes(of: document).compactMap { node in
        let type = cmark_node_get_type(node)
        guard type == CMARK_NODE_CODE || type == CMARK_NODE_CODE_BLOCK else { return nil }
        let first = Int(cmark_node_get_start_line(node))
        let lines = first...max(first, Int(cmark_node_get_end_line(node)))
        guard type == CMARK_NODE_CODE, lines.count == 1 else { return (lines, nil) }
        let start = Int(cmark_node_get_start_column(node))
        return (lines, start...max(start, Int(cmark_node_get_end_column(node))))
      }
    }
  }
}
