import Content
import Input
package import Layout
import Project
import Registry
import Theme

/// Lists of announcements, and what stands around each of them.
extension SitePages {
  var newsroom: Newsroom { project.outline.newsroom }

  /// How many tags stand above a list.
  private static let shownTags = 12

  /// A page of a list, for the template.
  func listContext(
    _ list: Newsroom.List, page: Int, language: String
  ) -> TemplateContext {
    let positions = newsroom.positions(in: list, language: language)
    let tags = newsroom.tags(in: language)
    let feeds = feedLinks(language)
    let pages = newsroom.pageCount(of: list, language: language)
    let start = (page - 1) * Newsroom.pageSize
    func address(_ page: Int) -> String {
      configuration.address(Newsroom.path(of: list, page: page), in: language)
    }
    var context: TemplateContext = [
      "entries": positions.dropFirst(start).prefix(Newsroom.pageSize).map {
        card(project.content.announcements[$0], in: language)
      },
      "hasYears": !positions.isEmpty, "hasFeeds": !feeds.isEmpty,
      "years": newsroom.years(in: language).map { year in
        [
          "label": String(year), "current": list == .year(year),
          "path": configuration.address(
            Newsroom.path(of: .year(year), page: 1), in: language),
        ] as TemplateContext
      },
      // Of many tags those of most announcements, and the one whose list this is.
      "tags": tags.enumerated().filter { position, tag in
        position < Self.shownTags || list == .tag(tag.slug)
      }.map { tagContext($1, list, language) },
      "feeds": feeds,
    ]
    if !tags.isEmpty {
      var all: TemplateContext = ["path": configuration.address("news/tags/", in: language)]
      if tags.count > Self.shownTags { all["count"] = String(tags.count) }
      context["allTags"] = all
    }
    if pages > 1 {
      var pager: TemplateContext = [
        "pages": Self.linkedPages(of: pages, from: page).map { number, isBehindGap in
          [
            "number": String(number), "path": address(number), "current": number == page,
            "gap": isBehindGap,
          ] as TemplateContext
        }
      ]
      if page > 1 { pager["newer"] = address(page - 1) }
      if page < pages { pager["older"] = address(page + 1) }
      context["pager"] = pager
    }
    return context
  }

  /// The pages of a list that one of them leads to: of many, the first, the last and its neighbours.
  package static func linkedPages(of count: Int, from page: Int) -> [(
    number: Int, isBehindGap: Bool
  )] {
    let shown = (1...count).filter {
      count <= 12 || $0 == 1 || $0 == count || abs($0 - page) <= 3
    }
    return zip(shown, [0] + shown).map { ($0, $0 > $1 + 1) }
  }

  func newsList(_ list: Newsroom.List, page: Int, _ planned: PlannedPage) -> [UInt8] {
    let language = planned.language
    guard let strings = renderer.strings(language) else { return [] }
    let tags = newsroom.tags(in: language)
    let title =
      switch list {
      case .all: newsPage(language)?.title ?? ""
      case .tag(let slug):
        strings.format(
          "newsroom.tag_title", ["tag": tags.first { $0.slug == slug }?.label ?? slug])
      case .year(let year): strings.format("newsroom.year_title", ["year": String(year)])
      }
    let pages = newsroom.pageCount(of: list, language: language)
    let numbered =
      page == 1
      ? title
      : strings.format(
        "newsroom.page_title",
        ["title": title, "page": String(page), "pages": String(pages)])
    var head = head(
      planned, title: numbered, description: newsPage(language)?.description ?? numbered)
    head.name = "news"
    var context = renderer.context(language: language, page: head)
    context["list"] = listContext(list, page: page, language: language)
    return bytes(context, "news-list")
  }

  func tagIndex(_ planned: PlannedPage) -> [UInt8] {
    let language = planned.language
    let title = renderer.strings(language)?.format("newsroom.tags_title", [:]) ?? ""
    var head = head(
      planned, title: title, description: newsPage(language)?.description ?? title)
    head.name = "news"
    var context = renderer.context(language: language, page: head)
    context["list"] =
      [
        "tags": newsroom.tags(in: language).map { tagContext($0, nil, language) },
        "feeds": feedLinks(language),
      ] as TemplateContext
    return bytes(context, "news-tags")
  }

  /// A page at an address that an announcement had before; its canonical address is the new one.
  func redirect(to address: String, _ planned: PlannedPage) -> [UInt8] {
    let strings = renderer.strings(planned.language)
    let head = PageContext(
      title: strings?.format("newsroom.moved_title", [:]) ?? "",
      description: strings?.format("newsroom.moved_title", [:]) ?? "", path: planned.address,
      url: configuration.url + address, isIndexed: false)
    var context = renderer.context(language: planned.language, page: head)
    context["target"] = address
    return bytes(context, "redirect")
  }

