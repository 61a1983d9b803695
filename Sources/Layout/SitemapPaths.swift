/// Sitemaps of which a large site has many.
package enum SitemapPaths {
  /// Addresses in one file; the protocol allows 50,000.
  package static let limit = 40_000

  /// A part of the certificates, counted from 0.
  package static func certificates(_ part: Int) -> OutputPath {
    OutputPath("sitemap-certificates-\(part + 1).xml")
  }

  /// A part of the pages of lists, counted from 0.
  package static func lists(_ part: Int) -> OutputPath {
    OutputPath("sitemap-lists-\(part + 1).xml")
  }
}
