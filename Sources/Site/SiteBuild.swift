import Content
public import Diagnostics
import Input
public import Proof
import Registry

/// What a build did.
public struct BuildReceipt: Sendable, Codable {
  public internal(set) var certificates = 0
  public internal(set) var schemes = 0
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
  /// Why announcements are shared with the common picture, each in a sentence.
  public internal(set) var pictureNotes: [String] = []

  mutating func count(_ change: OutputWriter.Change) {
    files += 1
    switch change {
    case .added: added += 1
    case .changed: changed += 1
    case .unchanged: unchanged += 1
    }
  }

  /// The receipt of a build that found this one's site as it was.
  var repeated: BuildReceipt {
    var receipt = self
    receipt.unchanged = files
    receipt.added = 0
    receipt.changed = 0
    receipt.removed = 0
    receipt.sealed = 0
    return receipt
  }
}

/// Renders a plan as a stream and commits it: assets, certificates, pages, lists, then removals.
public struct SiteBuild: Sendable {
  let plan: SitePlan
  private let folder: OutputFolder
  private let store: LedgerStore
  private let last: LastBuild
  private let look: EarlyLook?
  private let findings: Findings
  private let jobs: Int
  private let renderer: PageRenderer

  /// - Parameters:
  ///   - last: the build before, whose files are passed over where nothing changed.
  ///   - look: at the certificates' files, begun before; nil for none.
  ///   - findings: what the next build says again if nothing changes till then.
  ///   - jobs: how many shards are rendered and written at a time.
  public init(
    plan: SitePlan, output: OutputFolder, store: LedgerStore, last: LastBuild,
    look: EarlyLook? = nil, findings: Findings, jobs: Int
  ) {
    self.plan = plan
    folder = output
    self.store = store
    self.last = last
    self.look = look
    self.findings = findings
    self.jobs = jobs
    let project = plan.project
    renderer = PageRenderer(
      configuration: project.configuration, theme: project.theme, pages: project.content.pages,
      registry: project.registry)
  }

  /// What is gathered while files are written.
  private struct Tally: ~Copyable {
    var receipt = BuildReceipt()
    var stamps: [String: UInt64] = [:]
    var entries: [CertificateTable.Entry] = []
    var list: ReceiptFile?

    init(list: consuming ReceiptFile?) {
      self.list = list
    }

    /// What was noted of certificates, which is then gone from here: of a million, one copy is enough.
    mutating func certificates() -> CertificateTable {
      var taken: [CertificateTable.Entry] = []
      swap(&taken, &entries)
      return CertificateTable(consume taken)
    }

    mutating func note(_ written: OutputWriter.Written, _ path: OutputPath) throws {
      receipt.count(written.change)
      stamps[path.text] = written.stamp.value
      // What lies in the program's own folder is nothing for a host.
      if let news = written.news, !path.text.hasPrefix(OutputFolder.stateFolder) {
        try list?.append(news)
      }
    }

    mutating func note(_ result: CertificateWriter.Result) throws {
      for change in result.changes { receipt.count(change) }
      entries += result.entries
      for news in result.news { try list?.append(news) }
    }
  }

  /// Writes the site.
  ///
  /// - Parameters:
  ///   - list: where every change is listed for an uploader; nil for nowhere.
  ///   - progress: gets the number of files that are done.
  /// - Throws: `MachineFailure`; every page that is on the disk then is whole, old or new.
  public func run(
    list: consuming ReceiptFile?, progress: @Sendable (Int) -> Void
  ) async throws -> BuildReceipt {
    let signer = try NoteSigner(name: plan.project.logOrigin, key: plan.project.signingKey)
    let listsChanges = list != nil
    var tally = Tally(list: list)
    tally.entries.reserveCapacity(plan.certificateCount)
    // What the site is about to show must be in the ledger for good before anybody sees it.
    let checkpoint = try store.commit(plan.ledger, signer: signer)
    let output = try folder.begin(plan.manifest, listsChanges: listsChanges)
    let removed: [OutputPath]
    do {
      try await write(to: output, checkpoint: checkpoint, &tally, progress: progress)
      removed = try folder.finish(
        plan.manifest, by: output,
        folders: (last.cache?.certificates.entries ?? []).lazy.map(\.code.folderBytes),
        files: last.cache.map { Array($0.heading.files.keys) } ?? [])
    } catch {
      folder.abandon(output)
      throw error
    }
    for path in removed {
      try tally.list?.append(FileChange(path: path, kind: .deleted, size: 0, digest: nil))
    }
    let receipt = completed(tally.receipt, removed: removed.count)
    try tally.list?.finish(
      logSize: receipt.logSize, followsInterruption: output.followsInterruption)
    try remember(receipt, stamps: tally.stamps, certificates: tally.certificates())
    // Until its receipt has a name, a build counts as one that was cut off.
    try folder.unmark()
    progress(receipt.files)
    return receipt
  }

