import Content
package import Diagnostics
import Foundation
import Layout
import Pages
package import Project
public import Proof
import Registry
import SystemPackage
import Theme

/// A planned site that makes each file when somebody asks for it, and writes nothing.
///
/// What a build would seal is shown as if it were sealed; the ledger stays as it is.
public struct PreviewSite: Sendable {
  private let plan: SitePlan
  private let proof: Proof
  private let pages: SitePages
  private let certificates: CertificatePages
  private let planned: [OutputPath: PlannedPage]
  private let assets: [OutputPath: [UInt8]]
  private let files: [OutputPath: ContentFile]
  private let lists: ListPages
  private let listFiles: [OutputPath: RegistryLists.File]

  /// What follows from the registry, the keys and the ledger alone.
  private struct Proof: Sendable {
    let store: LedgerStore
    let qrCodes: CertificateQRCodes
    let files: [OutputPath: [UInt8]]
    let entries: DirectoryEntries

    init(_ plan: SitePlan, store: LedgerStore) throws {
      self.store = store
      let project = plan.site.project
      qrCodes = try CertificateQRCodes(site: project.configuration.url)
      let signer = try project.keys.noteSigner(origin: project.logOrigin)
      let checkpoint = try signer.sign(plan.site.ledger.checkpoint.text)
      let pending = plan.site.ledger.pendingTiles.map { (OutputPath("log/\($0.path)"), $0.bytes) }
      let made =
        try ProofFiles.keys(plan.site) + ProofFiles.statusLists(plan.site) + pending + [
          (ProofFiles.edgePath, ProofFiles.edge(plan.site.ledger, checkpoint: checkpoint)),
          (ProofFiles.checkpointPath, checkpoint),
        ]
      files = Dictionary(made, uniquingKeysWith: { first, _ in first })
      entries = DirectoryEntries(plan.site)
    }
  }

  /// - Throws: when the site's keys cannot sign.
  public init(plan: SitePlan, store: LedgerStore) throws {
    self.init(plan: plan, proof: try Proof(plan, store: store))
  }

  private init(plan: SitePlan, proof: Proof) {
    let project = plan.site.project
    let renderer = PageRenderer(
      configuration: project.configuration, theme: project.theme, pages: project.content.pages,
      registry: project.registry)
    self.plan = plan
    self.proof = proof
    pages = SitePages(site: plan.site, renderer: renderer)
    lists = ListPages(site: plan.site, pages: pages, entries: proof.entries)
    listFiles = Dictionary(
      plan.site.lists.files.map { ($0.path, $0.file) }, uniquingKeysWith: { first, _ in first })
    certificates = CertificatePages(
      renderer: renderer, registry: project.registry, fingerprints: plan.site.fingerprints,
      qrCodes: proof.qrCodes)
    planned = Dictionary(
      plan.site.pages.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    assets = Dictionary(
      (project.theme.assets.all + plan.site.search.values.flatMap(\.files)).map {
        ($0.path, $0.bytes)
      },
      uniquingKeysWith: { first, _ in first })
    files = Dictionary(
      project.outline.files.map { ($0.path, $0.file) }, uniquingKeysWith: { first, _ in first })
  }

  /// The site with some parts of the project read again; certificates, keys and log stay.
  ///
  /// - Returns: nil, with findings, when what was read is wrong.
  /// - Throws: `MachineFailure` when a file cannot be read.
  package func rereading(
    _ parts: Set<Project.Part>, _ environment: Project.Environment,
    findings: inout Findings
  ) throws(MachineFailure) -> PreviewSite? {
    guard
      let project = try plan.site.project.rereading(parts, environment, findings: &findings)
    else { return nil }
    let plan = self.plan.with(project, findings: &findings)
    return findings.hasErrors ? nil : PreviewSite(plan: plan, proof: proof)
  }

  /// The file at a path relative to the site's root, as in `news/index.html`; nil where there is
  /// none.
  ///
  /// - Throws: `MachineFailure` when something on the disk changed under the preview.
  public func file(at path: String) throws -> [UInt8]? {
    let path = OutputPath(path)
    if let page = planned[path] { return pages.render(page) }
    if let bytes = assets[path] ?? proof.files[path] { return bytes }
    if let file = files[path] { return try file.bytes() }
    if let file = listFiles[path] { return lists.bytes(of: file) }
    if plan.logTiles.contains(path) { return try proof.store.publicTile(path.text) }
    if let pictures = plan.site.sharePictures, path.text.hasPrefix("assets/share-"),
      let picture = pictures.all.first(where: { $0.path == path })
    {
      return try pictures.png(picture)
    }
    if let bytes = list(path) { return bytes }
    return try certificateFile(path.text)
  }

  /// Feeds, sitemaps and the like, which nobody asks for while writing, so each waits to be asked.
  private func list(_ path: OutputPath) -> [UInt8]? {
    guard plan.otherFiles.contains(path) else { return nil }
    switch path {
    case SitemapPaths.robots: return Sitemaps.robots(plan.site.project.configuration)
    case SitemapPaths.index: return Sitemaps.index(plan.site)
    case SitemapPaths.pages: return Sitemaps.pages(plan.site)
    default: break
    }
    if let kind = plan.site.project.configuration.hosts.first(where: { $0.path == path }) {
      return HostFiles(plan.site.project.outline).file(kind)
    }
    for position in 0..<plan.site.certificateSitemaps
    where path == SitemapPaths.certificates(position) {
      return Sitemaps.certificates(
        plan.site.certificatesForSearchEngines.dropFirst(position * SitemapPaths.limit).prefix(
          SitemapPaths.limit),
        site: plan.site)
    }
    return (pages.newsFiles() + pages.statisticsFiles()).first { $0.0 == path }?.1
  }

  private func certificateFile(_ path: String) throws -> [UInt8]? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 4, parts[0] == "c", parts[1].count == 2,
      plan.site.certificateFiles.names.contains(parts[3]),
      let code = CertificateCode(hex: parts[1] + parts[2])
    else { return nil }
    if plan.site.erased.contains(code) { return parts[3] == "index.html" ? pages.erased() : nil }
    guard
      let ordinal = plan.site.fingerprints.entries.firstIndex(where: { $0.fingerprint.code == code }
      )
    else { return nil }
    let project = plan.site.project
    let fingerprint = plan.site.fingerprints[ordinal]
    let format = RecordFormat(registry: project.registry, secret: project.secret)
    let certificate = project.registry.certificate(ordinal: ordinal)
    let record = format.bytes(of: certificate)
    let index = plan.site.ledger.index(ofOrdinal: ordinal)
    guard let file = CertificateFiles(name: parts[3].utf8),
      plan.site.certificateFiles.contains(file)
    else { return nil }
    switch parts[3] {
    case "record.json": return record
    case "credential.json":
      let credentials = CredentialFormat(
        registry: project.registry, addresses: project.credentialAddresses,
        keys: project.keys)
      return try credentials.bytes(of: certificate, fingerprint: fingerprint, index: index)
    case "index.html":
      return try certificates.page(
        certificate, record: record, salt: format.salt(in: record, of: certificate),
        logIndex: index,
        template: certificates.template(for: certificates.variant(of: certificate)))
    default: return nil
    }
  }
}
