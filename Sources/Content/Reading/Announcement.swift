public import Diagnostics
public import Input

/// An announcement: a text with a date.
public struct Announcement: Sendable {
  /// A word to find announcements by.
  public struct Tag: Sendable, Hashable {
    /// As the editor wrote it.
    public let label: String
    /// The part of an address that names it.
    public let slug: String
    public let place: SettingPlace
  }

  /// The picture that stands for the announcement.
  public struct Picture: Sendable {
    /// Where it is named, in the way of an image of the text.
    public let link: Markdown.Link
    public let alternativeText: String
  }

  /// Whether readers see an announcement.
  public enum State: Sendable, Hashable {
    case published, draft, future, expired
  }

  /// The file's name without language and ending, as in `2024-10-15-gathering`.
  public let name: String
  public let language: String
  public let title: String
  /// The moment it is dated.
  public let moment: SiteMoment
  /// The moment of its last change.
  public let revised: SiteMoment?
  /// When readers see it first; its date where the editor says nothing else.
  public let appears: SiteMoment
  public let expires: SiteMoment?
  public let isDraft: Bool
  /// The part of the address that names the announcement.
  public let slug: String
  public let summary: String
  public let tags: [Tag]
  public let authors: [String]
  public let picture: Picture?
  public let aliases: [Alias]
  /// What translations of an announcement share: their name, or what the editor chose.
  public let pairing: String
  public let isPinned: Bool
  /// What only templates understand.
  public let extra: [String: YAMLTree]
  public let text: Markdown
  /// The file, relative to the project.
  public let path: String
  /// Where its settings stand, by their keys.
  let places: [String: SettingPlace]

  /// The day it is dated, in the site's zone.
  public var date: CalendarDate { moment.day }

  /// The day of its last change.
  public var updated: CalendarDate? { revised?.day }

  /// Whether most of it is written from right to left.
  public var isRightToLeft: Bool {
    TextDirection.isRightToLeft(title + text.plainText { _ in nil })
  }

  /// Every link and picture, in the text and above it.
  public var links: [Markdown.Link] { (picture.map { [$0.link] } ?? []) + text.links }

  /// A finding at one of its settings, or at the title where that one is absent.
  public func diagnostic(
    _ id: DiagnosticID, _ severity: Severity = .error, at setting: String, message: String,
    hint: String
  ) -> Diagnostic {
    text.diagnostic(
      id, severity, at: places[setting] ?? places["title"], message: message, hint: hint)
  }

  /// Whether readers see it at a moment.
  public func state(at now: SiteMoment) -> State {
    if isDraft { return .draft }
    if let expires, expires <= now { return .expired }
    return appears <= now ? .published : .future
  }
}
