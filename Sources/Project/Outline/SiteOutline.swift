package import Content
package import Diagnostics
package import Input
package import Layout
package import Registry
package import Theme

/// The site without its certificates: what can be laid out and checked whatever the registry says.
package struct SiteOutline: Sendable {
  package let configuration: SiteConfiguration
  package let content: Content
  let theme: Theme
  /// Nil where the list of schemes is elsewhere.
  let schemes: [Scheme]?
  /// Whether the institution names witnesses of its log.
  let hasWitnesses: Bool
  /// The moment at which the site is made.
  package let now: SiteMoment
  package let pages: [PlannedPage]
  /// The editors' pictures and documents, each at its place on the site.
  package let documents: [(path: OutputPath, file: PublishedFile)]
  package let newsroom: Newsroom

  package init(
    configuration: SiteConfiguration, content: Content, theme: Theme, schemes: [Scheme]?,
    hasWitnesses: Bool, now: SiteMoment, findings: inout Findings
  ) {
    self.configuration = configuration
    self.now = now
    self.hasWitnesses = hasWitnesses
    // The same picture in two places is one file of the site, also where the templates have it.
    let assets = Set(theme.assets.all.map(\.path))
    documents = Dictionary(
      content.files.values.sorted { $0.path < $1.path }.flatMap(\.published).map {
        (Self.path(of: $0.name), $0)
      },
      uniquingKeysWith: { first, _ in first }
    ).filter { !assets.contains($0.key) }
      .map { (path: $0.key, file: $0.value) }.sorted { $0.path < $1.path }
    self.content = content
    self.theme = theme
    self.schemes = schemes
    newsroom = Newsroom(content: content, languages: configuration.languages)
    pages =
      Self.standingPages(configuration, content, findings: &findings)
      + Self.schemePages(configuration, schemes ?? [])
      + Self.announcementPages(configuration, content)
      + newsroom.plannedPages(configuration) + Self.searchPages(configuration, theme)
      + [
        PlannedPage(
          kind: .notFound, language: configuration.languages[0], address: "/404.html",
          source: theme.path(ofTemplate: "404"), translations: [])
      ]
      // Last, since whatever else has an address, an old one gives way.
      + Self.redirects(configuration, content)
    checkAddresses(findings: &findings)
    checkAliases(findings: &findings)
    LinkCheck(outline: self).run(findings: &findings)
  }

  /// Where a picture or document lies on the site: where hosts keep things for ever, since its name
  /// changes with its bytes.
  static func path(of name: String) -> OutputPath {
    OutputPath("assets/\(name)")
  }

  /// Paths of files that are neither pages nor documents, and do not depend on the registry.
  /// `SiteCatalogue` has these files too, and all others.
  var otherFiles: [OutputPath] {
    singleFiles.map(\.path) + [LogFile.edge.path, LogFile.checkpoint.path]
      + feedLanguages.flatMap { language in
        FeedFormat.allCases.map { configuration.feedPath($0, in: language) }
      } + statisticsFiles.map { $0.table.path($0.format) } + configuration.hosts.map(\.path)
  }

  package var singleFiles: [SingleFile] {
    SingleFile.allCases.filter { file in
      switch file {
      case .newsSitemap: !content.announcements.isEmpty
      case .redirects: !redirects.isEmpty
      case .witnesses: hasWitnesses
      default: true
      }
    }
  }

  /// Languages that have feeds: those with announcements of their own.
  package var feedLanguages: [String] {
    configuration.languages.filter { !newsroom.own(in: $0).isEmpty }
  }

  package var hasStatistics: Bool { content.pages.contains { $0.name == StandingPage.statistics } }

  /// The files of the page of statistics; none without the page.
  package var statisticsFiles: [(table: StatisticsTable, format: StatisticsTable.Format)] {
    guard hasStatistics else { return [] }
    return StatisticsTable.allCases.flatMap { table in
      StatisticsTable.Format.allCases.map { (table, $0) }
    }
  }

  /// Old addresses and what they lead to.
  package var redirects: [(from: String, to: String)] {
    pages.compactMap { page in
      if case .redirect(let target, _) = page.kind { (page.address, target) } else { nil }
    }
  }

  /// Pages that the templates link to.
  private static let required = [
    "home", "verify", "schemes", "how-it-works", "trust", "about", "news", "privacy", "directory",
    "batches",
  ]

  private static func standingPages(
    _ configuration: SiteConfiguration, _ content: Content, findings: inout Findings
  ) -> [PlannedPage] {
    let pages = content.pages
    for name in required {
      for language in SiteLanguages.whole
      where !pages.contains(where: { $0.name == name && $0.language == language }) {
        findings.add(
          Diagnostic(
            "missing-page", at: SourceLocation(path: "content/pages/\(name).\(language).md"),
            message: "The site has this page in English and in Indonesian",
            hint: "write it; its title alone is enough to begin with"))
      }
    }
    for name in configuration.navigation where !pages.contains(where: { $0.name == name }) {
      if let place = configuration.navigationPlaces[name] {
        findings.add(
          place.diagnostic(
            "unknown-page",
            message: "The menu names standing pages, and there is no `\(name)`",
            hint: suggestion(for: name, among: Set(pages.map(\.name)).sorted())
              .map { "did you mean `\($0)`?" } ?? "write content/pages/\(name).en.md"))
      }
    }
    for page in pages
    where SiteLanguages.pagesOfWhole.contains(page.name)
      && !SiteLanguages.whole.contains(page.language)
    {
      findings.add(
        page.diagnostic(
          "page-in-two-languages", at: "title",
          message: "The program fills this page from the registry, in English and in Indonesian",
          hint: "move the text into a page with a name that says more; links to \(page.name).en.md"
            + " lead to the English one"))
    }
    return pages.enumerated().map { index, page in
      PlannedPage(
        kind: .standing(index), language: page.language,
        address: configuration.address(page.addressPath, in: page.language), source: page.path,
        translations: pages.filter { $0.name == page.name }.map {
          ($0.language, configuration.address($0.addressPath, in: $0.language))
        })
    }
  }

  private static func schemePages(
    _ configuration: SiteConfiguration, _ schemes: [Scheme]
  ) -> [PlannedPage] {
    schemes.enumerated().flatMap { index, scheme in
      let addresses = SiteLanguages.whole.map {
        (language: $0, path: configuration.address("schemes/\(scheme.slug)/", in: $0))
      }
      return addresses.map { address in
        PlannedPage(
          kind: .scheme(index), language: address.language, address: address.path,
          source: "seeds/schemes.yml, scheme \(scheme.code)", translations: addresses)
      }
    }
  }

  private static func announcementPages(
    _ configuration: SiteConfiguration, _ content: Content
  ) -> [PlannedPage] {
    let announcements = content.announcements
    func address(_ announcement: Announcement) -> String {
      configuration.address("news/\(announcement.slug)/", in: announcement.language)
    }
    return announcements.enumerated().map { index, announcement in
      PlannedPage(
        kind: .announcement(index), language: announcement.language,
        address: address(announcement), source: announcement.path,
        translations: announcements.filter { $0.pairing == announcement.pairing }
          .sorted { $0.language < $1.language }.map { ($0.language, address($0)) })
    }
  }

  private static func searchPages(
    _ configuration: SiteConfiguration, _ theme: Theme
  ) -> [PlannedPage] {
    let addresses = configuration.languages.map {
      (language: $0, path: configuration.address("search/", in: $0))
    }
    return addresses.map { address in
      PlannedPage(
        kind: .search, language: address.language, address: address.path,
        source: theme.path(ofTemplate: "search"), translations: addresses)
    }
  }

  private static func redirects(
    _ configuration: SiteConfiguration, _ content: Content
  ) -> [PlannedPage] {
    func redirect(_ alias: Alias, to path: String, _ language: String, _ source: String)
      -> PlannedPage
    {
      PlannedPage(
        kind: .redirect(to: configuration.address(path, in: language), at: alias.place),
        language: language, address: alias.address, source: source, translations: [])
    }
    return content.announcements.flatMap { announcement in
      announcement.aliases.map {
        redirect($0, to: "news/\(announcement.slug)/", announcement.language, announcement.path)
      }
    }
      + content.pages.flatMap { page in
        page.aliases.map { redirect($0, to: page.addressPath, page.language, page.path) }
      }
  }

  // MARK: Checks

  private func checkAliases(findings: inout Findings) {
    let aliases =
      content.announcements.flatMap { text in text.aliases.map { ($0, text.text) } }
      + content.pages.flatMap { page in page.aliases.map { ($0, page.text) } }
    for (alias, text) in aliases {
      // Some disks make no difference between capitals and small letters.
      let parts = alias.address.lowercased().split(separator: "/").map(String.init)
      let isTranslated = configuration.languages.dropFirst().contains(parts.first ?? "")
      let folder = parts.dropFirst(isTranslated ? 1 : 0).first ?? ""
      guard SiteFolder(rawValue: folder) != nil else { continue }
      findings.add(
        text.diagnostic(
          "reserved-alias", at: alias.place,
          message: "An alias was the address of a text, and what the program makes itself lives"
            + " in /\(folder)/",
          hint: "remove it"))
    }
  }

  /// A finding where a page gets its address from.
  package func diagnostic(
    _ id: DiagnosticID, _ severity: Severity = .error, at page: PlannedPage, message: String,
    hint: String
  ) -> Diagnostic {
    switch page.kind {
    case .announcement(let index):
      content.announcements[index].diagnostic(
        id, severity, at: "slug", message: message, hint: hint)
    case .standing(let index):
      content.pages[index].diagnostic(id, severity, at: "title", message: message, hint: hint)
    case .redirect(_, let place):
      (content.announcements.first { $0.path == page.source }?.text
        ?? content.pages.first { $0.path == page.source }?.text)?
        .diagnostic(id, severity, at: place, message: message, hint: hint)
        ?? Diagnostic(
          id, severity, at: SourceLocation(path: page.source), message: message, hint: hint)
    case .scheme, .newsList, .tags, .search, .notFound:
      Diagnostic(id, severity, at: SourceLocation(path: page.source), message: message, hint: hint)
    }
  }
}

extension Page {
  /// The page's address below its language's root; the home page has none of its own.
  package var addressPath: String { name == "home" ? "" : "\(name)/" }
}
