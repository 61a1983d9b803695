import Content
public import Diagnostics
import Files
import Layout
package import Output
import Pages
import Project
import Proof
import Registry

/// Pictures that no page can show.
public struct DamagedPictures: Error {
  /// One for each, by path.
  public let findings: [Diagnostic]
}

/// Makes what a build would write, and writes nothing: all that people wrote, and certificates by one
/// of each variant. What cannot be made is found before anything is sealed.
public struct SiteRehearsal: Sendable {
  let plan: SitePlan
  private let output: OutputFolder
  private let cache: BuildCache?
  private let jobs: Int

  /// The most that is kept of what was made, in bytes; the rest is made again when it is written.
  private static let room = 64 << 20

  /// - Parameters:
  ///   - output: where the site is to be written.
  ///   - cache: what the last build left there.
  ///   - jobs: how many files are made at a time.
  package init(plan: SitePlan, output: OutputFolder, cache: BuildCache?, jobs: Int) {
    self.plan = plan
    self.output = output
    self.cache = cache
    self.jobs = jobs
  }

  /// Makes everything, for `check`.
  ///
  /// - Throws: what stands in the way; `DamagedPictures`.
  public func check() async throws { _ = try await run(SiteRenderer(plan.site)) }

  /// Makes everything.
  ///
  /// - Returns: the bytes of files, by their paths: as many as there is room for.
  /// - Throws: what stands in the way; `DamagedPictures`.
  func run(_ renderer: SiteRenderer) async throws -> [OutputPath: [UInt8]] {
    try output.findObstacles(to: plan.catalogue.paths)
    try makeCertificates(renderer)
    var kept: [OutputPath: [UInt8]] = [:]
    var room = Self.room
    let folder = output.lookingAt
    var damaged: Set<DamagedPicture> = []
    try await orderedConcurrentMap(plan.catalogue.files, jobs: jobs) { file in
      if file.isDrawn, try cache?.untouched(file.path, in: folder) != nil {
        return (file.path, [], nil)
      }
      switch file.source {
      case .bytes, .erased: return (file.path, [], nil)
      case .document:
        do {
          _ = try renderer.bytes(of: file)
        } catch let picture as DamagedPicture {
          return (file.path, [], picture)
        }
        return (file.path, [], nil)
      default: return (file.path, try renderer.bytes(of: file), nil)
      }
    } take: { (path: OutputPath, bytes: [UInt8], picture: DamagedPicture?) in
      if let picture { damaged.insert(picture) }
      guard !bytes.isEmpty, bytes.count <= room else { return }
      room -= bytes.count
      kept[path] = bytes
    }
    guard damaged.isEmpty else {
      throw DamagedPictures(
        findings: damaged.map(\.diagnostic).sorted { $0.location.path < $1.location.path })
    }
    return kept
  }

  /// What the templates of two certificates' pages may differ by, as far as it is known without
  /// decoding their rows.
  private struct Variant: Hashable {
    let scheme: Int
    let schemeEdition: Int
    let issuerEdition: Int
    let status: Status
    let isListed: Bool
  }

  /// Makes the files of one certificate of each variant.
  private func makeCertificates(_ renderer: SiteRenderer) throws {
    let site = plan.site
    let certificates = try SingleCertificates(
      site,
      pages: CertificatePages(
        renderer: renderer.pages.renderer, registry: site.project.registry,
        fingerprints: site.fingerprints))
    var seen: Set<Variant> = []
    for (ordinal, entry) in site.fingerprints.entries.enumerated() {
      let variant = Variant(
        scheme: entry.scheme, schemeEdition: entry.schemeEdition,
        issuerEdition: entry.issuerEdition, status: entry.status, isListed: entry.isListed)
      guard seen.insert(variant).inserted else { continue }
      for kind in site.certificateFiles.subtracting([.pageGzip, .pageBrotli]).each.map(\.kind) {
        _ = try certificates.bytes(of: kind, ordinal: ordinal)
      }
    }
  }
}
