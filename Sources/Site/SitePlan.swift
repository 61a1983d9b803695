import Content
public import Diagnostics
import Input
public import Proof
import Registry

/// Every output path of the site, decided once, before anything is rendered.
public struct SitePlan: Sendable {
  /// A page that is not a certificate's.
  struct PlannedPage: Sendable {
    enum Kind: Sendable {
      /// A position in `Content.pages`.
      case standing(Int)
      /// A position in `Registry.schemes`.
      case scheme(Int)
      /// A position in `Content.announcements`.
      case announcement(Int)
      case notFound
    }

    let kind: Kind
    let language: String
    /// From the site's root, as in `/schemes/`.
    let address: String
    /// What it was made from, for diagnostics.
    let source: String
    /// The same page in every language it has.
    let translations: [(language: String, path: String)]

    var path: OutputPath { OutputPath(page: address) }
  }

  let project: Project
  let fingerprints: Fingerprints
  let ledger: Ledger
  let pages: [PlannedPage]
  /// The public log's tiles; the checkpoint is not among them.
  let logTiles: [OutputPath]
  /// Sitemaps, robots.txt and the like.
  let lists: [OutputPath]
  /// Sitemaps with listed certificates, each of at most `Sitemaps.limit` addresses.
  let certificateSitemaps: Int

  /// The files that each certificate has.
  static let certificateFiles = ["record.json", "credential.json", "index.html"]

  public var certificateCount: Int { project.registry.count }

  public var schemeCount: Int { project.registry.schemes.count }

  /// Where the site belongs, as in `https://verify.example.org`.
  public var officialAddress: String { project.configuration.url }

  /// The kinds of the entries that this build appends to the log, in their order.
  public var pendingEntries: [String] { ledger.pending.map(\.type) }

  /// How many files the site has.
  public var fileCount: Int {
    project.theme.assets.all.count + pages.count + lists.count + logTiles.count
      + certificateCount * Self.certificateFiles.count
  }

  /// Lays out the site and checks that addresses are distinct and links lead somewhere.
  public static func plan(
    _ project: Project, fingerprints: Fingerprints, ledger: Ledger, logTiles: [String],
    findings: inout Findings
  ) -> SitePlan {
    let pages =
      standingPages(project, findings: &findings) + schemePages(project)
      + announcementPages(project)
      + [
        PlannedPage(
          kind: .notFound, language: project.configuration.languages[0], address: "/404.html",
          source: "templates/404.mustache", translations: [])
      ]
    let sitemapCount =
      (project.registry.figures.listed + Sitemaps.limit - 1) / Sitemaps.limit
    let plan = SitePlan(
      project: project, fingerprints: fingerprints, ledger: ledger, pages: pages,
      logTiles: logTiles.map { OutputPath("log/\($0)") },
      lists: Sitemaps.paths(certificateSitemaps: sitemapCount) + ProofFiles.paths(ledger),
      certificateSitemaps: sitemapCount)
    plan.checkAddresses(findings: &findings)
    LinkCheck(plan: plan).run(findings: &findings)
    return plan
  }

  // MARK: Pages

  /// Pages that the templates link to.
  private static let required = [
    "home", "verify", "schemes", "how-it-works", "about", "news", "privacy",
  ]

  private static func standingPages(
    _ project: Project, findings: inout Findings
  ) -> [PlannedPage] {
    let pages = project.content.pages
    let configuration = project.configuration
    for name in required {
      for language in configuration.languages
      where !pages.contains(where: { $0.name == name && $0.language == language }) {
        findings.add(
          Diagnostic(
            "missing-page", at: SourceLocation(path: "content/pages/\(name).\(language).md"),
            message: "The site has this page in every language",
            hint: "write it; its title alone is enough to begin with"))
      }
    }
    for name in configuration.navigation where !pages.contains(where: { $0.name == name }) {
      findings.add(
        Diagnostic(
          "unknown-page", at: SourceLocation(path: "content/site.yml"),
          message: "The menu names standing pages, and there is no `\(name)`",
          hint: suggestion(for: name, among: Set(pages.map(\.name)).sorted())
            .map { "did you mean `\($0)`?" } ?? "write content/pages/\(name).en.md"))
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

  private static func schemePages(_ project: Project) -> [PlannedPage] {
    let configuration = project.configuration
    return project.registry.schemes.enumerated().flatMap { index, scheme in
      let addresses = configuration.languages.map {
        (language: $0, path: configuration.address("schemes/\(scheme.slug)/", in: $0))
      }
      return addresses.map { address in
        PlannedPage(
          kind: .scheme(index), language: address.language, address: address.path,
          source: "seeds/schemes.yml, scheme \(scheme.code)", translations: addresses)
      }
    }
  }

  private static func announcementPages(_ project: Project) -> [PlannedPage] {
    let configuration = project.configuration
    let announcements = project.content.announcements
    func address(_ announcement: Announcement) -> String {
      configuration.address("news/\(announcement.slug)/", in: announcement.language)
    }
    return announcements.enumerated().map { index, announcement in
      PlannedPage(
        kind: .announcement(index), language: announcement.language,
        address: address(announcement), source: announcement.path,
        translations: announcements.filter { $0.name == announcement.name }
          .sorted { $0.language < $1.language }.map { ($0.language, address($0)) })
    }
  }

  // MARK: Checks

  private func checkAddresses(findings: inout Findings) {
    var taken: [OutputPath: String] = [:]
    for list in lists { taken[list] = "the program itself" }
    for page in pages {
      if let other = taken[page.path] {
        findings.add(
          Diagnostic(
            "duplicate-address", at: SourceLocation(path: page.source),
            message: "An address leads to one page, and \(page.address) is that of \(other) too",
            hint: "rename one of the two files, or give one a slug of its own"))
      }
      taken[page.path] = page.source
    }
  }
}
