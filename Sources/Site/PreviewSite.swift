import Content
public import Diagnostics
import Foundation
public import Proof
import Input
import Registry
import SystemPackage

/// A planned site that makes each file when somebody asks for it, and writes nothing.
///
/// What a build would seal is shown as if it were sealed; the ledger stays as it is.
public struct PreviewSite: Sendable {
  private let plan: SitePlan
  private let store: LedgerStore
  private let pages: SitePages
  private let certificates: CertificatePages
  private let planned: [OutputPath: PlannedPage]
  private let assets: [OutputPath: [UInt8]]
  private let files: [OutputPath: ContentFile]
  private let lists: [OutputPath: [UInt8]]

  /// - Throws: when the site's keys cannot sign.
  public init(plan: SitePlan, store: LedgerStore) throws {
    let project = plan.project
    let renderer = PageRenderer(
      configuration: project.configuration, theme: project.theme, pages: project.content.pages,
      registry: project.registry)
    self.plan = plan
    self.store = store
    pages = SitePages(plan: plan, renderer: renderer)
    certificates = try CertificatePages(
      renderer: renderer, registry: project.registry, fingerprints: plan.fingerprints)
    planned = Dictionary(plan.pages.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    assets = Dictionary(
      project.theme.assets.all.map { ($0.path, $0.bytes) }, uniquingKeysWith: { first, _ in first })
    files = Dictionary(
      project.outline.files.map { ($0.path, $0.file) }, uniquingKeysWith: { first, _ in first })
    let signer = try NoteSigner(name: project.logOrigin, key: project.signingKey)
    let checkpoint = try signer.sign(plan.ledger.checkpoint.text)
    let made =
      pages.newsFiles() + (try ProofFiles.files(plan)) + [
        (Sitemaps.pagesPath, Sitemaps.pages(plan)),
        (Sitemaps.robotsPath, Sitemaps.robots(project.configuration)),
        (ProofFiles.edgePath, ProofFiles.edge(plan.ledger, checkpoint: checkpoint)),
        (ProofFiles.checkpointPath, checkpoint),
      ]
    lists = Dictionary(made, uniquingKeysWith: { first, _ in first })
  }

  /// The file at a path relative to the site's root, as in `news/index.html`; nil where there is
  /// none.
  ///
  /// - Throws: `MachineFailure` when something on the disk changed under the preview.
  public func file(at path: String) throws -> [UInt8]? {
    let path = OutputPath(path)
    if let page = planned[path] { return pages.render(page) }
    if let bytes = assets[path] ?? lists[path] { return bytes }
    if let file = files[path] { return try file.bytes() }
    if plan.logTiles.contains(path) { return try store.publicTile(path.text) }
    return try certificateFile(path.text)
  }

  private func certificateFile(_ path: String) throws -> [UInt8]? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 4, parts[0] == "c", parts[1].count == 2,
      let code = CertificateCode(hex: parts[1] + parts[2]),
      let ordinal = plan.fingerprints.entries.firstIndex(where: { $0.fingerprint.code == code }),
      let certificate = try plan.project.registry.certificate(ordinal: ordinal)
    else { return nil }
    let project = plan.project
    let fingerprint = plan.fingerprints[ordinal]
    let format = RecordFormat(registry: project.registry, secret: project.secret)
    let record = format.bytes(of: certificate)
    guard Fingerprint(of: record) == fingerprint, let index = plan.ledger.index(of: fingerprint)
    else { throw MachineFailure("show \(path)", reason: "the registry changed meanwhile") }
    switch parts[3] {
    case "record.json": return record
    case "credential.json":
      let credentials = CredentialFormat(
        registry: project.registry, addresses: project.credentialAddresses,
        key: project.signingKey, history: project.keyHistory)
      return try credentials.bytes(of: certificate, fingerprint: fingerprint, index: index)
    case "index.html":
      return certificates.page(
        certificate, salt: format.salt(in: record, of: certificate), logIndex: index,
        template: certificates.template(for: certificates.shape(of: certificate)))
    default: return nil
    }
  }
}

extension SitePlan {
  /// The same certificates and log with texts and templates read again.
  public func rereading(
    _ circumstances: Project.Circumstances, findings: inout Findings
  ) throws(MachineFailure) -> SitePlan? {
    guard let project = try project.rereading(circumstances, findings: &findings) else {
      return nil
    }
    let plan = try SitePlan.plan(
      project, fingerprints: fingerprints, ledger: ledger,
      logTiles: logTiles.map { String($0.text.dropFirst("log/".count)) }, output: nil,
      findings: &findings)
    return findings.hasErrors ? nil : plan
  }
}

extension Project {
  /// This project with texts and templates read again; everything else stays.
  func rereading(
    _ circumstances: Circumstances, findings: inout Findings
  ) throws(MachineFailure) -> Project? {
    let settings = circumstances.contentSettings(for: configuration)
    let content = try Content.load(
      circumstances.root.appending("content"), shownAs: "content", settings: settings,
      findings: &findings)
    let theme = try Theme.load(
      circumstances.root.appending("templates"), languages: settings.languages,
      findings: &findings)
    guard let theme else { return nil }
    let outline = SiteOutline(
      configuration: configuration, content: content, theme: theme, schemes: registry.schemes,
      now: settings.now, findings: &findings)
    return Project(
      root: root,
      configuration: configuration, content: content, theme: theme, outline: outline,
      registry: registry, secret: secret, signingKey: signingKey, keyHistory: keyHistory,
      today: settings.now.day)
  }
}
