public import Diagnostics

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
  /// Addresses that the page had before.
  public let aliases: [Alias]
  /// The file, relative to the project.
  public let path: String
  /// Where its settings stand, by their keys.
  let places: [String: SettingPlace]

  /// Whether most of it is written from right to left.
  public var isRightToLeft: Bool {
    TextDirection.isRightToLeft(title + text.plainText { _ in nil })
  }

  /// A finding at one of its settings, or at the title where that one is absent.
  public func diagnostic(
    _ id: DiagnosticID, _ severity: Severity = .error, at setting: String, message: String,
    hint: String
  ) -> Diagnostic {
    text.diagnostic(
      id, severity, at: places[setting] ?? places["title"], message: message, hint: hint)
  }
}
