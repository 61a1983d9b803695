import Content
import Input
import Project
import Proof
import Registry
package import Theme

/// What a browser needs to find announcements and pages of one language by their words, in small
/// files of which it asks only for those that a question needs.
///
/// Certificates are no part of it: it is made of the editors' texts and of the schemes.
package struct SearchIndex: Sendable {
  /// A page that can be found.
  struct Entry: Sendable {
    let address: String
    let title: String
    /// Its day; nil for a page without one.
    let day: CalendarDate?
    /// The day in words.
    let date: String
    /// Another language than the list's; empty where it is the same.
    let language: String
    let summary: String
    let tags: [String]
    let text: String
  }

  /// What a word is worth by where it stands.
  private enum Weight {
    static let title = 10
    static let tag = 6
    static let summary = 3
    /// A word that is told over and over is worth no more than this.
    static let text = 4
  }

  /// Pages in one file.
  static let entriesPerFile = 24
  /// Bytes of words in one file, more or less.
  static let bytesPerFile = 16_000

  /// The file that names the others.
  let root: Assets.Asset
  /// Every file, the root among them.
  package let files: [Assets.Asset]

  init(_ entries: [Entry], language: String) {
    var files: [Assets.Asset] = []
    func add(_ name: String, _ value: JSONValue) -> String {
      let file = Assets.Asset(
        named: "search-\(language)-\(name).json", bytes: CanonicalJSON.encode(value))
      files.append(file)
      return file.address
    }
    let pages = stride(from: 0, to: entries.count, by: Self.entriesPerFile).map { start in
      add(
        "pages-\(start / Self.entriesPerFile)",
        .array(
          entries[start..<min(start + Self.entriesPerFile, entries.count)].map { entry in
            .array(
              [
                entry.address, entry.title, entry.day?.description ?? "", entry.date,
                entry.language, entry.summary,
              ].map { .string($0) })
          }))
    }
    let words = Self.shards(Self.postings(entries)).enumerated().map { number, shard in
      JSONValue.array([
        .string(shard.first?.word ?? ""),
        .string(
          add(
            "words-\(number)",
            .object(
              Dictionary(
                shard.map { posting in
                  (
                    posting.word,
                    .array(posting.pages.flatMap { [.integer($0.page), .integer($0.weight)] })
                  )
                }, uniquingKeysWith: { first, _ in first })))),
      ])
    }
    root = Assets.Asset(
      named: "search-\(language).json",
      bytes: CanonicalJSON.encode(
        .object([
          "pages": .array(pages.map { .string($0) }), "pagesPerFile": .integer(Self.entriesPerFile),
          "words": .array(words),
        ])))
    self.files = files + [root]
  }

  private struct Posting {
    let word: String
    let pages: [(page: Int, weight: Int)]
  }

  /// Each word with the pages that have it, in the order in which JavaScript compares texts.
  private static func postings(_ entries: [Entry]) -> [Posting] {
    var found: [String: [(page: Int, weight: Int)]] = [:]
    for (page, entry) in entries.enumerated() {
      for (word, weight) in weights(entry) { found[word, default: []].append((page, weight)) }
    }
    return found.map { Posting(word: $0.key, pages: $0.value) }
      .sorted { $0.word.precedesInUTF16($1.word) }
  }

  private static func weights(_ entry: Entry) -> [String: Int] {
    var counts: [String: Int] = [:]
    for word in SearchWords.words(entry.text) { counts[word, default: 0] += 1 }
    var weights = counts.mapValues { min($0, Weight.text) }
    for (text, weight) in [
      (entry.title, Weight.title), (entry.tags.joined(separator: " "), Weight.tag),
      (entry.summary, Weight.summary),
    ] {
      for word in Set(SearchWords.words(text)) { weights[word, default: 0] += weight }
    }
    return weights
  }

  /// The words in files of about the same size.
  private static func shards(_ postings: [Posting]) -> [ArraySlice<Posting>] {
    var shards: [ArraySlice<Posting>] = []
    var start = 0
    var size = 0
    for (position, posting) in postings.enumerated() {
      let bytes = posting.word.utf8.count + 5 + posting.pages.count * 6
      if size > 0, size + bytes > bytesPerFile {
        shards.append(postings[start..<position])
        (start, size) = (position, 0)
      }
      size += bytes
    }
    return start < postings.count ? shards + [postings[start...]] : shards
  }
}

extension SearchIndex {
  /// The indexes of a project, by language.
  static func all(_ project: Project) -> [String: SearchIndex] {
    let check = LinkCheck(outline: project.outline)
    return Dictionary(
      uniqueKeysWithValues: project.configuration.languages.map { language in
        let entries =
          announcements(project, language, check) + pages(project, language, check)
          + schemes(project, language)
        return (language, SearchIndex(entries, language: language))
      })
  }

  /// The announcements of a language's lists, newest first.
  private static func announcements(
    _ project: Project, _ language: String, _ check: LinkCheck
  ) -> [Entry] {
    project.outline.newsroom.newest(in: language).map { position in
      let announcement = project.content.announcements[position]
      return Entry(
        address: project.configuration.address(
          "news/\(announcement.slug)/", in: announcement.language),
        title: announcement.title, day: announcement.date,
        date: project.theme.strings[language]?.format(announcement.date) ?? "",
        language: announcement.language == language ? "" : announcement.language,
        summary: announcement.summary, tags: announcement.tags.map(\.label),
        text: words(of: announcement.text, at: announcement.path, check))
    }
  }

  private static func pages(
    _ project: Project, _ language: String, _ check: LinkCheck
  ) -> [Entry] {
    project.content.pages.filter { $0.language == language }.map { page in
      Entry(
        address: project.configuration.address(page.addressPath, in: language),
        title: page.title, day: nil, date: "", language: "",
        summary: page.description ?? page.text.firstParagraph, tags: [],
        text: words(of: page.text, at: page.path, check))
    }
  }

  private static func schemes(_ project: Project, _ language: String) -> [Entry] {
    let whole = project.configuration.wholeLanguage(for: language)
    return project.registry.schemes.map { scheme in
      let edition = project.registry.latestEdition(of: scheme).value
      return Entry(
        address: project.configuration.address("schemes/\(scheme.slug)/", in: whole),
        title: edition.title[language], day: nil, date: "",
        language: whole == language ? "" : whole,
        summary: edition.summary[language], tags: [scheme.code],
        text: edition.units.map { "\($0.code) \($0.title[language])" }.joined(separator: "\n"))
    }
  }

  private static func words(of text: Markdown, at path: String, _ check: LinkCheck) -> String {
    text.plainText { link in
      if case .table(let table) = check.resolve(link, in: path) { table } else { nil }
    }
  }
}

extension Registry {
  /// The edition in force when the newest certificate was issued, so that pages do not depend on
  /// the day of the build.
  func latestEdition(of scheme: Scheme) -> Editions<SchemeEdition>.Edition {
    let position = figures.latestIssue.flatMap { scheme.editions.position(on: $0) }
    return scheme.editions.all[position ?? 0]
  }
}
