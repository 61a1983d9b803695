import Content
import Diagnostics
public import Proof
import Registry

/// What a build did.
public struct BuildReceipt: Sendable, Encodable {
  public internal(set) var certificates = 0
  public internal(set) var pages = 0
  public internal(set) var announcements = 0
  public internal(set) var files = 0
  public internal(set) var added = 0
  public internal(set) var changed = 0
  public internal(set) var unchanged = 0
  public internal(set) var removed = 0
  /// Entries appended to the log.
  public internal(set) var sealed = 0
  public internal(set) var logSize = 0

  mutating func count(_ change: OutputWriter.Change) {
    files += 1
    switch change {
    case .added: added += 1
    case .changed: changed += 1
    case .unchanged: unchanged += 1
    }
  }
}

/// Renders a plan as a stream and commits it: assets, certificates, pages, lists, then removals.
public struct SiteBuild: Sendable {
  let plan: SitePlan
  private let folder: OutputFolder
  let store: LedgerStore
  let jobs: Int

  /// - Parameter jobs: how many shards are rendered and written at a time.
  public init(plan: SitePlan, output: OutputFolder, store: LedgerStore, jobs: Int) {
    self.plan = plan
    folder = output
    self.store = store
    self.jobs = jobs
  }

  /// Writes the site.
  ///
  /// - Parameter progress: gets the number of files that are done.
  /// - Throws: `MachineFailure`; every page that is on the disk then is whole, old or new.
  public func run(progress: @Sendable (Int) -> Void) async throws -> BuildReceipt {
    let project = plan.project
    let renderer = PageRenderer(
      configuration: project.configuration, theme: project.theme, pages: project.content.pages,
      registry: project.registry)
    let planned = plan.manifest
    var receipt = BuildReceipt()
    receipt.certificates = project.registry.count
    receipt.pages = plan.pages.count
    receipt.announcements = project.content.announcements.count
    receipt.sealed = plan.ledger.pending.count
    receipt.logSize = plan.ledger.size
    let signer = try NoteSigner(name: project.logOrigin, key: project.signingKey)
    // What the site is about to show must be in the ledger for good before anybody sees it.
    let checkpoint = try store.commit(plan.ledger, signer: signer)
    let output = try folder.begin(planned)
    for asset in project.theme.assets.all {
      receipt.count(try output.write(asset.path, asset.bytes, worker: 0))
    }
    for language in project.configuration.languages {
      for file in plan.search[language]?.files ?? [] {
        receipt.count(try output.write(file.path, file.bytes, worker: 0))
      }
    }
    for (path, file) in project.outline.files {
      receipt.count(try output.write(path, try file.bytes(), worker: 0))
    }
    try await writeSharePictures(to: output, &receipt)
    let listed = try await writeCertificates(
      renderer, to: output, &receipt, progress: progress)
    let pages = SitePages(plan: plan, renderer: renderer)
    for page in plan.pages {
      receipt.count(try output.write(page.path, pages.render(page), worker: 0))
    }
    for (path, bytes) in lists(listed) + pages.newsFiles() + (try ProofFiles.files(plan)) {
      receipt.count(try output.write(path, bytes, worker: 0))
    }
    for tile in plan.logTiles {
      receipt.count(try output.write(tile, try store.publicTile(tile.text), worker: 0))
    }
    receipt.count(
      try output.write(
        ProofFiles.edgePath, ProofFiles.edge(plan.ledger, checkpoint: checkpoint), worker: 0))
    receipt.count(try output.write(ProofFiles.checkpointPath, checkpoint, worker: 0))
    receipt.removed = try folder.finish(planned, by: output)
    progress(receipt.files)
    return receipt
  }

