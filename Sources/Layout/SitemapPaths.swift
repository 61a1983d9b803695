/// Where search engines find what the site has.
package enum SitemapPaths {
  /// Addresses in one file; the protocol allows 50,000.
  package static let limit = 40_000

  package static let robots = OutputPath("robots.txt")
  package static let index = OutputPath("sitemap.xml")
  package static let pages = OutputPath("sitemap-pages.xml")
  package static let news = OutputPath("sitemap-news.xml")

  /// A part of the certificates, counted from 0.
  package static func certificates(_ part: Int) -> OutputPath {
    OutputPath("sitemap-certificates-\(part + 1).xml")
  }

  /// A part of the pages of lists, counted from 0.
  package static func lists(_ part: Int) -> OutputPath {
    OutputPath("sitemap-lists-\(part + 1).xml")
  }
}
