package import Diagnostics
import Layout
import Pages
package import Project
public import Proof
import Registry
import Synchronization

/// Files that took long to make, by their paths, which have the digest of what they are made of.
private final class DrawnFiles: Sendable {
  private let files = Mutex<[OutputPath: [UInt8]]>([:])
  /// Bytes in memory; with more, they are drawn again.
  private static let room = 128 << 20

  func bytes(of path: OutputPath, draw: () throws -> [UInt8]) rethrows -> [UInt8] {
    if let bytes = files.withLock({ $0[path] }) { return bytes }
    let bytes = try draw()
    files.withLock { files in
      if files.values.reduce(bytes.count, { $0 + $1.count }) > Self.room { files = [:] }
      files[path] = bytes
    }
    return bytes
  }
}

/// A planned site that makes each file when somebody asks for it, and writes nothing.
///
/// What a build would seal is shown as if it were sealed; the ledger stays as it is.
public struct PreviewSite: Sendable {
  let site: Site
  private let log: Log
  private let renderer: SiteRenderer
  private let certificates: SingleCertificates
  private let files: [OutputPath: PlannedFile]
  private let logFiles: [OutputPath: LogFile]

  /// The log as it would be published, and what else no text changes.
  private struct Log: Sendable {
    let store: LedgerStore
    let checkpoint: [UInt8]
    /// Tiles that are not stored yet, by their paths below `log/`.
    let pending: [String: [UInt8]]
    let files: [LogFile]
    let entries: DirectoryEntries
    let qrCodes: CertificateQRCodes
    let drawn = DrawnFiles()

    func tile(_ path: String) throws -> [UInt8] {
      try pending[path] ?? store.publicTile(path)
    }
  }

  /// - Throws: when the site's keys cannot sign.
  public init(plan: SitePlan, store: LedgerStore) throws {
    let project = plan.site.project
    let ledger = plan.site.ledger
    let signer = try project.keys.noteSigner(origin: project.logOrigin)
    try self.init(
      plan.site,
      Log(
        store: store, checkpoint: try store.signedCheckpoint(of: ledger, signer: signer),
        pending: Dictionary(
          ledger.pendingTiles.map { ($0.path, $0.bytes) }, uniquingKeysWith: { $1 }),
        files: plan.catalogue.log,
        entries: DirectoryEntries(plan.site),
        qrCodes: try CertificateQRCodes(site: project.configuration.url)))
  }

  private init(_ site: Site, _ log: Log) throws(MachineFailure) {
    // Pictures are drawn when they are asked for: each is named after its drawing.
    let catalogue = SiteCatalogue(site, sharePictures: [:], log: log.files)
    self.site = site
    self.log = log
    renderer = SiteRenderer(site, entries: log.entries)
    certificates = try SingleCertificates(
      site,
      pages: CertificatePages(
        renderer: renderer.pages.renderer, registry: site.project.registry,
        fingerprints: site.fingerprints, qrCodes: log.qrCodes))
    files = Dictionary(
      catalogue.files.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    logFiles = Dictionary(
      catalogue.log.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The site with some parts of the project read again; certificates, keys and log stay.
  ///
  /// - Returns: nil, with findings, when what was read is wrong.
  /// - Throws: `MachineFailure` when a file cannot be read.
  package func rereading(
    _ parts: Set<Project.Part>, _ environment: Project.Environment,
    findings: inout Findings
  ) throws(MachineFailure) -> PreviewSite? {
    guard let project = try site.project.rereading(parts, environment, findings: &findings)
    else { return nil }
    let site = self.site.with(project)
    LinkCheck(outline: project.outline, certificates: site.certificates)
      .checkCertificates(findings: &findings)
    return findings.hasErrors ? nil : try PreviewSite(site, log)
  }

  /// The file at a path relative to the site's root, as in `news/index.html`; nil where there is
  /// none.
  ///
  /// - Throws: `MachineFailure` when something on the disk changed under the preview.
  public func file(at path: String) throws -> [UInt8]? {
    let path = OutputPath(path)
    if let file = files[path] {
      return file.isDrawn
        ? try log.drawn.bytes(of: path) { try renderer.bytes(of: file) }
        : try renderer.bytes(of: file)
    }
    if let file = logFiles[path] {
      return try renderer.bytes(of: file, checkpoint: log.checkpoint, tile: log.tile)
    }
    if path.text.hasPrefix("assets/share-"), let picture = site.sharePictures?.all[path] {
      return try log.drawn.bytes(of: path) { try site.sharePictures?.png(picture) ?? [] }
    }
    if let (code, kind) = CertificateFiles.parts(of: path) {
      return try certificateFile(kind, of: code)
    }
    let (plain, compression) = Compression.parts(of: path)
    guard let compression, let file = files[plain], file.compressions.contains(compression)
    else { return nil }
    return try compression.compress(renderer.bytes(of: file))
  }

  private func certificateFile(
    _ kind: CertificateFiles, of code: CertificateCode
  ) throws -> [UInt8]? {
    guard site.certificateFiles.contains(kind),
      let ordinal = site.fingerprints.entries.firstIndex(where: { $0.fingerprint.code == code })
    else { return nil }
    return try certificates.bytes(of: kind, ordinal: ordinal)
  }
}