  /// Writes the pictures for sharing; one that the last build made is taken from there, unless
  /// somebody changed it.
  private func writeSharePictures(
    to output: OutputWriter, _ receipt: inout BuildReceipt
  ) async throws {
    let pictures = plan.sharePictures?.all ?? []
    guard let maker = plan.sharePictures, !pictures.isEmpty else { return }
    let folder = folder
    let earlier = PictureDigests(try folder.published(SharePictures.digestsPath) ?? [])
    var digests = PictureDigests()
    // Two announcements that say the same on the same day share a picture.
    let distinct = Dictionary(
      pictures.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    try await inOrder(distinct.values.sorted { $0.path < $1.path }, jobs: jobs) { picture in
      if let bytes = try folder.published(picture.path), earlier.holds(picture.path, bytes) {
        return (picture.path, bytes)
      }
      return (picture.path, try maker.png(picture))
    } take: { (path: OutputPath, bytes: [UInt8]) in
      receipt.count(try output.write(path, bytes, worker: 0))
      digests.add(path, bytes)
    }
    receipt.count(try output.write(SharePictures.digestsPath, digests.bytes, worker: 0))
  }

  private struct ShardResult: Sendable {
    var changes: [OutputWriter.Change] = []
    var listed: [Sitemaps.ListedCertificate] = []
  }

  /// Renders and writes the certificates, some shards at a time.
  private func writeCertificates(
    _ renderer: PageRenderer, to output: OutputWriter, _ receipt: inout BuildReceipt,
    progress: @Sendable (Int) -> Void
  ) async throws -> [Sitemaps.ListedCertificate] {
    let pages = try CertificatePages(
      renderer: renderer, registry: plan.project.registry, fingerprints: plan.fingerprints)
    let format = RecordFormat(registry: plan.project.registry, secret: plan.project.secret)
    let credentials = CredentialFormat(
      registry: plan.project.registry, addresses: plan.project.credentialAddresses,
      key: plan.project.signingKey, history: plan.project.keyHistory)
    let cache = TemplateCache(pages: pages)
    var listed: [Sitemaps.ListedCertificate] = []
    let shards = plan.project.registry.shards.enumerated()
    try await inOrder(Array(shards), jobs: jobs) { position, shard in
      try await writeShard(
        shard, to: output, worker: position, format: format, credentials: credentials,
        cache: cache)
    } take: { result in
      for change in result.changes { receipt.count(change) }
      listed.append(contentsOf: result.listed)
      progress(receipt.files)
    }
    return listed
  }

  private func writeShard(
    _ shard: Registry.Shard, to output: OutputWriter, worker: Int, format: RecordFormat,
    credentials: CredentialFormat,
    cache: TemplateCache
  ) async throws -> ShardResult {
    var result = ShardResult()
    // A worker keeps the templates it met, so it asks the cache once for each shape.
    var templates: [CertificateShape: CertificateTemplate] = [:]
    for certificate in try plan.project.registry.certificates(in: shard) {
      let shape = cache.pages.shape(of: certificate)
      let template: CertificateTemplate
      if let known = templates[shape] {
        template = known
      } else {
        template = await cache.template(for: shape)
        templates[shape] = template
      }
      let record = format.bytes(of: certificate)
      guard Fingerprint(of: record) == plan.fingerprints[certificate.ordinal] else {
        throw MachineFailure("build", reason: "the registry changed while it was being read")
      }
      let fingerprint = plan.fingerprints[certificate.ordinal]
      guard let index = plan.ledger.index(of: fingerprint) else {
        throw MachineFailure("build", reason: "\(certificate.number) is not in the ledger")
      }
      let folder = fingerprint.code.folderBytes
      // The record comes first: a page never offers a record that is not there.
      result.changes.append(
        try output.write(OutputPath(folder: folder, name: "record.json"), record, worker: worker))
      result.changes.append(
        try output.write(
          OutputPath(folder: folder, name: "credential.json"),
          try credentials.bytes(of: certificate, fingerprint: fingerprint, index: index),
          worker: worker))
      result.changes.append(
        try output.write(
          OutputPath(folder: folder, name: "index.html"),
          cache.pages.page(
            certificate, salt: format.salt(in: record, of: certificate), logIndex: index,
            template: template), worker: worker))
      if let entry = Sitemaps.ListedCertificate(certificate) { result.listed.append(entry) }
    }
    return result
  }

  private func lists(_ listed: [Sitemaps.ListedCertificate]) -> [(OutputPath, [UInt8])] {
    let certificates = (0..<plan.certificateSitemaps).map { position in
      (
        Sitemaps.certificatesPath(position),
        Sitemaps.certificates(
          listed.dropFirst(position * Sitemaps.limit).prefix(Sitemaps.limit), plan: plan)
      )
    }
    return certificates + [
      (Sitemaps.pagesPath, Sitemaps.pages(plan)), (Sitemaps.indexPath, Sitemaps.index(plan)),
      (Sitemaps.robotsPath, Sitemaps.robots(plan.project.configuration)),
    ]
  }
}

/// The templates of all shapes met so far, each rendered once.
private actor TemplateCache {
  nonisolated let pages: CertificatePages
  private var templates: [CertificateShape: CertificateTemplate] = [:]

  init(pages: CertificatePages) {
    self.pages = pages
  }

  func template(for shape: CertificateShape) -> CertificateTemplate {
    if let known = templates[shape] { return known }
    let made = pages.template(for: shape)
    templates[shape] = made
    return made
  }
}
