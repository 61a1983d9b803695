import Content
import Layout
import Pages
import Project
import Proof

/// Makes the bytes of a site's files: the same site, the same bytes.
struct SiteRenderer: Sendable {
  let site: Site
  let pages: SitePages
  private let lists: ListPages
  private let hosts: HostFiles
  private let proof: ProofDocuments
  /// The page of all erased certificates; empty where there are none.
  private let erasedPage: [UInt8]

  /// - Parameter entries: of the directory, where they were made before.
  init(_ site: Site, entries: DirectoryEntries? = nil) {
    let project = site.project
    self.site = site
    pages = SitePages(
      site: site,
      renderer: PageRenderer(
        configuration: project.configuration, theme: project.theme, pages: project.content.pages,
        registry: project.registry))
    lists = ListPages(site: site, pages: pages, entries: entries ?? DirectoryEntries(site))
    hosts = HostFiles(project.outline)
    proof = ProofDocuments(site)
    erasedPage = site.erased.isEmpty ? [] : pages.erased()
  }

  /// - Throws: `MachineFailure` when a file of the editors cannot be read or a picture not be made.
  func bytes(of file: PlannedFile) throws -> [UInt8] {
    switch file.source {
    case .bytes(let bytes): bytes
    case .document(let document): try document.bytes()
    case .sharePicture(let picture): try site.sharePictures?.png(picture) ?? []
    case .single(let file): try bytes(of: file)
    case .erased: erasedPage
    case .page(let page): pages.render(page)
    case .list(let list): lists.bytes(of: list)
    case .feed(let format, let language): pages.feed(format, language)
    case .statistics(let table, let format): pages.file(of: table, format)
    case .sitemap(let part): Sitemaps.certificates(part, site: site)
    case .statusList(let list): try proof.statusList(list)
    case .host(let kind): hosts.file(kind)
    }
  }

  private func bytes(of file: SingleFile) throws -> [UInt8] {
    switch file {
    case .didDocument: proof.didDocument
    case .keys: try proof.keyHistory()
    case .context: proof.context
    case .robots: Sitemaps.robots(site.project.configuration)
    case .sitemapIndex: Sitemaps.index(site)
    case .pageSitemap: Sitemaps.pages(site)
    case .newsSitemap: Sitemaps.news(site)
    case .redirects: pages.redirects()
    case .witnesses: site.project.witnesses?.bytes ?? []
    }
  }

  /// - Parameters:
  ///   - checkpoint: signed, of the ledger that the site shows.
  ///   - tile: gives the bytes of a tile by its path below `log/`.
  func bytes(
    of file: LogFile, checkpoint: [UInt8], tile: (String) throws -> [UInt8]
  ) rethrows -> [UInt8] {
    switch file {
    case .tile(let path): try tile(path)
    case .edge: proof.logEdge(checkpoint: checkpoint)
    case .checkpoint: checkpoint
    }
  }
}
