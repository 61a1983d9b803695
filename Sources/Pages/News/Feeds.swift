package import Content
import Crypto
package import Input
package import Layout
package import Project
import Proof

/// The newest announcements of a language for feed readers: Atom, RSS 2.0 and JSON Feed.
package struct Feeds {
  package static let limit = 30

  /// An announcement as feeds tell it.
  package struct Entry {
    let announcement: Announcement
    let url: String
    /// The text with absolute addresses.
    let html: String

    package init(announcement: Announcement, url: String, html: String) {
      self.announcement = announcement
      self.url = url
      self.html = html
    }

    package var updated: SiteMoment {
      max(announcement.revised ?? announcement.moment, announcement.moment)
    }
  }

  let configuration: SiteConfiguration
  let language: String
  /// The institution, where an announcement names no author.
  let author: String
  /// What the list of announcements is called.
  let title: String
  let description: String
  let entries: [Entry]

  package init(
    configuration: SiteConfiguration, language: String, author: String, title: String,
    description: String, entries: [Entry]
  ) {
    self.configuration = configuration
    self.language = language
    self.author = author
    self.title = title
    self.description = description
    self.entries = entries
  }

  package func bytes(of format: FeedFormat) -> [UInt8] {
    switch format {
    case .atom: Array(atom.utf8)
    case .rss: Array(rss.utf8)
    case .json: json
    }
  }

  private var home: String { configuration.url + configuration.address("news/", in: language) }

  private func url(_ format: FeedFormat) -> String {
    "\(configuration.url)/\(configuration.feedPath(format, in: language))"
  }

  private func authors(_ entry: Entry) -> [String] {
    entry.announcement.authors.isEmpty ? [author] : entry.announcement.authors
  }

  private func id(_ name: String) -> String {
    Self.id(of: name, host: configuration.host, language: language)
  }

  /// A name that stays when address, title and date change: made of the host and of what
  /// translations of an announcement share.
  package static func id(of name: String, host: String, language: String) -> String {
    var bytes = Array(
      SHA256.hash(data: Array("canting/feed\n\(host)\n\(language)\n\(name)".utf8))
        .prefix(16))
    // RFC 9562: version 8, of the maker's own choice.
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    let hex = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    func part(_ range: Range<Int>) -> String { hex[range].joined() }
    return "urn:uuid:"
      + [part(0..<4), part(4..<6), part(6..<8), part(8..<10), part(10..<16)].joined(
        separator: "-")
  }

  // MARK: Atom

  private var atom: String {
    let updated = entries.map(\.updated).max()?.description ?? ""
    var text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="\(XML.escaped(language))">
      <id>\(id(""))</id>
      <title>\(XML.escaped(title))</title>
      <subtitle>\(XML.escaped(description))</subtitle>
      <updated>\(updated)</updated>
      <author><name>\(XML.escaped(author))</name></author>
      <link rel="self" type="application/atom+xml" href="\(XML.escaped(url(.atom)))"/>
      <link rel="alternate" type="text/html" href="\(XML.escaped(home))"/>

      """
    for entry in entries {
      let announcement = entry.announcement
      text += """
        <entry>
        <id>\(id(announcement.pairing))</id>
        <title>\(XML.escaped(announcement.title))</title>
        <published>\(announcement.moment)</published>
        <updated>\(entry.updated)</updated>
        <link rel="alternate" type="text/html" href="\(XML.escaped(entry.url))"/>
        \(authors(entry).map { "<author><name>\(XML.escaped($0))</name></author>\n" }.joined())\
        \(announcement.tags.map {
          "<category term=\"\($0.slug)\" label=\"\(XML.escaped($0.label))\"/>\n"
        }.joined())\
        <summary>\(XML.escaped(announcement.summary))</summary>
        <content type="html">\(XML.escaped(entry.html))</content>
        </entry>

        """
    }
    return text + "</feed>\n"
  }

  // MARK: RSS

  private var rss: String {
    let updated = entries.map(\.updated).max().map(Self.mailDate) ?? ""
    var text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" \
      xmlns:content="http://purl.org/rss/1.0/modules/content/" \
      xmlns:dc="http://purl.org/dc/elements/1.1/">
      <channel>
      <title>\(XML.escaped(title))</title>
      <link>\(XML.escaped(home))</link>
      <description>\(XML.escaped(description))</description>
      <language>\(XML.escaped(language))</language>
      <lastBuildDate>\(updated)</lastBuildDate>
      <atom:link rel="self" type="application/rss+xml" href="\(XML.escaped(url(.rss)))"/>

      """
    for entry in entries {
      let announcement = entry.announcement
      text += """
        <item>
        <title>\(XML.escaped(announcement.title))</title>
        <link>\(XML.escaped(entry.url))</link>
        <guid isPermaLink="false">\(id(announcement.pairing))</guid>
        <pubDate>\(Self.mailDate(announcement.moment))</pubDate>
        \(authors(entry).map { "<dc:creator>\(XML.escaped($0))</dc:creator>\n" }.joined())\
        \(announcement.tags.map { "<category>\(XML.escaped($0.label))</category>\n" }.joined())\
        <description>\(XML.escaped(announcement.summary))</description>
        <content:encoded>\(XML.escaped(entry.html))</content:encoded>
        </item>

        """
    }
    return text + "</channel>\n</rss>\n"
  }

  /// As in mail, `Tue, 15 Oct 2024 09:30:00 +0700`.
  static func mailDate(_ moment: SiteMoment) -> String {
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    let day = moment.day
    let weekday = days[(day.daysSinceEpoch % 7 + 7) % 7]
    let number = day.day < 10 ? "0\(day.day)" : "\(day.day)"
    return "\(weekday), \(number) \(months[day.month - 1]) \(day.year) \(moment.clock):00 "
      + moment.offset.replacing(":", with: "")
  }

  // MARK: JSON Feed

  private var json: [UInt8] {
    let items = entries.map { entry -> JSONValue in
      let announcement = entry.announcement
      var item: [String: JSONValue] = [
        "id": .string(id(announcement.pairing)), "url": .string(entry.url),
        "title": .string(announcement.title), "content_html": .string(entry.html),
        "summary": .string(announcement.summary),
        "date_published": .string(announcement.moment.description),
        "date_modified": .string(entry.updated.description), "language": .string(language),
        "authors": .array(authors(entry).map { .object(["name": .string($0)]) }),
      ]
      if !announcement.tags.isEmpty {
        item["tags"] = .array(announcement.tags.map { .string($0.label) })
      }
      return .object(item)
    }
    return CanonicalJSON.encode(
      .object([
        "version": .string("https://jsonfeed.org/version/1.1"), "title": .string(title),
        "description": .string(description), "home_page_url": .string(home),
        "feed_url": .string(url(.json)), "language": .string(language),
        "authors": .array([.object(["name": .string(author)])]), "items": .array(items),
      ]))
  }
}
