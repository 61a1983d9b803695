/// A file that a site has once. It is no page, and no part of the log.
package enum SingleFile: String, CaseIterable, Sendable {
  case didDocument = ".well-known/did.json"
  case keys = "keys.json"
  /// What the words of credentials mean.
  case context = "contexts/certificate-v1.jsonld"
  case robots = "robots.txt"
  case sitemapIndex = "sitemap.xml"
  case pageSitemap = "sitemap-pages.xml"
  /// There while there are announcements.
  case newsSitemap = "sitemap-news.xml"
  /// There while old addresses lead on, in
  /// [Netlify's format](https://docs.netlify.com/routing/redirects/), which others share.
  case redirects = "_redirects"
  /// There where the institution names witnesses of its log, by C2SP tlog-policy.
  case witnesses = "log/witnesses.policy"

  package var path: OutputPath { OutputPath(rawValue) }
}
