import Content
import Input
import Layout
package import Project
import Proof

/// What search engines are told: standing pages, announcements, and certificates in force whose
/// holders agreed to be listed. Days are those of the content, never of the build.
package enum Sitemaps {
  /// For so many seconds an announcement is news, which is what news means to search engines.
  private static let newsAge = 2 * 86_400
  /// Entries of the news sitemap.
  private static let newsLimit = 100

  package static func robots(_ configuration: SiteConfiguration) -> [UInt8] {
    Array("User-agent: *\nAllow: /\n\nSitemap: \(configuration.url)/sitemap.xml\n".utf8)
  }

  package static func index(_ site: Site) -> [UInt8] {
    let news = site.project.content.announcements.isEmpty ? [] : [SingleFile.newsSitemap.path]
    let paths =
      [SingleFile.pageSitemap.path] + news + site.lists.sitemaps
      + (0..<site.certificateSitemaps).map(SitemapPaths.certificates)
    let entries = paths.map { path in
      "<sitemap><loc>\(site.project.configuration.url)/\(path.text)</loc></sitemap>\n"
    }
    return document("sitemapindex", entries)
  }

  package static func pages(_ site: Site) -> [UInt8] {
    let entries = site.project.outline.pages.compactMap { page -> String? in
      switch page.kind {
      case .notFound, .redirect: return nil
      case .standing, .scheme, .newsList, .tags, .search: return entry(page.address, nil, site)
      case .announcement(let index):
        let announcement = site.project.content.announcements[index]
        return entry(page.address, announcement.updated ?? announcement.date, site)
      }
    }
    return document("urlset", entries)
  }

  /// The second, since 1970, from which an announcement is no news any more; nil if none is.
  package static func nextChange(_ project: Project) -> Int? {
    let now = project.outline.now.secondsSinceEpoch
    return project.content.announcements.prefix(newsLimit)
      .map { $0.moment.secondsSinceEpoch + newsAge + 1 }.filter { $0 > now }.min()
  }

  /// The newest announcements; those of the last two days as news.
  package static func news(_ site: Site) -> [UInt8] {
    let configuration = site.project.configuration
    let now = site.project.outline.now.secondsSinceEpoch
    let entries = site.project.content.announcements.prefix(newsLimit).map { announcement in
      let address = configuration.address(
        "news/\(announcement.slug)/", in: announcement.language)
      let age = now - announcement.moment.secondsSinceEpoch
      let news =
        age > newsAge
        ? ""
        : """
        <news:news><news:publication><news:name>\(XML.escaped(configuration.title[announcement.language]))\
        </news:name><news:language>\(announcement.language)</news:language></news:publication>\
        <news:publication_date>\(announcement.moment)</news:publication_date>\
        <news:title>\(XML.escaped(announcement.title))</news:title></news:news>
        """
      return "<url><loc>\(configuration.url)\(address)</loc>\(news)</url>\n"
    }
    return document(
      "urlset", Array(entries),
      more: " xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\"")
  }

  /// A part of the pages of the directory and of batches.
  static func lists(_ addresses: [String], _ site: Site) -> [UInt8] {
    document("urlset", addresses.map { entry($0, nil, site) })
  }

  /// A part of the certificates that search engines are told, counted from 0.
  package static func certificates(_ part: Int, site: Site) -> [UInt8] {
    let listed = site.certificatesForSearchEngines.dropFirst(part * SitemapPaths.limit)
      .prefix(SitemapPaths.limit)
    let start = Array("<url><loc>\(site.project.configuration.url)/".utf8)
    let middle = Array("/</loc><lastmod>".utf8)
    let end = Array("</lastmod></url>\n".utf8)
    var bytes = opening("urlset")
    bytes.reserveCapacity(
      bytes.count + SitemapPaths.limit * (start.count + middle.count + end.count + 48))
    for ordinal in listed {
      let certificate = site.fingerprints.entries[ordinal]
      bytes += start
      bytes += certificate.fingerprint.code.folderBytes
      bytes += middle
      bytes.append(certificate.statusDate ?? certificate.issued)
      bytes += end
    }
    bytes += closing("urlset")
    return bytes
  }

  private static func entry(_ address: String, _ day: CalendarDate?, _ site: Site) -> String {
    let changed = day.map { "<lastmod>\($0)</lastmod>" } ?? ""
    return "<url><loc>\(site.project.configuration.url)\(address)</loc>\(changed)</url>\n"
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
