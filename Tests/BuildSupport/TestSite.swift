package import Build
package import Diagnostics
import Files
import Foundation
package import Input
package import Output
import Project
package import Proof
import SystemPackage
package import TestSupport
import Testing

/// The specimen's texts with eight certificates in a folder of its own, to be planned, built and previewed
/// without another process.
package struct TestSite: Sendable {
  package let folder: TemporaryFolder
  package let today: CalendarDate
  package let store: LedgerStore

  package init() throws {
    folder = try TemporaryFolder()
    today = try #require(CalendarDate(iso: "2026-11-23"))
    store = LedgerStore(folder.path.appending("seeds/ledger"), displayPath: "seeds/ledger")
    for name in ["content", "templates", "seeds"] {
      try FileManager.default.copyItem(
        atPath: Repository.root.appending(name).string, toPath: folder.path.appending(name).string)
    }
    let ledger = folder.path.appending("seeds/ledger").string
    if FileManager.default.fileExists(atPath: ledger) {
      try FileManager.default.removeItem(atPath: ledger)
    }
    var rows = "number,holder,scheme,issued,status,status_date\n"
    for number in 1...7 {
      rows += "N \(number),Specimen Person \(number),PBT,2025-05-0\(number),,\n"
    }
    try folder.write(
      "seeds/registry.csv", rows + "N 8,Specimen Person 8,PBT,2025-05-08,revoked,2026-01-02\n")
    try folder.write("seeds/batches.csv", "batch,requested_by,kind,regency,province,tuk,from,to\n")
  }

  private var publicFolder: FilePath { folder.path.appending("public") }

  /// Loads the project and plans the site.
  ///
  /// - Parameter places: where to look for TweetNaCl, in this site's folder.
  package func plan(
    signatureScriptPlaces places: [String] = []
  ) async throws -> (plan: SitePlan, output: OutputFolder, findings: Findings) {
    var findings = Findings()
    let day = today
    let loaded = try Project.load(
      Project.Environment(
        root: folder.path, signatureScriptPlaces: places.map { folder.path.appending($0) }
      ) { $0.start(of: day) }, findings: &findings)
    #expect(findings.diagnostics.filter { $0.severity == .error }.isEmpty)
    let project = try #require(loaded)
    let format = RecordFormat(registry: project.registry, secret: project.secret)
    let fingerprints = try await Fingerprints.compute(
      of: project.registry, format: format, jobs: 1)
    let opened = try OutputFolder.open(publicFolder, displayPath: "public", findings: &findings)
    let output = try #require(opened)
    let published = try output.publishedCheckpoint()
    let stored = try store.load(
      store.replay(published: published), origin: project.logOrigin, keys: project.keys.issuer,
      format: format, published: published, displayPath: "public/log/checkpoint",
      findings: &findings)
    let ledger = try stored?.sealing(
      project.registry, fingerprints: fingerprints, format: format, record: { _ in nil },
      findings: &findings)
    let sealed = try #require(ledger)
    let plan = try SitePlan.plan(
      project, fingerprints: fingerprints, ledger: sealed, logTiles: try store.publicTiles(sealed),
      output: output, findings: &findings)
    return (plan, output, findings)
  }

  /// Builds the site into `public`.
  @discardableResult
  package func build(signatureScriptPlaces places: [String] = []) async throws -> BuildReceipt {
    let (plan, output, findings) = try await plan(signatureScriptPlaces: places)
    let last = await PreviousBuild.read(root: folder.path, output: publicFolder, tool: "test")
    return try await SiteBuild(
      plan: plan, output: output, store: store, last: last, findings: findings, jobs: 2
    ).run(list: nil) { _ in }
  }
}
