package import Content
import Input
import Layout

/// Which announcements stand in which list, in which order.
package struct Newsroom: Sendable {
  /// A list of announcements.
  package enum List: Sendable, Hashable {
    case all
    /// By the slug of a tag.
    case tag(String)
    case year(Int)
  }

  /// A tag of the announcements in a language's lists.
  package struct Tag: Sendable {
    package let slug: String
    package let label: String
    package let count: Int
  }

  /// Announcements on one page of a list.
  package static let pageSize = 10
  static let relatedCount = 3

  let content: Content
  let languages: [String]
  private let lists: [String: NewsLists]

  package init(content: Content, languages: [String]) {
    self.content = content
    self.languages = languages
    let all = content.announcements
    var told: [String: Set<String>] = [:]
    for announcement in all {
      told[announcement.language, default: []].insert(announcement.pairing)
    }
    let written = Dictionary(grouping: all.indices, by: { all[$0].language })
    var lists: [String: NewsLists] = [:]
    for language in languages {
      // Without a text in this language, that of the first language there is.
      var shown = told[language] ?? []
      let own = written[language] ?? []
      var positions = own
      for other in languages where other != language {
        positions += (written[other] ?? []).filter { !shown.contains(all[$0].pairing) }
        shown.formUnion(told[other] ?? [])
      }
      lists[language] = NewsLists(newest: positions.sorted(), own: own, of: all)
    }
    self.lists = lists
  }

  /// The positions in `Content.announcements` of a list; those pinned first where all are told.
  package func positions(in list: List, language: String) -> [Int] {
    lists[language]?.positions[list] ?? []
  }

  /// Newest first, whatever is pinned.
  package func newest(in language: String) -> [Int] { lists[language]?.newest ?? [] }

  /// The announcements written in a language, newest first.
  package func own(in language: String) -> [Int] { lists[language]?.own ?? [] }

  /// The tags of a language's lists, those of most announcements first.
  package func tags(in language: String) -> [Tag] { lists[language]?.tags ?? [] }

  /// The years of a language's lists, the latest first.
  package func years(in language: String) -> [Int] { lists[language]?.years ?? [] }

  /// Announcements in the same language with the most tags in common, the newest of equals.
  package func related(to position: Int) -> [Int] {
    let subject = content.announcements[position]
    return lists[subject.language]?.related(
      to: position, with: subject.tags, count: Self.relatedCount) ?? []
  }

  package func pageCount(of list: List, language: String) -> Int {
    max(1, (positions(in: list, language: language).count + Self.pageSize - 1) / Self.pageSize)
  }

  // MARK: Addresses

  /// The path of a page of a list below its language's root.
  package static func path(of list: List, page: Int) -> String {
    let base =
      switch list {
      case .all: "news/"
      case .tag(let slug): "news/tags/\(slug)/"
      case .year(let year): "news/\(year)/"
      }
    return page == 1 ? base : "\(base)page/\(page)/"
  }

  /// Whether a language has lists: there is a standing page `news`.
  package func hasLists(in language: String) -> Bool {
    SiteLanguages.whole.contains(language)
      || content.pages.contains { $0.name == "news" && $0.language == language }
  }

  /// Every page of every list but the first of all, which is the standing page `news`.
  func plannedPages(_ configuration: SiteConfiguration) -> [PlannedPage] {
    var kinds: [(path: String, kind: PlannedPage.Kind, language: String)] = []
    for language in languages where hasLists(in: language) {
      let tags = tags(in: language)
      let lists =
        [List.all] + tags.map { List.tag($0.slug) } + years(in: language).map { List.year($0) }
      for list in lists {
        for page in 1...pageCount(of: list, language: language) where list != .all || page > 1 {
          kinds.append(
            (Self.path(of: list, page: page), .newsList(list, page: page), language))
        }
      }
      if !tags.isEmpty { kinds.append(("news/tags/", .tags, language)) }
    }
    let versions = Dictionary(grouping: kinds, by: \.path).mapValues { kinds in
      kinds.map { (language: $0.language, path: configuration.address($0.path, in: $0.language)) }
    }
    return kinds.map { planned in
      return PlannedPage(
        kind: planned.kind, language: planned.language,
        address: configuration.address(planned.path, in: planned.language),
        source: "content/news", translations: versions[planned.path] ?? [])
    }
  }
}
