import CCMark

/// Finds the lines on which footnotes begin, `[^1]: …`.
///
/// A note holds what an item of a list would hold. So libcmark is given an item in its place, which it reads with
/// all that is in it, and the item becomes the note. Otherwise it would take some notes for targets of links.
struct FootnoteLines {
  struct Note: Sendable {
    let label: String
    /// How many bytes its first line lost.
    let shift: Int
  }

  private(set) var lines: [String]
  /// By their lines, from 1.
  private(set) var notes: [Int: Note] = [:]

  init(_ body: String) {
    lines = body.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard body.holds("[^") else { return }
    let written = lines
    let marker = ["+", "-", "*"].first { marker in
      !written.contains { $0.drop { " >\t".contains($0) }.hasPrefix(marker + " ") }
    }
    for index in lines.indices where lines[index].contains("]:") {
      guard let match = lines[index].prefixMatch(of: /([ >]*)\[\^([^\[\]\s]+)\]:[ \t]*/) else {
        continue
      }
      let rest = lines[index][match.range.upperBound...]
      let item = (marker ?? "+") + (rest.isEmpty ? "" : "   ")
      lines[index] = match.1 + item + rest
      notes[index + 1] = Note(
        label: Self.normal(match.2), shift: written[index].utf8.count - lines[index].utf8.count)
    }
    // In code and HTML it is what it is.
    var items: Set<Int> = []
    if !notes.isEmpty {
      MarkdownTree(unread: lines.joined(separator: "\n")).walk { node in
        if node.type == CMARK_NODE_ITEM { items.insert(node.lines.first) }
        return .goInside
      }
    }
    for line in notes.keys where !items.contains(line) {
      lines[line - 1] = written[line - 1]
      notes[line] = nil
    }
  }

  /// Labels that differ in capitals alone are one.
  static func normal(_ label: some StringProtocol) -> String { label.lowercased() }
}
