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

/// Renders a plan as a stream and commits it, phase by phase; what is no longer produced is removed last.
public struct SiteBuild: Sendable {
  let plan: SitePlan
  private let folder: OutputFolder
  private let store: LedgerStore
  private let last: PreviousBuild
  private let findings: Findings
  private let jobs: Int

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
    let renderer = SiteRenderer(plan.site)
    // Whatever cannot be made is found before anything is sealed.
    let made = try await SiteRehearsal(
      plan: plan, output: folder, cache: folder.isUnfinished ? nil : last.stored, jobs: jobs
    ).run(renderer)
    // What the site is about to show must be in the ledger for good before anybody sees it.
    let checkpoint = try store.commit(plan.site.ledger, signer: signer)
    // From here on nothing changes the ledger.
    async let ledgerDigest = last.ledgerDigest()
    let output = try folder.begin(plan.manifest, listsChanges: listsChanges)
    let removed: [OutputPath]
    do {
      try await write(
        made, renderer, to: output, checkpoint: checkpoint, &tally, progress: progress)
      removed = try folder.finish(
        plan.manifest, by: output,
        folders: (last.cache?.certificates.entries ?? []).lazy.map(\.code.folderBytes),
        files: last.cache.map { Array($0.heading.files.keys) } ?? [])
    } catch {
      folder.abandon(output)
      throw error
    }
    for path in removed where !path.isPrivate {
      try tally.list?.append(FileChange(path: path, kind: .deleted, size: 0, digest: nil))
    }
    let receipt = completed(tally.receipt, removed: removed.count)
    try tally.list?.finish(
      logSize: receipt.logSize, followsInterruption: output.followsInterruption)
    try remember(
      receipt, issuer: renderer.pages.renderer.issuer, ledger: await ledgerDigest,
      signatures: tally.signatures,
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
    receipt.pages = plan.site.project.outline.pages.count
    receipt.announcements = plan.site.project.content.announcements.count
    receipt.sealed = plan.site.ledger.pending.count
    receipt.logSize = plan.site.ledger.size
    receipt.removed = removed
    receipt.pictureNotes = plan.pictureNotes
    receipt.omissions = plan.omissions
    return receipt
  }

  /// Writes all files, phase by phase.
  ///
  /// - Parameter made: the bytes of files that are made already, by their paths.
  private func write(
    _ made: [OutputPath: [UInt8]], _ renderer: SiteRenderer, to output: OutputWriter,
    checkpoint: [UInt8], _ tally: inout BuildTally, progress: @Sendable (Int) -> Void
  ) async throws {
    let files = Dictionary(grouping: plan.catalogue.files, by: \.phase)
    for phase in Phase.allCases {
      if phase == .records {
        try await writeCertificates(renderer, to: output, &tally, progress: progress)
        tally.closeCertificates()
      }
      try await orderedConcurrentMap((files[phase] ?? []).enumerated(), jobs: jobs) {
        try write($1, made: made[$1.path], renderer, to: output, worker: $0)
      } take: { (written: [BuildTally.Named]) in
        for file in written { try tally.note(file) }
      }
    }
    try await writeLog(renderer, to: output, checkpoint: checkpoint, &tally)
  }

  /// Writes a file, and what is compressed beforehand beside it; where neither changed since the last
  /// build, that is left as it is.
  private func write(
    _ file: PlannedFile, made: [UInt8]?, _ renderer: SiteRenderer, to output: OutputWriter,
    worker: Int
  ) throws -> [BuildTally.Named] {
    if file.isDrawn, let there = try untouched(file.path, in: output) {
      return [(file.path, there)]
    }
    let bytes = try made ?? renderer.bytes(of: file)
    let plain = try output.write(file.path, bytes, worker: worker)
    var all: [BuildTally.Named] = [(file.path, plain)]
    let isAsItWas =
      plain.change == .unchanged
      && last.cache?.heading.files[file.path.text] == plain.signature.value
    for kind in file.compressions {
      let path = kind.path(of: file.path)
      if isAsItWas, let there = try untouched(path, in: output) {
        all.append((path, there))
      } else {
        all.append((path, try output.write(path, try kind.compress(bytes), worker: worker)))
      }
    }
    return all
  }

