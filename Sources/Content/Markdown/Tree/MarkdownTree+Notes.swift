import CCMark
import Input

/// The notes of a text while marks in the text find them.
struct FootnoteList {
  struct Note {
    let label: String
    let node: OpaquePointer
    let line: Int
    let column: Int
  }

  /// Notes by their labels; the first of a label counts.
  var byLabel: [String: Note] = [:]
  /// Notes to which no mark leads.
  var others: [Note] = []
  /// In the order of the marks.
  private(set) var numbered: [(note: Note, marks: Int)] = []
  private var numbers: [String: Int] = [:]

  /// The number that a mark shows, and how many marks of the note there are with this one; nil without a note.
  mutating func mark(_ label: String) -> (number: Int, count: Int)? {
    if let number = numbers[label] {
      numbered[number - 1].marks += 1
      return (number, numbered[number - 1].marks)
    }
    guard let note = byLabel.removeValue(forKey: label) else { return nil }
    numbered.append((note, 1))
    numbers[label] = numbered.count
    return (numbered.count, 1)
  }

  /// Takes the first note that no mark found, and whether it is the first of its label.
  mutating func takeUnmarked() -> (note: Note, isFirst: Bool)? {
    if let note = byLabel.values.min(by: { ($0.line, $0.column) < ($1.line, $1.column) }) {
      byLabel[note.label] = nil
      return (note, true)
    }
    return others.isEmpty ? nil : (others.removeFirst(), false)
  }

  /// The id of the place of a mark. No heading has such an id, since theirs have no underscores.
  static func markID(_ number: Int, _ count: Int) -> String {
    count == 1 ? "ref_\(number)" : "ref_\(number)_\(count)"
  }

  static func noteID(_ number: Int) -> String { "note_\(number)" }
}

extension MarkdownTree {
  /// Takes the notes out of the text; whoever gets them puts them back.
  mutating func takeNotes(_ source: MarkdownSource) -> FootnoteList {
    var list = FootnoteList()
    guard !source.notes.isEmpty else { return list }
    var items: [(node: OpaquePointer, note: FootnoteLines.Note)] = []
    walk { node in
      if node.type == CMARK_NODE_ITEM,
        let note = source.notes[node.lines.first - source.linesBefore]
      {
        items.append((node.pointer, note))
      }
      return .goInside
    }
    for (item, note) in items {
      let (line, column) = source.origin(
        line: MarkdownNode(item).lines.first, column: MarkdownNode(item).columns.first)
      let own = Self.newBlock(.note)
      Self.moveContent(of: item) { cmark_node_append_child(own, $0) }
      let parent = cmark_node_parent(item)
      cmark_node_free(item)
      if let parent, cmark_node_first_child(parent) == nil { cmark_node_free(parent) }
      let shift = source.notes[line]?.shift ?? 0
      let found = FootnoteList.Note(
        label: note.label, node: own, line: line, column: max(1, column - shift))
      if list.byLabel[note.label] == nil {
        list.byLabel[note.label] = found
      } else {
        remarks.append(
          MarkdownRemark(.secondNote(note.label), line: found.line, column: found.column))
        list.others.append(found)
      }
    }
    return list
  }

  /// Puts the notes at the end, each with links back to its marks.
  ///
  /// - Parameter read: reads what is in a note, which may have marks too.
  mutating func putBack(
    _ list: inout FootnoteList,
    read: (inout MarkdownTree, OpaquePointer, inout FootnoteList) -> Void
  ) {
    guard !(list.numbered.isEmpty && list.byLabel.isEmpty && list.others.isEmpty) else { return }
    let section = Self.newBlock(
      .none, before: "<section class=\"notes\" role=\"doc-endnotes\">", after: "</section>")
    cmark_node_append_child(document, section)
    let ordered = Self.newBlock(.none, before: "<ol>", after: "</ol>")
    let unordered = Self.newBlock(.none, before: "<ul>", after: "</ul>")
    cmark_node_append_child(section, ordered)
    cmark_node_append_child(section, unordered)
    var next = 0
    while true {
      // A note may have marks itself, those of notes to which nothing leads too.
      while next < list.numbered.count {
        let node = list.numbered[next].note.node
        cmark_node_append_child(ordered, node)
        next += 1
        read(&self, node, &list)
      }
      guard let other = list.takeUnmarked() else { break }
      if other.isFirst {
        remarks.append(
          MarkdownRemark(
            .unusedNote(other.note.label), line: other.note.line, column: other.note.column))
      }
      cmark_node_set_on_enter(other.note.node, "<li>")
      cmark_node_set_on_exit(other.note.node, "</li>")
      cmark_node_append_child(unordered, other.note.node)
      read(&self, other.note.node, &list)
    }
    for (index, note) in list.numbered.enumerated() {
      Self.close(note.note.node, number: index + 1, marks: note.marks)
    }
    for part in [ordered, unordered] where cmark_node_first_child(part) == nil {
      cmark_node_free(part)
    }
  }

  /// Lets marks and notes find each other on a page that is elsewhere.
  mutating func leadNotes(to page: String) {
    walk { node in
      if node.isOfKind(.noteReference), let html = cmark_node_get_on_enter(node.pointer) {
        let absolute = String(cString: html).replacing(
          "href=\"#", with: "href=\"\(HTML.address(page))#")
        cmark_node_set_on_enter(node.pointer, absolute)
      }
      return .goInside
    }
  }

  private static func close(_ note: OpaquePointer, number: Int, marks: Int) {
    cmark_node_set_on_enter(note, "<li id=\"\(FootnoteList.noteID(number))\">")
    cmark_node_set_on_exit(note, "</li>")
    let links = (1...marks).map { count in
      " <a href=\"#\(FootnoteList.markID(number, count))\" role=\"doc-backlink\""
        + " aria-label=\"↩ \(number)\">↩</a>"
    }
    let back = new(CMARK_NODE_CUSTOM_INLINE)
    cmark_node_set_on_enter(back, links.joined())
    cmark_node_set_user_data(back, NodeRole(.noteReference, value: number).pointer)
    if let last = cmark_node_last_child(note), cmark_node_get_type(last) == CMARK_NODE_PARAGRAPH {
      cmark_node_append_child(last, back)
    } else {
      let paragraph = new(CMARK_NODE_PARAGRAPH)
      cmark_node_append_child(paragraph, back)
      cmark_node_append_child(note, paragraph)
    }
  }
}
