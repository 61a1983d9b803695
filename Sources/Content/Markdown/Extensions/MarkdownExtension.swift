/// What texts may hold beyond CommonMark; `extensions` in site.yml names those that a site wants.
public enum MarkdownExtension: String, Sendable, CaseIterable {
  /// Rows of cells between pipes, as in GitHub's Markdown.
  case tables
  /// `[^1]`, and `[^1]: …` for the note.
  case footnotes
  /// Bare web and e-mail addresses.
  case links
  /// `~~words~~`.
  case strikethrough
  /// The title of a picture that stands alone becomes its caption.
  case captions
  /// The harmless part of HTML.
  case html
}