  /// A file as the last build left it; nil where it has to be made.
  private func untouched(
    _ path: OutputPath, in output: OutputWriter
  ) throws -> OutputWriter.Written? {
    if output.followsInterruption { return nil }
    return try last.stored?.untouched(path, in: output).map {
      OutputWriter.Written(change: .unchanged, signature: $0, news: nil)
    }
  }

  /// Writes the log, its checkpoint last. Tiles that the last build left are passed over: a tile of a
  /// path has the same bytes for ever, once the log that was published is known to be where this one
  /// begins.
  private func writeLog(
    _ renderer: SiteRenderer, to output: OutputWriter, checkpoint: [UInt8],
    _ tally: inout BuildTally
  ) async throws {
    let store = store
    // The checkpoint that the ledger was held against, when it was read.
    let continues = try untouched(LogFile.checkpoint.path, in: output) != nil
    let phases = Dictionary(grouping: plan.catalogue.log) { Phase.of($0.path) }
    for phase in Phase.allCases {
      try await orderedConcurrentMap((phases[phase] ?? []).enumerated(), jobs: jobs) {
        worker, file -> BuildTally.Named in
        if continues, phase == .tiles, let there = try untouched(file.path, in: output) {
          return (file.path, there)
        }
        let bytes = try renderer.bytes(of: file, checkpoint: checkpoint, tile: store.publicTile)
        return (file.path, try output.write(file.path, bytes, worker: worker))
      } take: {
        try tally.note($0)
      }
    }
  }

  /// Renders and writes the certificates, some shards at a time.
  private func writeCertificates(
    _ renderer: SiteRenderer, to output: OutputWriter, _ tally: inout BuildTally,
    progress: @Sendable (Int) -> Void
  ) async throws {
    let project = plan.site.project
    let issuer = renderer.pages.renderer.issuer
    let pages = try CertificatePages(
      renderer: renderer.pages.renderer, registry: project.registry,
      fingerprints: plan.site.fingerprints)
    let formats = try CertificateFormats(plan.site)
    var cache = output.isStaging ? nil : last.cache
    if cache?.heading.certificateFiles != plan.site.certificateFiles.names { cache = nil }
    var signatures: [StatSignature] = []
    if let cache {
      signatures = try await output.signatures(
        of: cache.certificates, names: plan.site.certificateFiles.names, jobs: jobs)
    }
    let writer = CertificateWriter(
      plan: plan, output: output, formats: formats, templates: TemplateCache(pages: pages),
      reuse: CertificateWriter.Reuse(
        cache: cache, signatures: signatures,
        holdsForPages: cache?.heading.page == pageContext(issuer),
        holdsForCredentials: cache?.heading.credentials
          == formats.credentials.context.description,
        holdsForBadges: cache?.heading.badges == formats.badges?.context.description),
      files: plan.site.certificateFiles.each)
    try await orderedConcurrentMap(project.registry.shards.enumerated(), jobs: jobs) {
      position, shard in
      try writer.write(shard, worker: position)
    } take: { result in
      try tally.note(result)
      progress(tally.receipt.files)
    }
  }

  /// Changes whenever the pages of all certificates may change.
  private func pageContext(_ issuer: Issuer) -> String {
    var hash = Digest.Hash()
    hash.add(last.inputs.page.bytes)
    hash.add(issuer.name)
    hash.add(issuer.licence)
    return hash.digest.description
  }

  /// Stores what the next build needs to know.
  private func remember(
    _ receipt: BuildReceipt, issuer: Issuer, ledger: Digest?, signatures: [String: UInt64],
    certificates: CertificateTable
  ) throws {
    // What an older build left is still true of what it made: this one's files have other signatures.
    guard last.inputsUnchanged() else { return }
    let formats = try CertificateFormats(plan.site)
    var heading = BuildCache.Heading(
      tool: last.tool, inputs: last.inputs, page: pageContext(issuer),
      credentials: formats.credentials.context.description, plan: plan)
    heading.badges = formats.badges?.context.description
    heading.receipt = receipt
    heading.ledger = ledger?.description ?? "unreadable"
    // What this build removed, the next one does not.
    heading.allFindings = findings.excluding(MissingAliases.id)
    heading.files = signatures
    try last.remember(BuildCache(heading, certificates: certificates), output: folder)
  }
}
