package import Content
package import Diagnostics
package import Layout
import Project
import Proof
import Registry
import Theme

/// The pictures that stand for announcements where their addresses are shared: title, date and
/// institution on the theme's pattern.
package struct SharePictures: Sendable {
  /// A picture to be made.
  package struct Picture: Sendable {
    /// Named after everything that the picture is made of, so it never changes.
    package let path: OutputPath
    let svg: String
  }

  package static let template = "share"
  static let width = 1200
  static let height = 630
  private let content: Content
  private let renderer: PageRenderer
  private let maker: PictureMaker

  /// - Returns: nil where the theme has no design for such pictures.
  init?(_ project: Project, maker: PictureMaker) {
    guard project.theme.templateNames.contains(Self.template) else { return nil }
    content = project.content
    self.maker = maker
    renderer = PageRenderer(
      configuration: project.configuration, theme: project.theme, pages: project.content.pages,
      registry: project.registry)
  }

  /// Announcements that need a picture: those whose editors gave none that can be shared.
  package static func needing(_ content: Content) -> [Int] {
    content.announcements.indices.filter { !hasOwn(content.announcements[$0]) }
  }

  /// Whether an announcement's own picture is of a kind that everybody shows.
  static func hasOwn(_ announcement: Announcement) -> Bool {
    guard let name = announcement.picture?.link.destination.lowercased() else { return false }
    return [".jpg", ".jpeg", ".png", ".webp", ".gif", ".heic", ".heif"].contains {
      name.hasSuffix($0)
    }
  }

  /// The same for other texts and templates.
  func showing(_ project: Project) -> SharePictures? { SharePictures(project, maker: maker) }

  /// The pictures by their paths: two announcements that say the same on the same day share one.
  package var all: [OutputPath: Picture] {
    Dictionary(
      Self.needing(content).compactMap(picture).map { ($0.path, $0) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Announcements whose titles have letters that no font of this machine has.
  package var unwritable: [Announcement] {
    Self.needing(content).map { content.announcements[$0] }.filter { !maker.canWrite($0.title) }
  }

  /// The picture of an announcement; nil where it has its own, or no font has its letters.
  func picture(of position: Int) -> Picture? {
    let announcement = content.announcements[position]
    guard !Self.hasOwn(announcement), maker.canWrite(announcement.title) else { return nil }
    let svg = svg(announcement)
    let digest = Digest(hashing: "canting/share/1\n\(svg)".utf8).description.prefix(12)
    return Picture(
      path: OutputPath("assets/share-\(announcement.slug.prefix(60)).\(digest).png"), svg: svg)
  }

  /// - Throws: `MachineFailure` when the picture cannot be made.
  package func png(_ picture: Picture) throws(MachineFailure) -> [UInt8] {
    try maker.png(picture.svg, of: picture.path.text)
  }

  // MARK: The drawing

  private static let margin = 90

  private func svg(_ announcement: Announcement) -> String {
    let language = announcement.language
    let layout = TitleLayout(
      Self.plain(announcement.title), width: Self.width - 2 * Self.margin)
    let pitch = layout.size * 118 / 100
    // Between the institution's name and the date.
    let top = 350 - (layout.lines.count * pitch) / 2 + layout.size * 9 / 10
    let head = PageContext(
      title: announcement.title, description: "", path: "", url: nil, isIndexed: false)
    var context = renderer.context(language: language, page: head)
    context["share"] =
      [
        "size": String(layout.size),
        "lines": layout.lines.enumerated().map { index, line in
          ["text": line, "y": String(top + index * pitch)] as TemplateContext
        },
        "date": renderer.strings(language)?.format(announcement.date) ?? "",
        "issuer": TitleLayout.cut(Self.plain(renderer.issuer.name), width: 620, size: 30),
        "host": TitleLayout.cut(renderer.configuration.host, width: 560, size: 26),
        "rtl": TextDirection.isRightToLeft(announcement.title),
      ] as TemplateContext
    return renderer.render(context, template: Self.template)
  }

  /// What XML can hold, in one line.
  private static func plain(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          switch scalar.properties.generalCategory {
          case .control, .lineSeparator, .paragraphSeparator: " "
          case .privateUse, .unassigned, .surrogate: "\u{FFFD}"
          default: scalar
          }
        }))
  }
}
