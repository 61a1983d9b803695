import Content
package import Diagnostics
import Layout
package import Output
package import Pages
package import Project
package import Proof
import Registry
import Theme

/// Every output path of the site, decided once, before anything is rendered.
public struct SitePlan: Sendable {
  let site: Site
  /// The public log's tiles; the checkpoint is not among them.
  let logTiles: [OutputPath]
  /// Sitemaps, robots.txt and the like.
  let otherFiles: [OutputPath]
  /// Every file that the site will have.
  package let manifest: OutputManifest
  /// The paths of all files but those of certificates.
  let fixed: [OutputPath]
  /// Files that are compressed beforehand, beside the plain ones; those of certificates aside.
  let compressed: [OutputPath]

  public var certificateCount: Int { site.project.registry.count }

  public var schemeCount: Int { site.project.registry.schemes.count }

  /// Where the site belongs, as in `https://verify.example.org`.
  public var officialAddress: String { site.project.configuration.url }

  /// The kinds of the entries that this build appends to the log, in their order.
  public var pendingEntries: [String] { site.ledger.pending.map(\.type) }

  /// How many files the site has.
  public var fileCount: Int {
    fixed.count + site.erased.count + certificateCount * site.certificateFiles.count
  }

  /// Lays out the site and checks what needs certificates; the rest was checked with the outline.
  ///
  /// - Parameter output: where the site is to be written; nil for a site that is only looked at.
  /// - Parameter maker: makes the pictures for sharing; without it pages show the common one.
  /// - Throws: `MachineFailure` when the output folder cannot be looked at.
  package static func plan(
    _ project: Project, fingerprints: Fingerprints, ledger: Ledger, logTiles: [String],
    output: OutputFolder?, pictures maker: PictureMaker? = nil, findings: inout Findings
  ) throws(MachineFailure) -> SitePlan {
    let site = Site(
      project, fingerprints: fingerprints, ledger: ledger, pictures: maker)
    site.lists.directory.report(at: project.registry.displayPath, findings: &findings)
    let logTiles = logTiles.map { OutputPath("log/\($0)") }
    let otherFiles = otherFiles(site)
    let plain =
      project.theme.assets.all.map(\.path) + project.outline.files.map(\.path)
      + project.outline.pages.map(\.path) + otherFiles + site.lists.files.map(\.path) + logTiles
      + pictureFiles(site.sharePictures) + site.search.values.flatMap(\.files).map(\.path)
    let compressed = plain.filter(Compression.isCompressible).flatMap { path in
      project.configuration.precompress.map { $0.path(of: path) }
    }
    let fixed = plain + compressed
    var claims = PathClaims()
    for path in fixed {
      // What people wrote was found with the outline, at its line.
      guard let obstacle = claims.claim(path, for: "the program itself"), findings.errorCount == 0
      else { continue }
      findings.add(
        Diagnostic(
          "duplicate-address", at: SourceLocation(path: project.registry.displayPath),
          message: "A file of the site has one place, and /\(path) \(obstacle.reason)",
          hint: "look for names of places, batches or texts that become one address"))
    }
    let entries =
      manifestEntries(
        fixed: fixed, fingerprints: fingerprints, files: project.configuration.certificateFiles)
      + site.erased.map { OutputManifest.Entry($0.folderBytes, files: .page) }
    let manifest = OutputManifest(entries)
    try output?.findForeignFiles(of: manifest, findings: &findings) { added in
      entries.enumerated().lazy.filter { added.contains($1) }
        .flatMap { (position, entry) -> [OutputPath] in
          if position < fixed.count { return [fixed[position]] }
          let ordinal = position - fixed.count
          let code =
            ordinal < fingerprints.count
            ? fingerprints[ordinal].code : site.erased[ordinal - fingerprints.count]
          return entry.files.names.map { OutputPath(folder: code.folderBytes, name: $0) }
        }
    }
    if let output {
      try MissingAliases(outline: project.outline, output: output).find(
        manifest, findings: &findings)
    }
    LinkCheck(outline: project.outline, certificates: site.certificates)
      .checkCertificates(findings: &findings)
    return SitePlan(
      site: site, logTiles: logTiles, otherFiles: otherFiles, manifest: manifest, fixed: fixed,
      compressed: compressed)
  }

  /// The same certificates and log with other texts or templates, for a preview: nothing is
  /// written by this plan, so its manifest stays behind.
  func with(_ project: Project, findings: inout Findings) -> SitePlan {
    let site = self.site.with(project)
    LinkCheck(outline: project.outline, certificates: site.certificates)
      .checkCertificates(findings: &findings)
    return SitePlan(
      site: site, logTiles: logTiles, otherFiles: Self.otherFiles(site), manifest: manifest,
      fixed: fixed, compressed: compressed)
  }

  /// Pictures for sharing, and the list by which the next build knows them.
  private static func pictureFiles(_ pictures: SharePictures?) -> [OutputPath] {
    let paths = Set(pictures?.all.map(\.path) ?? [])
    return paths.isEmpty ? [] : paths.sorted() + [PrivateFiles.pictureDigests]
  }

  /// What the publisher should know about pictures for sharing, each in a sentence.
  public var pictureNotes: [String] {
    let project = site.project
    let content = project.content
    guard project.theme.templateNames.contains(SharePictures.template) else { return [] }
    guard let pictures = site.sharePictures else {
      let count = SharePictures.needing(content).count
      return count == 0
        ? []
        : [
          "\(count) announcements are shared with the common picture; for one of their own, install"
            + " rsvg-convert (Debian: librsvg2-bin fonts-dejavu-core, brew: librsvg)"
        ]
    }
    return pictures.unwritable.map {
      "no font here has all letters of the title in \($0.path), which is shared with the common"
        + " picture; install one (Debian: fonts-noto-core fonts-noto-cjk)"
    }
  }

  private static func otherFiles(_ site: Site) -> [OutputPath] {
    let outline = site.project.outline
    return [SitemapPaths.robots, SitemapPaths.index, SitemapPaths.pages]
      + (0..<site.certificateSitemaps).map(SitemapPaths.certificates)
      + ProofFiles.paths(lists: site.ledger.statusListCount) + outline.newsFiles
      + outline.statisticsFiles + outline.hostFiles
  }

  /// The hashes of all paths, in the order of `fixed` and then of the certificates.
  private static func manifestEntries(
    fixed: [OutputPath], fingerprints: Fingerprints, files: CertificateFiles
  ) -> [OutputManifest.Entry] {
    var entries = fixed.map { OutputManifest.Entry($0.bytes) }
    entries.reserveCapacity(fixed.count + fingerprints.count)
    for ordinal in 0..<fingerprints.count {
      entries.append(
        OutputManifest.Entry(fingerprints[ordinal].code.folderBytes, files: files))
    }
    return entries
  }
}