  private func completed(_ counted: BuildReceipt, removed: Int) -> BuildReceipt {
    var receipt = counted
    receipt.certificates = plan.project.registry.count
    receipt.schemes = plan.schemeCount
    receipt.pages = plan.pages.count
    receipt.announcements = plan.project.content.announcements.count
    receipt.sealed = plan.ledger.pending.count
    receipt.logSize = plan.ledger.size
    receipt.removed = removed
    receipt.pictureNotes = plan.pictureNotes
    return receipt
  }

  /// Writes all files, each after those that it refers to.
  private func write(
    to output: OutputWriter, checkpoint: [UInt8], _ tally: inout Tally,
    progress: @Sendable (Int) -> Void
  ) async throws {
    let project = plan.project
    func write(_ path: OutputPath, _ bytes: [UInt8], _ tally: inout Tally) throws {
      let written = try output.write(path, bytes, worker: 0)
      try tally.note(written, path)
      try writeCompressed(path, bytes, written, to: output, &tally)
    }
    for asset in project.theme.assets.all { try write(asset.path, asset.bytes, &tally) }
    for (path, file) in project.outline.files { try write(path, try file.bytes(), &tally) }
    try await writeSharePictures(to: output, &tally)
    // No credential is there before the key that it names.
    for (path, bytes) in try ProofFiles.keys(plan) { try write(path, bytes, &tally) }
    let pages = SitePages(plan: plan, renderer: renderer)
    if !plan.erased.isEmpty {
      let page = pages.erased()
      for code in plan.erased { try write(ErasedPage.path(code), page, &tally) }
    }
    try await writeCertificates(to: output, &tally, progress: progress)
    try await writeLists(
      ListPages(plan: plan, pages: pages, entries: DirectoryEntries(plan)), to: output, &tally)
    for page in plan.pages where !page.listsOthers {
      try write(page.path, pages.render(page), &tally)
    }
    for language in project.configuration.languages {
      for file in plan.search[language]?.files ?? [] { try write(file.path, file.bytes, &tally) }
    }
    for (path, bytes) in pages.statisticsFiles() { try write(path, bytes, &tally) }
    for page in plan.pages where page.listsOthers {
      try write(page.path, pages.render(page), &tally)
    }
    let listed = plan.listedCertificates
    for position in 0..<plan.certificateSitemaps {
      let part = listed.dropFirst(position * Sitemaps.limit).prefix(Sitemaps.limit)
      try write(
        Sitemaps.certificatesPath(position), Sitemaps.certificates(part, plan: plan), &tally)
    }
    for (path, bytes) in otherFiles() + pages.newsFiles() + (try ProofFiles.statusLists(plan)) {
      try write(path, bytes, &tally)
    }
    for kind in project.configuration.hosts {
      try write(kind.path, HostFiles(project.outline).file(kind), &tally)
    }
    for tile in plan.logTiles { try write(tile, try store.publicTile(tile.text), &tally) }
    try write(
      ProofFiles.edgePath, ProofFiles.edge(plan.ledger, checkpoint: checkpoint), &tally)
    try write(ProofFiles.checkpointPath, checkpoint, &tally)
  }

  /// Writes what is compressed beforehand beside a file; where neither changed since the last build,
  /// it is left as it is.
  private func writeCompressed(
    _ path: OutputPath, _ bytes: [UInt8], _ plain: OutputWriter.Written, to output: OutputWriter,
    _ tally: inout Tally
  ) throws {
    guard Compression.pays(for: path) else { return }
    let last = last.cache?.heading
    let isAsItWas =
      plain.change == .unchanged && !output.followsInterruption
      && last?.files[path.text] == plain.stamp.value
    for kind in plan.project.configuration.precompress {
      let path = kind.path(of: path)
      if isAsItWas, let stamp = try output.stamp(of: path), last?.files[path.text] == stamp.value {
        let same = OutputWriter.Written(change: .unchanged, stamp: stamp, news: nil)
        try tally.note(same, path)
        continue
      }
      try tally.note(try output.write(path, try kind.compress(bytes), worker: 0), path)
    }
  }

