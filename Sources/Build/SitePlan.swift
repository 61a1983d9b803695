import Content
package import Diagnostics
import Layout
package import Output
package import Pages
package import Project
package import Proof
import Registry
import Theme

/// Everything that is decided of a site before anything is rendered.
public struct SitePlan: Sendable {
  let site: Site
  package let catalogue: SiteCatalogue
  /// The catalogue as the output folder remembers it.
  package let manifest: OutputManifest

  public var certificateCount: Int { site.project.registry.count }

  public var schemeCount: Int { site.project.registry.schemes.count }

  /// Where the site belongs, as in `https://verify.example.org`.
  public var officialAddress: String { site.project.configuration.url }

  /// The kinds of the entries that this build appends to the log, in their order.
  public var pendingEntries: [String] { site.ledger.pending.map(\.type) }

  public var fileCount: Int { catalogue.count }

  /// Lays out the site and checks what needs certificates; the rest was checked with the outline.
  ///
  /// - Parameters:
  ///   - logTiles: the paths of the log's tiles below `log/`.
  ///   - output: where the site is to be written.
  ///   - maker: makes the pictures for sharing; without it pages show the common one.
  /// - Throws: `MachineFailure` when the output folder cannot be looked at.
  package static func plan(
    _ project: Project, fingerprints: Fingerprints, ledger: Ledger, logTiles: [String],
    output: OutputFolder, pictures maker: PictureMaker? = nil, findings: inout Findings
  ) throws(MachineFailure) -> SitePlan {
    let site = Site(project, fingerprints: fingerprints, ledger: ledger, pictures: maker)
    site.lists.directory.report(at: project.registry.displayPath, findings: &findings)
    let catalogue = SiteCatalogue(
      site, sharePictures: site.sharePictures?.all ?? [:],
      log: logTiles.map { .tile($0) } + [.edge, .checkpoint])
    let paths = catalogue.paths
    claim(paths, of: site, findings: &findings)
    let entries = catalogue.manifestEntries
    let manifest = OutputManifest(entries)
    try output.findForeignFiles(of: manifest, findings: &findings) { added in
      entries.enumerated().lazy.filter { added.contains($1) }
        .flatMap { (position, entry) -> [OutputPath] in
          if position < paths.count { return [paths[position]] }
          let folder = fingerprints[position - paths.count].code.folderBytes
          return entry.files.names.map { OutputPath(folder: folder, name: $0) }
        }
    }
    try MissingAliases(outline: project.outline, output: output).find(manifest, findings: &findings)
    LinkCheck(outline: project.outline, certificates: site.certificates)
      .checkCertificates(findings: &findings)
    return SitePlan(site: site, catalogue: catalogue, manifest: manifest)
  }

  /// Finds paths that two files want; those of what people wrote were found with the outline, at its line.
  private static func claim(_ paths: [OutputPath], of site: Site, findings: inout Findings) {
    var claims = PathClaims()
    for path in paths {
      guard let obstacle = claims.claim(path, for: "the program itself"), findings.errorCount == 0
      else { continue }
      findings.add(
        Diagnostic(
          "duplicate-address", at: SourceLocation(path: site.project.registry.displayPath),
          message: "A file of the site has one place, and /\(path) \(obstacle.reason)",
          hint: "look for names of places, batches or texts that become one address"))
    }
  }

  /// What the site goes without, each in a sentence that says what to install.
  var omissions: [String] {
    var omissions: [String] = []
    let pictures = site.project.content.files.values.filter(\.lacksSmallerSizes).count
    if pictures > 0 {
      omissions.append(
        "\(pictures) picture\(pictures == 1 ? " has" : "s have") one size for phones and desktops; for smaller ones"
          + " on phones, install libvips (Debian: libvips-tools, brew: vips)")
    }
    guard !site.project.theme.hasSignatureScript else { return omissions }
    return omissions + [
      "browsers that know no Ed25519, most from before 2025, can check no signature on this site; to serve"
        + " them too, install TweetNaCl (Debian: node-tweetnacl, npm: tweetnacl)"
    ]
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
}
