public import Input

/// What the site and the moment decide about its texts, handed in so that nothing is looked up.
public struct ContentSettings: Sendable {
  /// The codes that file names may carry.
  public let languages: [String]
  /// The zone whose midnight a bare date is.
  public let timeZone: SiteTimeZone
  public let now: SiteMoment
  public let showsDrafts: Bool
  /// Whether what is to appear later, or expired, is there already or still.
  public let showsFuture: Bool
  /// Whether HTML in Markdown goes to the page as it is written.
  public let allowsRawHTML: Bool
  /// What texts may hold beyond CommonMark.
  public let extensions: Set<MarkdownExtension>
  /// How many kilobytes (1000 bytes) a picture may have before it is suspicious.
  public let imageLimit: Int
  /// Makes pictures smaller; nil where the machine has no libvips.
  public let pictureScaler: PictureScaler?
  /// What stands for `{domain}`, `{name}` and `{email}` in standing pages, by these words; empty where the
  /// site does not say.
  public let placeholders: [String: String]

  /// Phones load pictures over slow networks.
  public static let usualImageLimit = 500

  public init(
    languages: [String], timeZone: SiteTimeZone, now: SiteMoment, showsDrafts: Bool = false,
    showsFuture: Bool = false, allowsRawHTML: Bool = false,
    extensions: Set<MarkdownExtension> = Set(MarkdownExtension.allCases),
    imageLimit: Int = ContentSettings.usualImageLimit, pictureScaler: PictureScaler? = nil,
    placeholders: [String: String] = [:]
  ) {
    self.languages = languages
    self.timeZone = timeZone
    self.now = now
    self.showsDrafts = showsDrafts
    self.showsFuture = showsFuture
    self.allowsRawHTML = allowsRawHTML
    self.extensions = extensions
    self.imageLimit = imageLimit
    self.pictureScaler = pictureScaler
    self.placeholders = placeholders
  }

  /// Whether an announcement is part of the site.
  func publishes(_ announcement: Announcement) -> Bool {
    switch announcement.state(at: now) {
    case .published: true
    case .draft: showsDrafts
    // A draft of the future is shown to those who asked for both.
    case .future: showsFuture
    case .expired: false
    }
  }
}
