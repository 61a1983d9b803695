/// The languages that every site has, since records carry titles in both: pages of the first lie at the
/// site's root, those of another in a folder of its name.
package enum SiteLanguages {
  package static let all = ["en", "id"]
  static let folders = all.dropFirst()
}
