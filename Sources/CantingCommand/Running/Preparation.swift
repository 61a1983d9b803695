import Build
import Diagnostics
import Foundation
import Layout
import Output
import Pages
import Project
import Proof
import Registry
import SystemPackage

/// A project that was read and laid out, with what was found on the way.
struct Preparation {
  var findings = Findings()
  var plan: SitePlan?
  var output: OutputFolder?
  let store: LedgerStore

  /// Runs load and plan: everything that can be known before the first byte is written.
  ///
  /// - Parameters:
  ///   - environment: those of the options where nothing else is said.
  ///   - site: the site that the ledger is held against, as the user named it; nil for the output folder.
  ///   - last: the build before, whose fingerprints need not be computed again; nil for none.
  init(
    _ options: ProjectOptions, environment: Project.Environment? = nil, output path: String?,
    site: String? = nil, last: PreviousBuild? = nil, progress: ProgressLine
  ) async throws {
    let folder = path.map(options.absolute) ?? options.rootFolder.appending("public")
    let environment = environment ?? options.environment
    store = environment.hasTextsAlone ? options.noLedger : options.ledgerStore
    output = try OutputFolder.open(folder, displayPath: path ?? "public", findings: &findings)
    let published: [UInt8]?
    if environment.hasTextsAlone {
      published = nil
    } else if let site {
      published = try await options.checkpoint(of: site, findings: &findings)
    } else {
      published = try output?.publishedCheckpoint()
    }
    let store = self.store
    async let replay = store.replay(published: published)
    let project = try Project.load(
      environment,
      progress: { count in progress.show("reading the registry: \(count) rows") },
      findings: &findings)
    guard let project else { return }
    progress.show("hashing \(project.registry.count) certificates")
    let format = RecordFormat(registry: project.registry, secret: project.secret)
    let fingerprints = try await Fingerprints.compute(
      of: project.registry, format: format, jobs: options.jobs)
    guard let output else {
      try project.registry.reportDoubts(findings: &findings)
      return
    }
    let stored = try store.load(
      await replay, origin: project.logOrigin, keys: project.keys.issuer,
      witnesses: project.witnesses?.witnesses.map(\.verifier) ?? [], format: format,
      published: published,
      displayPath: site.map { "\($0)/\(LogFile.checkpoint.path)" } ?? output.shownCheckpoint,
      findings: &findings)
    guard let stored else {
      try project.registry.reportDoubts(findings: &findings)
      return
    }
    // Compares the registry with the ledger and adds what is new to it, in memory.
    let ledger = try stored.sealing(
      project.registry, fingerprints: fingerprints, format: format,
      record: output.publishedRecord, findings: &findings)
    guard let ledger else { return }
    plan = try SitePlan.plan(
      project, fingerprints: fingerprints, ledger: ledger,
      logTiles: try store.publicTiles(ledger), output: output, pictures: .ofThisMachine,
      findings: &findings)
  }

  /// Whether the findings forbid to go on.
  func fails(_ options: ProjectOptions) -> Bool { options.fails(findings) }
}
