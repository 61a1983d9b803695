import Build
import BuildSupport
import Foundation
import Layout
import Output
import TestSupport
import Testing

/// There is one list of a site's files, and all that is done with a site goes by it.
@Suite struct SiteCatalogueTests {
  private let site: TestSite

  init() throws {
    site = try TestSite()
    let settings = "content/site.yml"
    let text = String(decoding: try site.folder.read(settings), as: UTF8.self)
    try site.folder.write(
      settings, text + "\nprecompress: [gzip, brotli]\nhosts: [headers, nginx, caddy]\n")
  }

  /// The site's files, as they lie on the disk; not what the program keeps for itself.
  private func written() throws -> Set<String> {
    Set(
      try site.folder.files().filter { $0.hasPrefix("public/") }.map {
        String($0.dropFirst("public/".count))
      }
    ).subtracting([".canting/manifest"])
  }

  @Test func aBuildWritesWhatIsPlannedAndNothingElse() async throws {
    let (plan, _, _) = try await site.plan()
    let receipt = try await site.build()
    let written = try written()
    let others = written.filter { !$0.hasPrefix("c/") }
    #expect(others == Set(plan.catalogue.paths.map(\.text)))
    #expect(written.count == plan.fileCount && receipt.files == plan.fileCount)
    #expect(plan.catalogue.count == plan.fileCount)
    // Eight certificates with a record, a credential, and a page in three forms.
    #expect(written.count - others.count == 8 * 5)
    #expect(plan.manifest.count == written.count)
    for path in written { #expect(plan.manifest.contains(path), "\(path)") }
  }

  @Test func thePreviewHasEveryFileOfABuildWithTheSameBytes() async throws {
    let before = try PreviewSite(plan: try await site.plan().plan, store: site.store)
    try await site.build()
    let after = try PreviewSite(plan: try await site.plan().plan, store: site.store)
    let written = try written()
    #expect(written.contains { $0.hasSuffix(".html.gz") } && written.contains("c/") == false)
    for path in written {
      let bytes = try site.folder.read("public/\(path)")
      #expect(try before.file(at: path) == bytes, "before the build: \(path)")
      #expect(try after.file(at: path) == bytes, "after it: \(path)")
    }
    for path in ["", "c", "c/00/x/index.html", "index.html.gz.gz", "../public/index.html", "log"] {
      #expect(try after.file(at: path) == nil, "\(path)")
    }
  }

  @Test func filesComeInTheOrderOfTheirPhases() async throws {
    let phases = try await site.plan().plan.catalogue.paths.map { Phase.of($0) }
    #expect(phases == phases.sorted())
    #expect(phases.last == .checkpoint)
  }

  @Test func aSecondBuildLeavesEveryFileAsItIs() async throws {
    let first = try await site.build()
    let second = try await site.build()
    #expect(first.files == second.files && second.unchanged == second.files)
    #expect(second.added + second.changed + second.removed == 0)
  }
}
