import CCMark
import Diagnostics

extension MarkdownLint {
  /// Says what was found while the text was taken apart.
  mutating func survey(_ remark: MarkdownRemark) {
    let (id, severity, message, hint) = Self.words(remark.kind)
    let line = remark.line + linesAbove
    diagnostics.append(
      finding(
        id, severity, line: line, column: column(line: line, byte: remark.column),
        message: message, hint: hint))
  }

  private static func words(
    _ kind: MarkdownRemark.Kind
  ) -> (id: DiagnosticID, severity: Severity, message: String, hint: String) {
    switch kind {
    case .largeTable(let rows, let columns):
      (
        "large-table", .error,
        "A table in a text has at most \(TableReader.largestRowCount) rows and"
          + " \(TableReader.largestColumnCount) columns, and this one has \(rows) rows and"
          + " \(columns) columns", "show the rows that matter, and link to a PDF for the rest"
      )
    case .longRow(let cells, let columns):
      (
        "wrong-field-count", .error,
        "This row has \(cells) cells and the table \(columns) columns, so that readers would not see"
          + " the rest",
        "write \\| for a pipe that belongs to the words, or give the table another heading"
      )
    case .missingNote(let label):
      (
        "missing-note", .warning, "No note belongs to the mark [^\(label)]",
        "write the note on a line of its own: [^\(label)]: its words"
      )
    case .unusedNote(let label):
      (
        "unused-note", .warning,
        "No mark in the text leads to the note [^\(label)]; it stands below the others, without a number",
        "write [^\(label)] where the note belongs"
      )
    case .secondNote(let label):
      (
        "unused-note", .warning,
        "Two notes have the label [^\(label)]; this one stands below the others, without a number",
        "give it a label of its own, and its mark too"
      )
    case .leftOut(let names):
      (
        "raw-html", .warning,
        "HTML is left out of the page and its words are kept: " + list(names),
        hint(for: names)
      )
    case .unclosedComment:
      (
        "unclosed-comment", .error,
        "A comment begins here and does not end, so that readers would"
          + " see nothing below it", "write --> where it ends"
      )
    case .textBehindComment:
      (
        "raw-html", .warning,
        "Text on the line on which a comment ends is not read as Markdown",
        "begin the text on a line of its own"
      )
    }
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(8).map { "`\($0)`" }.joined(separator: ", ")
    return names.count > 8 ? shown + " and \(names.count - 8) more" : shown
  }

  private static func hint(for names: [String]) -> String {
    if names.contains(where: ["iframe", "video", "embed", "object"].contains) {
      return
        "show a picture that leads to the video: [![what is to be seen](picture.jpg)](https://…)"
    }
    return "say it in Markdown where it matters; a < that belongs to the text is written &lt;"
  }
}
