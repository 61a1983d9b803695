/// A standing page: a text that belongs to no day.
public struct Page: Sendable {
  /// The file's name without language and ending; it decides address and template.
  public let name: String
  public let language: String
  public let title: String
  public let description: String?
  /// The label in the menu, where it is shorter than the title.
  public let navigation: String?
  public let text: Markdown
  /// The file, relative to the project.
  public let path: String
}
