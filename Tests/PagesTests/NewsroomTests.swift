import Content
import Diagnostics
import Foundation
import Input
import Layout
import Pages
import Project
import SystemPackage
import TestSupport
import Testing

/// What holds for lists and feeds whatever announcements there are.
@Suite struct NewsroomTests {
  private static let languages = ["en", "id"]
  private static let tags = ["events", "export", "skema", "assessment"]

  /// Announcements with random dates, tags and languages; some have a translation.
  private func content(seed: UInt64, count: Int) throws -> Content {
    var generator = SeededGenerator(seed: seed)
    let folder = try TemporaryFolder()
    for number in 0..<count {
      let month = Int.random(in: 1...9, using: &generator)
      let day = Int.random(in: 1...9, using: &generator)
      let tags = Self.tags.filter { _ in Int.random(in: 0...2, using: &generator) == 0 }
      let isPinned = Int.random(in: 0...9, using: &generator) == 0
      let updated =
        Bool.random(using: &generator)
        ? "updated: 2026-10-0\(Int.random(in: 1...9, using: &generator))\n" : ""
      let languages = [["en"], ["id"], ["en", "id"]].randomElement(using: &generator) ?? ["en"]
      for language in languages {
        try folder.write(
          "news/text-\(number).\(language).md",
          """
          ---
          title: "Text \(number) & <b>"
          date: \(2024 + number % 3)-0\(month)-0\(day)
          \(updated)tags: [\(tags.joined(separator: ", "))]
          pinned: \(isPinned)
          ---
          Words.
          """)
      }
    }
    var findings = Findings()
    let zone = try #require(SiteTimeZone("Asia/Jakarta"))
    let now = try #require(SiteMoment("2026-11-23", in: zone))
    let content = try Content.load(
      folder.path, displayPath: "content",
      settings: ContentSettings(languages: Self.languages, timeZone: zone, now: now),
      findings: &findings)
    #expect(findings.diagnostics.isEmpty)
    return content
  }

