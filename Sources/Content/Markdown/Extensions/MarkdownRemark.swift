/// Something that a text's author should hear of, found while the text was taken apart.
struct MarkdownRemark: Sendable {
  enum Kind: Sendable {
    case largeTable(rows: Int, columns: Int)
    /// A row has more cells than there are headings.
    case longRow(cells: Int, columns: Int)
    /// No note has this label.
    case missingNote(String)
    /// No mark refers to this note.
    case unusedNote(String)
    case secondNote(String)
    /// HTML whose tags are left out, by their names.
    case leftOut([String])
    case unclosedComment
    case textBehindComment
  }

  let kind: Kind
  /// Of the text as libcmark got it, from 1; for tables, of the body.
  let line: Int
  let column: Int

  init(_ kind: Kind, line: Int, column: Int) {
    self.kind = kind
    self.line = line
    self.column = column
  }
}