  /// The feeds of a language; none while it has no announcement.
  func feedLinks(_ language: String) -> [TemplateContext] {
    guard !newsroom.own(in: language).isEmpty else { return [] }
    return FeedFormat.allCases.map { format in
      let path = configuration.feedPath(format, in: language)
      let (name, type) =
        switch format {
        case .atom: ("Atom", "application/atom+xml")
        case .rss: ("RSS", "application/rss+xml")
        case .json: ("JSON Feed", "application/feed+json")
        }
      return [
        "name": name, "type": type, "path": "/\(path.text)",
        "url": "\(configuration.url)/\(path.text)",
      ]
    }
  }

  /// The feed of a language.
  package func feed(_ format: FeedFormat, _ language: String) -> [UInt8] {
    let title = (newsPage(language) ?? newsPage(configuration.languages[0]))?.title ?? ""
    return Feeds(
      configuration: configuration, language: language, author: renderer.issuer.name,
      title: "\(title) · \(configuration.title[language])",
      description: newsPage(language)?.description ?? configuration.description[language],
      entries: newsroom.own(in: language).prefix(Feeds.limit).map { position in
        let announcement = project.content.announcements[position]
        let address = configuration.address("news/\(announcement.slug)/", in: language)
        return Feeds.Entry(
          announcement: announcement, url: configuration.url + address,
          html: absoluteHTML(announcement.text, at: announcement.path, page: address))
      }
    ).bytes(of: format)
  }

  /// Old addresses and what they lead to.
  package func redirects() -> [UInt8] {
    Array(
      project.outline.redirects.sorted { $0.from < $1.from }.map { "\($0.from) \($0.to) 301\n" }
        .joined().utf8)
  }

  // MARK: Parts

  private func newsPage(_ language: String) -> Page? {
    project.content.pages.first { $0.name == "news" && $0.language == language }
  }

  func tagContext(
    _ tag: Newsroom.Tag, _ list: Newsroom.List?, _ language: String
  ) -> TemplateContext {
    [
      "label": tag.label, "count": String(tag.count), "current": list == .tag(tag.slug),
      "path": configuration.address(Newsroom.path(of: .tag(tag.slug), page: 1), in: language),
    ]
  }

  /// Tags, authors, picture, related announcements and free data of an announcement.
  func newsDetails(_ position: Int, in language: String) -> TemplateContext {
    let announcement = project.content.announcements[position]
    var details: TemplateContext = [
      "extra": TemplateContext(announcement.extra.mapValues(\.context))
    ]
    if !announcement.tags.isEmpty, newsroom.hasLists(in: language) {
      let tags = announcement.tags.map { tag in
        [
          "label": tag.label,
          "path": configuration.address(Newsroom.path(of: .tag(tag.slug), page: 1), in: language),
        ] as TemplateContext
      }
      details["tagged"] = ["tags": tags] as TemplateContext
    }
    let related = newsroom.related(to: position)
    if !related.isEmpty {
      let cards = related.map { card(project.content.announcements[$0], in: language) }
      details["related"] = ["entries": cards] as TemplateContext
    }
    if !announcement.authors.isEmpty {
      details["authors"] = announcement.authors.joined(separator: ", ")
    }
    if let picture = announcement.picture,
      case .picture(let shown) = links.resolve(picture.link, in: announcement.path)
    {
      var image: TemplateContext = ["path": shown.address, "alt": picture.alternativeText]
      image["width"] = shown.size.map { String($0.width) }
      image["height"] = shown.size.map { String($0.height) }
      image["sources"] = shown.sources
      image["widths"] = ShownPicture.widths
      details["picture"] = image
    }
    return details
  }

  /// The editors' picture, or the one that is made of the title.
  func sharedPicture(_ position: Int) -> SharedPicture? {
    let announcement = project.content.announcements[position]
    if SharePictures.hasOwn(announcement), let picture = announcement.picture,
      case .picture(let shown) = links.resolve(picture.link, in: announcement.path)
    {
      return SharedPicture(
        url: configuration.url + shown.address, size: shown.size.map { ($0.width, $0.height) },
        alternativeText: picture.alternativeText)
    }
    return site.sharePictures?.picture(of: position).map { picture in
      SharedPicture(
        url: "\(configuration.url)/\(picture.path.text)",
        size: (SharePictures.width, SharePictures.height), alternativeText: announcement.title)
    }
  }

  /// A text whose every address works outside of the site.
  private func absoluteHTML(_ text: Markdown, at path: String, page: String) -> String {
    text.html(page: configuration.url + page) { link in
      switch links.resolve(link, in: path) {
      case .address(let address): .address(configuration.url + address)
      case .document(let address, let details): .document(configuration.url + address, details)
      case .picture(let picture): .picture(picture.absolute(configuration.url))
      case .asWritten where link.destination.hasPrefix("#"):
        .address(configuration.url + page + link.destination)
      case .asWritten where link.destination.hasPrefix("/") && !link.destination.hasPrefix("//"):
        .address(configuration.url + link.destination)
      case let other: other
      }
    }
  }
}

extension YAMLTree {
  /// As templates see it.
  fileprivate var context: any Sendable {
    switch self {
    case .text(let text): text
    case .list(let items): items.map(\.context)
    case .group(let group): TemplateContext(group.mapValues(\.context))
    }
  }
}
