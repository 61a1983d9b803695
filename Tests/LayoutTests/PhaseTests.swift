import Layout
import Testing

@Suite struct PhaseTests {
  @Test(arguments: [
    ("assets/site.0a1b2c3d.css", Phase.assets),
    ("assets/site.0a1b2c3d.css.gz", .assets),
    (".well-known/did.json", .keys),
    ("keys.json", .keys),
    ("keys.json.br", .keys),
    ("contexts/certificate-v1.jsonld", .keys),
    ("c/4c/14b690b7b5452947a1d8e4bb77f28c/record.json", .records),
    ("c/4c/14b690b7b5452947a1d8e4bb77f28c/credential.json", .records),
    ("c/4c/14b690b7b5452947a1d8e4bb77f28c/index.html", .certificatePages),
    ("c/4c/14b690b7b5452947a1d8e4bb77f28c/index.html.br", .certificatePages),
    ("verify/index.html", .pages),
    ("id/verify/index.html", .pages),
    ("how-it-works/index.html", .pages),
    ("faq/index.html", .pages),
    ("about/index.html", .pages),
    ("404.html", .pages),
    ("news/hang-tag/index.html", .pages),
    ("id/news/hang-tag/index.html", .pages),
    ("schemes/natural-dyeing/index.html", .pages),
    ("batches/2024-yk-08/index.html", .pages),
    ("id/batches/2024-yk-08/index.html", .pages),
    ("index.html", .lists),
    ("id/index.html", .lists),
    ("news/index.html", .lists),
    ("news/page/2/index.html", .lists),
    ("news/tags/export/index.html", .lists),
    ("news/2026/index.html", .lists),
    ("schemes/index.html", .lists),
    ("search/index.html", .lists),
    ("statistics/index.html", .lists),
    ("statistics/years.csv", .lists),
    ("batches/index.html", .lists),
    ("batches/years/2024/index.html", .lists),
    ("batches/years/2024/page/2/index.html", .lists),
    ("directory/index.html", .lists),
    ("directory/index.json", .lists),
    ("id/directory/jawa-tengah/index.html", .lists),
    ("status/revocation/0", .lists),
    ("news/atom.xml", .lists),
    ("sitemap.xml", .lists),
    ("_headers", .lists),
    ("log/tile/0/000", .tiles),
    ("log/tile/entries/000.p/8", .tiles),
    ("log/edge.json", .edge),
    ("log/checkpoint", .checkpoint),
  ])
  func followsFromThePath(_ path: String, _ phase: Phase) {
    #expect(Phase.of(OutputPath(path)) == phase)
  }

  @Test(arguments: [
    ("assets/a.css", SiteFolder.assets), ("c/4c/x", .certificates), ("log/checkpoint", .log),
    ("id/directory/x/index.html", .directory), ("batches/x/index.html", .batches),
  ])
  func aFolderOfTheProgramsOwnIsKnown(_ path: String, _ folder: SiteFolder) {
    #expect(SiteFolder.of(OutputPath(path)) == folder)
  }

  @Test(arguments: [
    "c", "log", "assets", "index.html", "about/c/index.html", "news/log/index.html", "Assets/a.css",
    "identity/directory/x", "logs/checkpoint", ".canting/manifest", "x/assets/a.css",
    "id/assets/a.css", "id/log/index.html", "id/status/index.html", "id/c/index.html",
    "id/directory",
  ])
  func othersAreNot(_ path: String) {
    #expect(SiteFolder.of(OutputPath(path)) == nil)
  }

  /// What a deploy removes although it may be a stranger's.
  @Test(arguments: [
    ("assets/a.css", true), ("c/4c/x/index.html", true), ("status/revocation/0", true),
    ("log/tile/0/000", true), ("log/access.log", false), ("log/checkpoint", false),
    ("directory/x/index.html", false), ("contexts/other.jsonld", false), ("id/assets/a", false),
  ])
  func aDeployEmptiesWhereNobodyElsePutsFiles(_ path: String, _ isEmptied: Bool) {
    let path = OutputPath(path)
    #expect(SiteFolder.of(path)?.emptiedPrefix.map(path.text.hasPrefix) ?? false == isEmptied)
  }

  @Test(arguments: [
    ("index.html", true), ("assets/a.1234.css", true), ("news/atom.xml", true),
    ("assets/photo.1234.jpg", false), ("log/edge.json", false), ("status/revocation/0", false),
    ("c/4c/x/record.json", false), (".canting/hosts/Caddyfile", false), ("_headers", false),
  ])
  func whatIsCompressedFollowsFromThePathToo(_ path: String, _ isCompressible: Bool) {
    #expect(Compression.isCompressible(for: OutputPath(path)) == isCompressible)
  }
}
