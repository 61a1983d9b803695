import Content
package import Diagnostics
import Files
import Layout
package import Output
import Pages
import Project
package import Proof
import Registry
import Theme

/// Renders a plan as a stream and commits it: assets, certificates, pages, lists, then removals.
public struct SiteBuild: Sendable {
  let plan: SitePlan
  private let folder: OutputFolder
  private let store: LedgerStore
  private let last: PreviousBuild
  private let findings: Findings
  private let jobs: Int
  private let renderer: PageRenderer

  /// - Parameters:
  ///   - last: the build before, whose files are passed over where nothing changed.
  ///   - findings: what the next build says again if nothing changes till then.
  ///   - jobs: how many shards are rendered and written at a time.
  package init(
    plan: SitePlan, output: OutputFolder, store: LedgerStore, last: PreviousBuild,
    findings: Findings,
    jobs: Int
  ) {
    self.plan = plan
    folder = output
    self.store = store
    self.last = last
    self.findings = findings
    self.jobs = jobs
    let project = plan.site.project
    renderer = PageRenderer(
      configuration: project.configuration, theme: project.theme, pages: project.content.pages,
      registry: project.registry)
  }

  /// Writes the site.
  ///
  /// - Parameters:
  ///   - list: where every change is listed for an uploader; nil for nowhere.
  ///   - progress: gets the number of files that are done.
  /// - Throws: `MachineFailure`; every page that is on the disk then is whole, old or new.
  package func run(
    list: consuming ReceiptFile?, progress: @Sendable (Int) -> Void
  ) async throws -> BuildReceipt {
    let signer = try plan.site.project.keys.noteSigner(origin: plan.site.project.logOrigin)
    let listsChanges = list != nil
    var tally = BuildTally(list: list)
    tally.entries.reserveCapacity(plan.certificateCount)
    // Whatever cannot be made is found before anything is sealed.
    let made = try await SiteRehearsal(plan: plan, output: folder, jobs: jobs).run()
    // What the site is about to show must be in the ledger for good before anybody sees it.
    let checkpoint = try store.commit(plan.site.ledger, signer: signer)
    // From here on nothing changes the ledger.
    async let ledgerDigest = last.ledgerDigest()
    let output = try folder.begin(plan.manifest, listsChanges: listsChanges)
    let removed: [OutputPath]
    do {
      try await write(made, to: output, checkpoint: checkpoint, &tally, progress: progress)
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
    try remember(
      receipt, ledger: await ledgerDigest, signatures: tally.signatures,
      certificates: await tally.certificates?.value ?? CertificateTable([]))
    // Until its receipt has a name, a build counts as one that was cut off.
    try folder.endProgress()
    progress(receipt.files)
    return receipt
  }

  private func completed(_ counted: BuildReceipt, removed: Int) -> BuildReceipt {
    var receipt = counted
    receipt.certificates = plan.site.project.registry.count
    receipt.schemes = plan.schemeCount
    receipt.pages = plan.site.pages.count
    receipt.announcements = plan.site.project.content.announcements.count
    receipt.sealed = plan.site.ledger.pending.count
    receipt.logSize = plan.site.ledger.size
    receipt.removed = removed
    receipt.pictureNotes = plan.pictureNotes
    return receipt
  }

  /// Writes all files, each after those that it refers to.
  ///
  /// - Parameter made: the files behind the certificates, in groups.
  private func write(
    _ made: [[SiteRehearsal.Files]], to output: OutputWriter, checkpoint: [UInt8],
    _ tally: inout BuildTally,
    progress: @Sendable (Int) -> Void
  ) async throws {
    let project = plan.site.project
    func write(_ path: OutputPath, _ bytes: [UInt8], _ tally: inout BuildTally) throws {
      let all = try writeWithCompressed(path, bytes, to: output, worker: 0)
      for file in all { try tally.note(file) }
    }
    for asset in project.theme.assets.all { try write(asset.path, asset.bytes, &tally) }
    for (path, file) in project.outline.files { try write(path, try file.bytes(), &tally) }
    try await writeSharePictures(to: output, &tally)
    // No credential is there before the key that it names.
    for (path, bytes) in try ProofFiles.keys(plan.site) { try write(path, bytes, &tally) }
    let pages = SitePages(site: plan.site, renderer: renderer)
    if !plan.site.erased.isEmpty {
      let page = pages.erased()
      for code in plan.site.erased { try write(ErasedPage.path(code), page, &tally) }
    }
    try await writeCertificates(to: output, &tally, progress: progress)
    tally.closeCertificates()
    for files in made {
      try await writeAll(files, to: output, &tally)
    }
    try await writeTiles(to: output, &tally)
    try write(
      ProofFiles.edgePath, ProofFiles.edge(plan.site.ledger, checkpoint: checkpoint), &tally)
    try write(ProofFiles.checkpointPath, checkpoint, &tally)
  }

  /// Writes files, some at a time.
  private func writeAll(
    _ files: [SiteRehearsal.Files], to output: OutputWriter, _ tally: inout BuildTally
  ) async throws {
    try await orderedConcurrentMap(files.enumerated(), jobs: jobs) { worker, files in
      var written: [BuildTally.Named] = []
      try files { path, bytes in
        written += try writeWithCompressed(path, bytes, to: output, worker: worker)
      }
      return written
    } take: { (written: [BuildTally.Named]) in
      for file in written { try tally.note(file) }
    }
  }

  /// Writes a file, and what is compressed beforehand beside it; where neither changed since the last
  /// build, that is left as it is.
  private func writeWithCompressed(
    _ path: OutputPath, _ bytes: [UInt8], to output: OutputWriter, worker: Int
  ) throws -> [BuildTally.Named] {
    let plain = try output.write(path, bytes, worker: worker)
    var all: [BuildTally.Named] = [(path, plain)]
    guard Compression.isCompressible(for: path) else { return all }
    let last = last.cache?.heading
    let isAsItWas =
      plain.change == .unchanged && !output.followsInterruption
      && last?.files[path.text] == plain.signature.value
    for kind in plan.site.project.configuration.precompress {
      let path = kind.path(of: path)
      if isAsItWas, let signature = try output.signature(of: path),
        last?.files[path.text] == signature.value
      {
        all.append(
          (path, OutputWriter.Written(change: .unchanged, signature: signature, news: nil)))
      } else {
        all.append((path, try output.write(path, try kind.compress(bytes), worker: worker)))
      }
    }
    return all
  }

  /// Writes the log's tiles. Those that the last build left are passed over: a tile of a path has the
  /// same bytes for ever, once the log that was published is known to be where this one begins.
  private func writeTiles(to output: OutputWriter, _ tally: inout BuildTally) async throws {
    let (plan, store) = (plan, store)
    let files = output.followsInterruption ? [:] : last.cache?.heading.files ?? [:]
    // The checkpoint that the ledger was held against, when it was read.
    let checkpoint = ProofFiles.checkpointPath
    let published = try output.signature(of: checkpoint)?.value
    let continues = published != nil && published == files[checkpoint.text]
    let starts = stride(from: 0, to: plan.logTiles.count, by: 64)
    try await orderedConcurrentMap(starts.enumerated(), jobs: jobs) { worker, start in
      try plan.logTiles[start...].prefix(64).map { tile -> BuildTally.Named in
        if continues, let signature = try output.signature(of: tile),
          files[tile.text] == signature.value
        {
          return (tile, OutputWriter.Written(change: .unchanged, signature: signature, news: nil))
        }
        return (tile, try output.write(tile, try store.publicTile(tile.text), worker: worker))
      }
    } take: { (written: [BuildTally.Named]) in
      for file in written { try tally.note(file) }
    }
  }

  /// Writes the pictures for sharing; one that the last build made is taken from there, unless
  /// somebody changed it.
  private func writeSharePictures(
    to output: OutputWriter, _ tally: inout BuildTally
  ) async throws {
    let pictures = plan.site.sharePictures?.all ?? []
    guard let maker = plan.site.sharePictures, !pictures.isEmpty else { return }
    let folder = folder
    let earlier = PictureDigests(folder.readable(PrivateFiles.pictureDigests) ?? [])
    var digests = PictureDigests()
    // Two announcements that say the same on the same day share a picture.
    let distinct = Dictionary(
      pictures.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    try await orderedConcurrentMap(distinct.values.sorted { $0.path < $1.path }, jobs: jobs) {
      picture in
      if let bytes = folder.readable(picture.path), earlier.holds(picture.path, bytes) {
        return (picture.path, bytes)
      }
      return (picture.path, try maker.png(picture))
    } take: { (path: OutputPath, bytes: [UInt8]) in
      try tally.note((path, try output.write(path, bytes, worker: 0)))
      digests.add(path, bytes)
    }
    let list = PrivateFiles.pictureDigests
    try tally.note((list, try output.write(list, digests.bytes, worker: 0)))
  }

  /// Renders and writes the certificates, some shards at a time.
  private func writeCertificates(
    to output: OutputWriter, _ tally: inout BuildTally,
    progress: @Sendable (Int) -> Void
  ) async throws {
    let project = plan.site.project
    let pages = try CertificatePages(
      renderer: renderer, registry: project.registry, fingerprints: plan.site.fingerprints)
    let credentials = self.credentials
    var cache = output.isStaging ? nil : last.cache
    if cache?.heading.certificateFiles != plan.site.certificateFiles.names { cache = nil }
    var signatures: [StatSignature] = []
    if let cache {
      signatures = try await output.signatures(
        of: cache.certificates, names: plan.site.certificateFiles.names, jobs: jobs)
    }
    let writer = CertificateWriter(
      plan: plan, output: output,
      format: RecordFormat(registry: project.registry, secret: project.secret),
      credentials: credentials, templates: TemplateCache(pages: pages),
      reuse: CertificateWriter.Reuse(
        cache: cache, signatures: signatures,
        holdsForPages: cache?.heading.page == pageContext,
        holdsForCredentials: cache?.heading.credentials == credentials.context.description),
      files: plan.site.certificateFiles.each)
    try await orderedConcurrentMap(project.registry.shards.enumerated(), jobs: jobs) {
      position, shard in
      try writer.write(shard, worker: position)
    } take: { result in
      try tally.note(result)
      progress(tally.receipt.files)
    }
  }

  private var credentials: CredentialFormat {
    CredentialFormat(
      registry: plan.site.project.registry, addresses: plan.site.project.credentialAddresses,
      keys: plan.site.project.keys)
  }

  /// Changes whenever the pages of all certificates may change.
  private var pageContext: String {
    var hash = Digest.Hash()
    hash.add(last.inputs.page.bytes)
    hash.add(renderer.issuer.name)
    hash.add(renderer.issuer.licence)
    return hash.digest.description
  }

  /// Stores what the next build needs to know.
  private func remember(
    _ receipt: BuildReceipt, ledger: Digest?, signatures: [String: UInt64],
    certificates: CertificateTable
  ) throws {
    // What an older build left is still true of what it made: this one's files have other signatures.
    guard last.inputsUnchanged() else { return }
    var heading = BuildCache.Heading(
      tool: last.tool, inputs: last.inputs, page: pageContext,
      credentials: credentials.context.description, plan: plan)
    heading.receipt = receipt
    heading.ledger = ledger?.description ?? "unreadable"
    // What this build removed, the next one does not.
    heading.allFindings = findings.excluding(MissingAliases.id)
    heading.files = signatures
    try last.remember(BuildCache(heading, certificates: certificates), output: folder)
  }
}
