import Content
public import Diagnostics
import Input
public import Proof
import Registry

/// Every output path of the site, decided once, before anything is rendered.
public struct SitePlan: Sendable {
  let project: Project
  let fingerprints: Fingerprints
  let ledger: Ledger
  /// The public log's tiles; the checkpoint is not among them.
  let logTiles: [OutputPath]
  /// Sitemaps, robots.txt and the like.
  let lists: [OutputPath]
  /// Sitemaps with listed certificates, each of at most `Sitemaps.limit` addresses.
  let certificateSitemaps: Int

  /// The pages that are not certificates'.
  var pages: [PlannedPage] { project.outline.pages }

  /// Where links to certificates lead.
  var certificates: CertificateAddresses {
    CertificateAddresses(registry: project.registry, fingerprints: fingerprints)
  }

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
    project.theme.assets.all.count + project.outline.files.count + pages.count + lists.count
      + logTiles.count
      + certificateCount * Self.certificateFiles.count
  }

  /// Lays out the site and checks what needs certificates; the rest was checked with the outline.
  public static func plan(
    _ project: Project, fingerprints: Fingerprints, ledger: Ledger, logTiles: [String],
    findings: inout Findings
  ) -> SitePlan {
    let sitemapCount =
      (project.registry.figures.listed + Sitemaps.limit - 1) / Sitemaps.limit
    let plan = SitePlan(
      project: project, fingerprints: fingerprints, ledger: ledger,
      logTiles: logTiles.map { OutputPath("log/\($0)") },
      lists: Sitemaps.paths(certificateSitemaps: sitemapCount) + ProofFiles.paths(ledger)
        + project.outline.newsFiles,
      certificateSitemaps: sitemapCount)
    LinkCheck(outline: project.outline, certificates: plan.certificates)
      .checkCertificates(findings: &findings)
    return plan
  }
}
