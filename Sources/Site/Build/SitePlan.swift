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
  let otherFiles: [OutputPath]
  /// Every file that the site will have.
  let manifest: OutputManifest
  /// Sitemaps with listed certificates, each of at most `Sitemaps.limit` addresses.
  let certificateSitemaps: Int

  /// The paths of all files but those of certificates.
  let fixed: [OutputPath]
  /// Files that are compressed beforehand, beside the plain ones; those of certificates aside.
  let compressed: [OutputPath]

  /// The directory of artisans, and the batches.
  let lists: RegistryLists
  /// Certificates that were published and then erased.
  let erased: [CertificateCode]

  /// What browsers search in, by language.
  let search: [String: SearchIndex]
  /// Pictures for sharing; nil without a program that makes them.
  let sharePictures: SharePictures?

  /// The pages that are not certificates'.
  var pages: [PlannedPage] { project.outline.pages }

  /// Where links to certificates lead.
  var certificates: CertificateAddresses {
    CertificateAddresses(registry: project.registry, fingerprints: fingerprints)
  }

  /// The files that each certificate has.
  var certificateFiles: CertificateFiles { project.configuration.certificateFiles }

  public var certificateCount: Int { project.registry.count }

  /// The ordinals of the certificates that search engines are told: those in force whose holders
  /// agreed to be listed.
  var certificatesForSearchEngines: [Int] {
    Self.certificatesForSearchEngines(project, fingerprints)
  }

  private static func certificatesForSearchEngines(
    _ project: Project, _ fingerprints: Fingerprints
  ) -> [Int] {
    project.registry.listed.entries.lazy.filter {
      $0.expires >= project.today && fingerprints.entries[$0.ordinal].status == .valid
    }.map(\.ordinal)
  }

  public var schemeCount: Int { project.registry.schemes.count }

  /// Where the site belongs, as in `https://verify.example.org`.
  public var officialAddress: String { project.configuration.url }

  /// The kinds of the entries that this build appends to the log, in their order.
  public var pendingEntries: [String] { ledger.pending.map(\.type) }

  /// How many files the site has.
  public var fileCount: Int {
    project.theme.assets.all.count + project.outline.files.count + pages.count
      + otherFiles.count + lists.files.count + erased.count + logTiles.count
      + search.values.reduce(0) { $0 + $1.files.count }
      + Self.pictureFiles(sharePictures).count + compressed.count
      + certificateCount * certificateFiles.count
  }

  /// Lays out the site and checks what needs certificates; the rest was checked with the outline.
  ///
  /// - Parameter output: where the site is to be written; nil for a site that is only looked at.
  /// - Parameter maker: makes the pictures for sharing; without it pages show the common one.
  /// - Throws: `MachineFailure` when the output folder cannot be looked at.
  public static func plan(
    _ project: Project, fingerprints: Fingerprints, ledger: Ledger, logTiles: [String],
    output: OutputFolder?, pictures maker: PictureMaker? = nil, findings: inout Findings
  ) throws(MachineFailure) -> SitePlan {
    let listed = certificatesForSearchEngines(project, fingerprints).count
    let sitemapCount = (listed + Sitemaps.limit - 1) / Sitemaps.limit
    let logTiles = logTiles.map { OutputPath("log/\($0)") }
    let otherFiles = otherFiles(project, ledger: ledger, sitemaps: sitemapCount)
    let lists = RegistryLists(project.registry, configuration: project.configuration)
    lists.directory.report(at: project.registry.shownAs, findings: &findings)
    let erased = ledger.erasedCertificates
    let sharePictures = maker.flatMap { SharePictures(project, maker: $0) }
    let search = SearchIndex.all(project)
    let plain =
      project.theme.assets.all.map(\.path) + project.outline.files.map(\.path)
      + project.outline.pages.map(\.path) + otherFiles + lists.files.map(\.path) + logTiles
      + pictureFiles(sharePictures) + search.values.flatMap(\.files).map(\.path)
    let compressed = plain.filter(Compression.pays).flatMap { path in
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
          "duplicate-address", at: SourceLocation(path: project.registry.shownAs),
          message: "A file of the site has one place, and /\(path) \(obstacle.reason)",
          hint: "look for names of places, batches or texts that become one address"))
    }
    let entries =
      manifestEntries(
        fixed: fixed, fingerprints: fingerprints, files: project.configuration.certificateFiles)
      + erased.map { OutputManifest.Entry($0.folderBytes, files: .page) }
    let manifest = OutputManifest(entries)
    try output?.findForeignFiles(of: manifest, findings: &findings) { added in
      entries.enumerated().lazy.filter { added.contains($1) }
        .flatMap { (position, entry) -> [OutputPath] in
          if position < fixed.count { return [fixed[position]] }
          let ordinal = position - fixed.count
          let code =
            ordinal < fingerprints.count
            ? fingerprints[ordinal].code : erased[ordinal - fingerprints.count]
          return entry.files.names.map { OutputPath(folder: code.folderBytes, name: $0) }
        }
    }
    if let output {
      try MovedPages(outline: project.outline, output: output).find(manifest, findings: &findings)
    }
    let addresses = CertificateAddresses(registry: project.registry, fingerprints: fingerprints)
    LinkCheck(outline: project.outline, certificates: addresses)
      .checkCertificates(findings: &findings)
    return SitePlan(
      project: project, fingerprints: fingerprints, ledger: ledger, logTiles: logTiles,
      otherFiles: otherFiles, manifest: manifest, certificateSitemaps: sitemapCount,
      fixed: fixed, compressed: compressed, lists: lists, erased: erased, search: search,
      sharePictures: sharePictures)
  }

  /// The same certificates and log with other texts or templates, for a preview: nothing is
  /// written by this plan, so its manifest stays behind.
  func with(_ project: Project, findings: inout Findings) -> SitePlan {
    LinkCheck(outline: project.outline, certificates: certificates)
      .checkCertificates(findings: &findings)
    return SitePlan(
      project: project, fingerprints: fingerprints, ledger: ledger, logTiles: logTiles,
      otherFiles: Self.otherFiles(project, ledger: ledger, sitemaps: certificateSitemaps),
      manifest: manifest, certificateSitemaps: certificateSitemaps, fixed: fixed,
      compressed: compressed, lists: lists, erased: erased,
      search: SearchIndex.all(project), sharePictures: sharePictures.flatMap { $0.showing(project) }
    )
  }

  /// Pictures for sharing, and the list by which the next build knows them.
  private static func pictureFiles(_ pictures: SharePictures?) -> [OutputPath] {
    let paths = Set(pictures?.all.map(\.path) ?? [])
    return paths.isEmpty ? [] : paths.sorted() + [SharePictures.digestsPath]
  }

  /// What the publisher should know about pictures for sharing, each in a sentence.
  public var pictureNotes: [String] {
    let content = project.content
    guard project.theme.templateNames.contains(SharePictures.template) else { return [] }
    guard let sharePictures else {
      let count = SharePictures.needing(content).count
      return count == 0
        ? []
        : [
          "\(count) announcements are shared with the common picture; for one of their own, install"
            + " rsvg-convert (Debian: librsvg2-bin fonts-dejavu-core, brew: librsvg)"
        ]
    }
    return sharePictures.unwritable.map {
      "no font here has all letters of the title in \($0.path), which is shared with the common"
        + " picture; install one (Debian: fonts-noto-core fonts-noto-cjk)"
    }
  }

  private static func otherFiles(
    _ project: Project, ledger: Ledger, sitemaps: Int
  ) -> [OutputPath] {
    Sitemaps.paths(certificateSitemaps: sitemaps) + ProofFiles.paths(ledger)
      + project.outline.newsFiles + project.outline.statisticsFiles + project.outline.hostFiles
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
