import Content
import Files
import Layout
public import Output
import Pages
import Project
import Proof
import Registry
import Theme

/// Makes what a build would write, and writes nothing: all that people wrote, and certificates by one
/// of each variant. What cannot be made is found before anything is sealed.
public struct SiteRehearsal: Sendable {
  let plan: SitePlan
  private let output: OutputFolder
  private let jobs: Int
  private let renderer: PageRenderer

  /// The most that is kept of what was made, in bytes; the rest is made again when it is written.
  private static let room = 64 << 20

  /// - Parameters:
  ///   - output: where the site is to be written.
  ///   - jobs: how many files are made at a time.
  public init(plan: SitePlan, output: OutputFolder, jobs: Int) {
    self.plan = plan
    self.output = output
    self.jobs = jobs
    let project = plan.site.project
    renderer = PageRenderer(
      configuration: project.configuration, theme: project.theme, pages: project.content.pages,
      registry: project.registry)
  }

  /// Makes everything, for `check`.
  ///
  /// - Throws: what stands in the way.
  public func check() async throws { _ = try await run() }

  /// Makes everything.
  ///
  /// - Returns: the files that come behind the certificates, in groups, each of which refers to none
  ///   behind it.
  func run() async throws -> [[Files]] {
    try output.findObstacles(to: plan.fixed)
    let pages = SitePages(site: plan.site, renderer: renderer)
    for (_, file) in plan.site.project.outline.files { _ = try file.bytes() }
    _ = try ProofFiles.keys(plan.site)
    if !plan.site.erased.isEmpty { _ = pages.erased() }
    try makeCertificates()
    var groups: [[Files]] = []
    var room = Self.room
    for group in filesBehindCertificates(pages) {
      var files: [Files] = []
      try await orderedConcurrentMap(group.enumerated(), jobs: jobs) { _, files in
        var made: [(OutputPath, [UInt8])] = []
        try files { made.append(($0, $1)) }
        return made
      } take: { (made: [(OutputPath, [UInt8])]) in
        let size = made.reduce(0) { $0 + $1.1.count }
        if size <= room {
          room -= size
          files.append { take in for file in made { try take(file.0, file.1) } }
        } else {
          files.append(group[files.count])
        }
      }
      groups.append(files)
    }
    return groups
  }

  /// What the templates of two certificates' pages may differ by, as far as it is known without
  /// reading their rows.
  private struct Variant: Hashable {
    let scheme: Int
    let schemeEdition: Int
    let issuerEdition: Int
    let status: Status
    let isListed: Bool
  }

  /// Makes the files of one certificate of each variant.
  private func makeCertificates() throws {
    let project = plan.site.project
    let registry = project.registry
    var seen: Set<Variant> = []
    let chosen = plan.site.fingerprints.entries.indices.filter { ordinal in
      let entry = plan.site.fingerprints.entries[ordinal]
      return seen.insert(
        Variant(
          scheme: entry.scheme, schemeEdition: entry.schemeEdition,
          issuerEdition: entry.issuerEdition, status: entry.status, isListed: entry.isListed)
      ).inserted
    }
    let pages = try CertificatePages(
      renderer: renderer, registry: registry, fingerprints: plan.site.fingerprints)
    let format = RecordFormat(registry: registry, secret: project.secret)
    let credentials = CredentialFormat(
      registry: registry, addresses: project.credentialAddresses, keys: project.keys)
    for ordinal in chosen {
      let certificate = registry.certificate(ordinal: ordinal)
      let record = format.bytes(of: certificate)
      let index = plan.site.ledger.index(ofOrdinal: ordinal)
      _ = try credentials.bytes(
        of: certificate, fingerprint: plan.site.fingerprints[ordinal], index: index)
      _ = try pages.page(
        certificate, record: record, salt: format.salt(in: record, of: certificate),
        logIndex: index, template: pages.template(for: pages.variant(of: certificate)))
    }
  }

  /// Some files, made when they are asked for, each given on before the next is made.
  typealias Files = @Sendable (_ take: (OutputPath, [UInt8]) throws -> Void) throws -> Void

  /// All files but the certificates and what pages show: each group refers to none behind it.
  private func filesBehindCertificates(_ pages: SitePages) -> [[Files]] {
    let project = plan.site.project
    let plan = plan
    let lists = ListPages(site: plan.site, pages: pages, entries: DirectoryEntries(plan.site))
    let listFiles = plan.site.lists.files
    let listing = plan.site.pages.filter(\.listsOthers)
    let plain = plan.site.pages.filter { !$0.listsOthers }
    func page(_ page: PlannedPage) -> Files { { take in try take(page.path, pages.render(page)) } }
    let search: Files = { take in
      for language in project.configuration.languages {
        for file in plan.site.search[language]?.files ?? [] { try take(file.path, file.bytes) }
      }
    }
    let statistics: Files = { take in
      for file in pages.statisticsFiles() { try take(file.0, file.1) }
    }
    let listed = plan.site.certificatesForSearchEngines
    // One at a time: each takes as much room as thousands of other files.
    let sitemaps: Files = { take in
      for position in 0..<plan.site.certificateSitemaps {
        let part = listed.dropFirst(position * SitemapPaths.limit).prefix(SitemapPaths.limit)
        try take(SitemapPaths.certificates(position), Sitemaps.certificates(part, site: plan.site))
      }
    }
    let statusLists: Files = { take in
      for file in try ProofFiles.statusLists(plan.site) { try take(file.0, file.1) }
    }
    let others: [Files] = [
      { take in for file in Self.otherFiles(plan) { try take(file.0, file.1) } },
      { take in for file in pages.newsFiles() { try take(file.0, file.1) } },
      { take in
        for kind in project.configuration.hosts {
          try take(kind.path, HostFiles(project.outline).file(kind))
        }
      },
    ]
    return [
      stride(from: 0, to: listFiles.count, by: 64).map { start in
        { take in
          for (path, file) in listFiles[start..<min(start + 64, listFiles.count)] {
            try take(path, lists.bytes(of: file))
          }
        }
      },
      plain.map(page),
      [search, statistics] + listing.map(page),
      [sitemaps, statusLists],
      others,
    ]
  }

  private static func otherFiles(_ plan: SitePlan) -> [(OutputPath, [UInt8])] {
    [
      (SitemapPaths.pages, Sitemaps.pages(plan.site)),
      (SitemapPaths.index, Sitemaps.index(plan.site)),
      (SitemapPaths.robots, Sitemaps.robots(plan.site.project.configuration)),
    ]
  }
}
