import Content
import Input

/// The lists of announcements in one language, put together once.
struct NewsLists: Sendable {
  /// Positions in `Content.announcements`, newest first: those of the language, and those that are only in
  /// another one.
  let newest: [Int]
  /// Those written in the language, newest first.
  let own: [Int]
  /// Those of a list in its order; pinned ones first where all are told.
  let positions: [Newsroom.List: [Int]]
  /// Those of most announcements first.
  let tags: [Newsroom.Tag]
  /// The latest first.
  let years: [Int]
  /// The language's own announcements with a tag, newest first.
  private let ownTagged: [String: [Int]]

  init(newest: [Int], own: [Int], of all: [Announcement]) {
    self.newest = newest
    self.own = own
    var positions: [Newsroom.List: [Int]] = [:]
    var labels: [String: String] = [:]
    for position in newest {
      for tag in all[position].tags {
        positions[.tag(tag.slug), default: []].append(position)
        // The newest announcement decides the spelling.
        if labels[tag.slug] == nil { labels[tag.slug] = tag.label }
      }
      positions[.year(all[position].date.year), default: []].append(position)
    }
    tags = labels.map { slug, label in
      Newsroom.Tag(slug: slug, label: label, count: positions[.tag(slug)]?.count ?? 0)
    }.sorted { ($1.count, $0.slug) < ($0.count, $1.slug) }
    years = Set(newest.map { all[$0].date.year }).sorted(by: >)
    positions[.all] =
      newest.filter { all[$0].isPinned } + newest.filter { !all[$0].isPinned }
    self.positions = positions
    var ownTagged: [String: [Int]] = [:]
    for position in own {
      for tag in all[position].tags { ownTagged[tag.slug, default: []].append(position) }
    }
    self.ownTagged = ownTagged
  }

  /// Announcements of the language with the most tags in common with one of them, the newest of equals.
  func related(to position: Int, with tags: [Announcement.Tag], count: Int) -> [Int] {
    var common: [Int: Int] = [:]
    for tag in tags {
      for other in ownTagged[tag.slug] ?? [] where other != position {
        common[other, default: 0] += 1
      }
    }
    return common.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(count).map(\.key)
  }
}