  /// Writes the pictures for sharing; one that the last build made is taken from there, unless
  /// somebody changed it.
  private func writeSharePictures(
    to output: OutputWriter, _ tally: inout Tally
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
      try tally.note(try output.write(path, bytes, worker: 0), path)
      digests.add(path, bytes)
    }
    let list = SharePictures.digestsPath
    try tally.note(try output.write(list, digests.bytes, worker: 0), list)
  }

  /// Renders and writes the certificates, some shards at a time.
  private func writeCertificates(
    to output: OutputWriter, _ tally: inout Tally,
    progress: @Sendable (Int) -> Void
  ) async throws {
    let project = plan.project
    let pages = try CertificatePages(
      renderer: renderer, registry: project.registry, fingerprints: plan.fingerprints)
    let credentials = self.credentials
    let seen = await look?.stamps() ?? []
    let cache = output.isStaging ? nil : last.cache
    let writer = CertificateWriter(
      plan: plan, output: output,
      format: RecordFormat(registry: project.registry, secret: project.secret),
      credentials: credentials, templates: TemplateCache(pages: pages),
      reuse: CertificateWriter.Reuse(
        cache: cache?.heading.certificateFiles == plan.certificateFiles.names ? cache : nil,
        seen: seen,
        holdsForPages: cache?.heading.page == pageContext,
        holdsForCredentials: cache?.heading.credentials == credentials.context.description))
    try await inOrder(project.registry.shards.enumerated(), jobs: jobs) { position, shard in
      try await writer.write(shard, worker: position)
    } take: { result in
      try tally.note(result)
      progress(tally.receipt.files)
    }
  }

  /// Renders and writes the directory and the batches, some files at a time.
  private func writeLists(
    _ lists: ListPages, to output: OutputWriter, _ tally: inout Tally
  ) async throws {
    let files = plan.lists.files
    let starts = stride(from: 0, to: files.count, by: 64)
    try await inOrder(starts.enumerated(), jobs: jobs) { worker, start in
      try files[start..<min(start + 64, files.count)].map { path, file in
        let bytes = lists.bytes(of: file)
        return (path, bytes, try output.write(path, bytes, worker: worker))
      }
    } take: { (written: [(OutputPath, [UInt8], OutputWriter.Written)]) in
      for (path, bytes, written) in written {
        try tally.note(written, path)
        try writeCompressed(path, bytes, written, to: output, &tally)
      }
    }
  }

  private var credentials: CredentialFormat {
    CredentialFormat(
      registry: plan.project.registry, addresses: plan.project.credentialAddresses,
      key: plan.project.signingKey, history: plan.project.keyHistory)
  }

  /// Changes whenever the pages of all certificates may change.
  private var pageContext: String {
    var hash = Digest.Hash()
    hash.add(last.inputs.page.bytes)
    hash.add(renderer.issuer.name)
    hash.add(renderer.issuer.licence)
    return hash.digest.description
  }

  private func otherFiles() -> [(OutputPath, [UInt8])] {
    [
      (Sitemaps.pagesPath, Sitemaps.pages(plan)), (Sitemaps.indexPath, Sitemaps.index(plan)),
      (Sitemaps.robotsPath, Sitemaps.robots(plan.project.configuration)),
    ]
  }

  /// Stores what the next build needs to know.
  private func remember(
    _ receipt: BuildReceipt, stamps: [String: UInt64], certificates: CertificateTable
  ) throws {
    var heading = BuildCache.Heading(
      inputs: last.inputs, page: pageContext,
      credentials: credentials.context.description, plan: plan)
    heading.receipt = receipt
    // What this build removed, the next one does not.
    heading.allFindings = findings.excluding(MovedPages.id)
    heading.files = stamps
    try last.remember(BuildCache(heading, certificates: certificates), output: folder)
    last.fingerprints?.remember(plan.fingerprints, of: plan.project.registry)
  }
}