  @Test func everyPageOfAListLeadsToItsNeighboursAndBothEnds() {
    for count in 1...40 {
      for page in 1...count {
        let linked = SitePages.linkedPages(of: count, from: page)
        let numbers = linked.map(\.number)
        #expect(numbers == Set(numbers).sorted() && numbers.count <= 12)
        #expect(
          Set(numbers).isSuperset(of: [1, page, count, max(1, page - 1), min(count, page + 1)]))
        for (index, entry) in linked.enumerated() {
          #expect(entry.isBehindGap == (index > 0 && numbers[index - 1] + 1 < entry.number))
        }
      }
    }
  }

  /// Seed and number of announcements; around a page's end above all.
  static let sizes: [(UInt64, Int)] = [(1, 0), (2, 1), (3, 10), (4, 11), (5, 20), (6, 57)]

  private func lists(_ newsroom: Newsroom, _ language: String) -> [Newsroom.List] {
    [.all] + newsroom.tags(in: language).map { .tag($0.slug) }
      + newsroom.years(in: language).map { .year($0) }
  }

  @Test(arguments: sizes) func pagesOfAListCoverItOnceAndNoneIsEmpty(
    seed: UInt64, count: Int
  ) throws {
    let newsroom = Newsroom(
      content: try content(seed: seed, count: count), languages: Self.languages)
    for language in Self.languages {
      for list in lists(newsroom, language) {
        let positions = newsroom.positions(in: list, language: language)
        #expect(Set(positions).count == positions.count)
        let pages = newsroom.pageCount(of: list, language: language)
        #expect((pages - 1) * Newsroom.pageSize < max(1, positions.count))
        #expect(pages * Newsroom.pageSize >= positions.count)
      }
    }
  }

  @Test(arguments: sizes) func everyAnnouncementIsToldOnceInEachLanguage(
    seed: UInt64, count: Int
  ) throws {
    let content = try content(seed: seed, count: count)
    let newsroom = Newsroom(content: content, languages: Self.languages)
    let all = Set(content.announcements.map(\.pairing))
    #expect(all.count == count)
    for language in Self.languages {
      let told = newsroom.newest(in: language).map { content.announcements[$0] }
      #expect(told.count == count && Set(told.map(\.pairing)) == all)
      for announcement in told where announcement.language != language {
        // Only where there is no text in this one.
        #expect(
          !content.announcements.contains {
            $0.pairing == announcement.pairing && $0.language == language
          })
      }
      let years = newsroom.years(in: language)
      #expect(years == years.sorted(by: >))
      #expect(
        years.map { newsroom.positions(in: .year($0), language: language).count }.reduce(0, +)
          == count)
    }
  }

  @Test(arguments: sizes) func listsAreNewestFirstBehindWhatIsPinned(
    seed: UInt64, count: Int
  ) throws {
    let content = try content(seed: seed, count: count)
    let newsroom = Newsroom(content: content, languages: Self.languages)
    for language in Self.languages {
      for list in lists(newsroom, language) {
        var told = newsroom.positions(in: list, language: language).map {
          content.announcements[$0]
        }
        if list == .all {
          let pinned = told.prefix { $0.isPinned }
          #expect(pinned.count == told.count { $0.isPinned })
          #expect(pinned.map(\.moment) == pinned.map(\.moment).sorted(by: >))
          told.removeFirst(pinned.count)
        }
        #expect(told.map(\.moment) == told.map(\.moment).sorted(by: >))
      }
    }
  }

  @Test(arguments: sizes) func tagsCountWhatTheirListsHold(seed: UInt64, count: Int) throws {
    let newsroom = Newsroom(
      content: try content(seed: seed, count: count), languages: Self.languages)
    for language in Self.languages {
      let tags = newsroom.tags(in: language)
      #expect(Set(tags.map(\.slug)).count == tags.count)
      #expect(tags.map(\.count) == tags.map(\.count).sorted(by: >))
      for tag in tags {
        #expect(newsroom.positions(in: .tag(tag.slug), language: language).count == tag.count)
      }
    }
  }

  @Test(arguments: sizes) func relatedOnesShareATagAndALanguageAndAreNeverTheSame(
    seed: UInt64, count: Int
  ) throws {
    let content = try content(seed: seed, count: count)
    let newsroom = Newsroom(content: content, languages: Self.languages)
    for (position, announcement) in content.announcements.enumerated() {
      let tags = Set(announcement.tags.map(\.slug))
      func common(_ other: Int) -> Int {
        tags.intersection(content.announcements[other].tags.map(\.slug)).count
      }
      let related = newsroom.related(to: position)
      #expect(!related.contains(position) && related.count <= 3)
      #expect(Set(related).count == related.count)
      #expect(
        related.allSatisfy {
          content.announcements[$0].language == announcement.language && common($0) > 0
        })
      #expect(related.map(common) == related.map(common).sorted(by: >))
      // Nobody left out has more in common.
      let least = related.map(common).last ?? 0
      let others = newsroom.own(in: announcement.language).filter {
        $0 != position && !related.contains($0)
      }
      if related.count == 3 {
        #expect(others.allSatisfy { common($0) <= least })
      } else {
        #expect(others.allSatisfy { common($0) == 0 })
      }
    }
  }

  // MARK: Feeds

  private struct JSONFeed: Decodable {
    struct Item: Decodable {
      let id: String
      let title: String
      let date_published: String
      let date_modified: String
    }
    let items: [Item]
  }

  private func files(_ content: Content, language: String) throws -> [String: [UInt8]] {
    var findings = Findings()
    let configuration = try #require(
      try SiteConfiguration.load(root: Repository.root, findings: &findings))
    let newsroom = Newsroom(content: content, languages: Self.languages)
    let feeds = Feeds(
      configuration: configuration, language: language, author: "A & B", title: "T <i>",
      description: "D",
      entries: newsroom.own(in: language).prefix(Feeds.limit).map {
        Feeds.Entry(
          announcement: content.announcements[$0], url: "https://a.example/\($0)/", html: "<p>x</p>"
        )
      })
    return Dictionary(
      uniqueKeysWithValues: FeedFormat.allCases.map {
        (configuration.feedPath($0, in: language).text, feeds.bytes(of: $0))
      })
  }

  @Test func aFeedHasTheNewestThirtyAndIsAsNewAsItsNewestEntry() throws {
    let content = try content(seed: 7, count: 70)
    let files = try files(content, language: "en")
    #expect(files.keys.sorted() == ["news/atom.xml", "news/feed.json", "news/rss.xml"])
    let feed = try JSONDecoder().decode(
      JSONFeed.self, from: Data(try #require(files["news/feed.json"])))
    let own = content.announcements.filter { $0.language == "en" }
    #expect(own.count > 30 && feed.items.count == 30)
    #expect(feed.items.map(\.date_published) == own.prefix(30).map { $0.moment.description })
    #expect(Set(feed.items.map(\.id)).count == 30)
    let newest = try #require(feed.items.map(\.date_modified).max())
    let atom = String(decoding: try #require(files["news/atom.xml"]), as: UTF8.self)
    let head = try #require(atom.split(separator: "<entry>").first)
    #expect(head.contains("<updated>\(newest)</updated>"))
    #expect(!atom.contains("<b>"))
  }

  @Test func anEntryKeepsItsIdWhenTitleDateAndOthersChange() throws {
    func ids(_ text: String, _ more: String = "") throws -> [String] {
      let folder = try TemporaryFolder()
      try folder.write("news/a.en.md", text)
      if !more.isEmpty { try folder.write("news/b.en.md", more) }
      var findings = Findings()
      let zone = try #require(SiteTimeZone("Asia/Jakarta"))
      let now = try #require(SiteMoment("2026-11-23", in: zone))
      let content = try Content.load(
        folder.path, displayPath: "content",
        settings: ContentSettings(languages: Self.languages, timeZone: zone, now: now),
        findings: &findings)
      let files = try files(content, language: "en")
      return try JSONDecoder().decode(
        JSONFeed.self, from: Data(try #require(files["news/feed.json"]))
      ).items.map(\.id)
    }
    let before = try ids("---\ntitle: A\ndate: 2026-01-01\n---\n")
    let after = try ids(
      "---\ntitle: Other\ndate: 2026-02-02\nslug: elsewhere\n---\nText\n",
      "---\ntitle: B\ndate: 2026-01-05\n---\n")
    #expect(before.count == 1 && after.first == before.first && Set(after).count == 2)
  }
}
