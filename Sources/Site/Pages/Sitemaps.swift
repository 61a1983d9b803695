import Content
import Diagnostics
import Input
import Proof

/// What search engines are told: standing pages, announcements, and certificates in force whose
/// holders agreed to be listed. Days are those of the content, never of the build.
enum Sitemaps {
  /// Addresses in one file; the protocol allows 50,000.
  static let limit = 40_000

  static let robotsPath = OutputPath("robots.txt")
  static let indexPath = OutputPath("sitemap.xml")
  static let pagesPath = OutputPath("sitemap-pages.xml")
  static let newsPath = OutputPath("sitemap-news.xml")
  /// For so many seconds an announcement is news, which is what news means to search engines.
  private static let newsAge = 2 * 86_400
  /// Entries of the news sitemap.
  private static let newsLimit = 100

  static func certificatesPath(_ position: Int) -> OutputPath {
    OutputPath("sitemap-certificates-\(position + 1).xml")
  }

  static func paths(certificateSitemaps: Int) -> [OutputPath] {
    [robotsPath, indexPath, pagesPath] + (0..<certificateSitemaps).map(certificatesPath)
  }

  static func robots(_ configuration: SiteConfiguration) -> [UInt8] {
    Array("User-agent: *\nAllow: /\n\nSitemap: \(configuration.url)/sitemap.xml\n".utf8)
  }

  static func index(_ plan: SitePlan) -> [UInt8] {
    let news = plan.project.content.announcements.isEmpty ? [] : [newsPath]
    let paths =
      [pagesPath] + news + plan.lists.sitemaps
      + (0..<plan.certificateSitemaps).map(certificatesPath)
    let entries = paths.map { path in
      "<sitemap><loc>\(plan.project.configuration.url)/\(path.text)</loc></sitemap>\n"
    }
    return document("sitemapindex", entries)
  }

  static func pages(_ plan: SitePlan) -> [UInt8] {
    let entries = plan.pages.compactMap { page -> String? in
      switch page.kind {
      case .notFound, .redirect: return nil
      case .standing, .scheme, .newsList, .tags, .search: return entry(page.address, nil, plan)
      case .announcement(let index):
        let announcement = plan.project.content.announcements[index]
        return entry(page.address, announcement.updated ?? announcement.date, plan)
      }
    }
    return document("urlset", entries)
  }

  /// The second, since 1970, from which an announcement is no news any more; nil if none is.
  static func nextChange(_ project: Project) -> Int? {
    let now = project.outline.now.secondsSinceEpoch
    return project.content.announcements.prefix(newsLimit)
      .map { $0.moment.secondsSinceEpoch + newsAge + 1 }.filter { $0 > now }.min()
  }

  /// The newest announcements; those of the last two days as news.
  static func news(_ plan: SitePlan) -> [UInt8] {
    let configuration = plan.project.configuration
    let now = plan.project.outline.now.secondsSinceEpoch
    let entries = plan.project.content.announcements.prefix(newsLimit).map { announcement in
      let address = configuration.address(
        "news/\(announcement.slug)/", in: announcement.language)
      let age = now - announcement.moment.secondsSinceEpoch
      let news =
        age > newsAge
        ? ""
        : """
        <news:news><news:publication><news:name>\(XML.text(configuration.title[announcement.language]))\
        </news:name><news:language>\(announcement.language)</news:language></news:publication>\
        <news:publication_date>\(announcement.moment)</news:publication_date>\
        <news:title>\(XML.text(announcement.title))</news:title></news:news>
        """
      return "<url><loc>\(configuration.url)\(address)</loc>\(news)</url>\n"
    }
    return document(
      "urlset", Array(entries),
      more: " xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\"")
  }

  /// A part of the pages of the directory and of batches.
  static func lists(_ addresses: [String], _ plan: SitePlan) -> [UInt8] {
    document("urlset", addresses.map { entry($0, nil, plan) })
  }

  /// A part of the certificates that search engines are told, by their ordinals.
  static func certificates(_ listed: some Sequence<Int>, plan: SitePlan) -> [UInt8] {
    let start = Array("<url><loc>\(plan.project.configuration.url)/".utf8)
    let middle = Array("/</loc><lastmod>".utf8)
    let end = Array("</lastmod></url>\n".utf8)
    var bytes = opening("urlset")
    bytes.reserveCapacity(bytes.count + limit * (start.count + middle.count + end.count + 48))
    for ordinal in listed {
      let certificate = plan.fingerprints.entries[ordinal]
      bytes += start
      bytes += certificate.fingerprint.code.folderBytes
      bytes += middle
      bytes.append(certificate.statusDate ?? certificate.issued)
      bytes += end
    }
    bytes += closing("urlset")
    return bytes
  }

  private static func entry(_ address: String, _ day: CalendarDate?, _ plan: SitePlan) -> String {
    let changed = day.map { "<lastmod>\($0)</lastmod>" } ?? ""
    return "<url><loc>\(plan.project.configuration.url)\(address)</loc>\(changed)</url>\n"
  }

  private static func document(
    _ element: String, _ entries: [String], more: String = ""
  ) -> [UInt8] {
    opening(element, more: more) + Array(entries.joined().utf8) + closing(element)
  }

  private static func opening(_ element: String, more: String = "") -> [UInt8] {
    Array(
      (#"<?xml version="1.0" encoding="UTF-8"?>"# + "\n"
        + "<\(element) xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"\(more)>\n").utf8)
  }

  private static func closing(_ element: String) -> [UInt8] { Array("</\(element)>\n".utf8) }
}
