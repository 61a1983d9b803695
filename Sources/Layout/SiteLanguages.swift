/// The languages of a site's pages: those of the first lie at the site's root, those of another in a folder of
/// its name.
package enum SiteLanguages {
  /// The languages in which every site has all of its pages, since records carry titles in both. In other
  /// languages it has the texts that somebody wrote, the lists of announcements and the search.
  package static let whole = ["en", "id"]
  /// The folders in which pages are that the program makes from the registry.
  package static let folders = whole.dropFirst()

  /// The standing pages that the program fills from the registry: no other language has them.
  package static let pagesOfWhole: Set = [
    "schemes", "directory", "batches", "statistics", "request",
  ]
}
