public import Input

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

/// An announcement: a text with a date.
public struct Announcement: Sendable {
  /// The file's name without language and ending, as in `2024-10-15-gathering`.
  ///
  /// Translations of an announcement share it.
  public let name: String
  public let language: String
  public let title: String
  public let date: CalendarDate
  public let updated: CalendarDate?
  /// The part of the address that names the announcement.
  public let slug: String
  public let summary: String
  public let text: Markdown
  /// The file, relative to the project.
  public let path: String
}
