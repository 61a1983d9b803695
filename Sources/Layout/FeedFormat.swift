/// A form in which feed readers are told the announcements of a language, by the name of its file.
package enum FeedFormat: String, CaseIterable, Sendable {
  case atom = "atom.xml"
  case rss = "rss.xml"
  case json = "feed.json"
}
