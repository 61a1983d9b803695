/// Where the feeds of a language lie.
package struct FeedPaths {
  package let atom: OutputPath
  package let rss: OutputPath
  package let json: OutputPath

  /// - Parameter news: the address of the language's announcements, as in `/id/news/`.
  package init(news address: String) {
    func path(_ name: String) -> OutputPath { OutputPath("\(address.dropFirst())\(name)") }
    (atom, rss, json) = (path("atom.xml"), path("rss.xml"), path("feed.json"))
  }

  package var all: [OutputPath] { [atom, rss, json] }
}
