public import Content
public import Input
import Pages
import Project

/// An announcement as its editors see it, whether readers do or not.
public struct PreviewText: Sendable {
  /// The file, relative to the project.
  public let path: String
  public let title: String
  public let language: String
  public let state: Announcement.State
  /// When it appears, or, once its time is over, when that was.
  public let moment: SiteMoment
  /// Where the preview shows it; nil for one that it does not show.
  public let address: String?
  /// Languages of the site in which nobody has written it yet.
  public let missing: [String]
}

extension PreviewSite {
  public var languages: [String] { site.project.configuration.languages }

  /// The moment at which the site is shown.
  public var now: SiteMoment { site.project.outline.now }

  /// All announcements, newest first.
  public var texts: [PreviewText] {
    let (configuration, content) = (site.project.configuration, site.project.content)
    let all =
      content.announcements.map { ($0, isShown: true) }
      + content.withheld.map { ($0, isShown: false) }
    let written = Dictionary(grouping: all, by: \.0.pairing).mapValues { $0.map(\.0.language) }
    return all.sorted {
      ($1.0.moment, $0.0.path) < ($0.0.moment, $1.0.path)
    }.map { text, isShown in
      let state = text.state(at: now)
      return PreviewText(
        path: text.path, title: text.title, language: text.language, state: state,
        moment: state == .expired ? text.expires ?? text.appears : text.appears,
        address: isShown
          ? configuration.address("news/\(text.slug)/", in: text.language) : nil,
        missing: configuration.languages.filter {
          !(written[text.pairing] ?? []).contains($0)
        })
    }
  }
}
