import Content
import Diagnostics
import Input
import Layout
import Output
import Pages
import Project
import Proof

/// Finds pages of texts that were published and would be gone with the next build, although no
/// alias leads on from them.
///
/// What was published is known from the output folder alone: what the last build made there, and
/// its feeds, which name the announcements behind addresses.
struct MissingAliases {
  static let id: DiagnosticID = "moved-page"

  let outline: SiteOutline
  let output: OutputFolder

  /// An announcement as an old feed has it.
  private struct Told {
    let id: String
    let title: String
    let published: String
  }

  func find(_ planned: OutputManifest, findings: inout Findings) throws(MachineFailure) {
    let gone = try output.vanishingPages(planned)
    let addresses = gone.map(address).filter { !isList($0) && !isWithheld($0) }
    if addresses.isEmpty { return }
    let told = try oldAnnouncements()
    for address in addresses {
      findings.add(finding(address, successor: successor(of: address, told: told[address])))
    }
  }

  private func address(of path: OutputPath) -> String {
    let text = "/\(path.text)"
    return text.hasSuffix("/index.html") ? String(text.dropLast("index.html".count)) : text
  }

  // MARK: What may go

  /// The language of an address, and what stands behind its prefix.
  private func parts(of address: String) -> (language: String, parts: [Substring]) {
    let parts = address.split(separator: "/")
    let languages = outline.configuration.languages
    if let first = parts.first, languages.dropFirst().contains(String(first)) {
      return (String(first), Array(parts.dropFirst()))
    }
    return (languages[0], parts)
  }

  /// Lists come and go with the announcements in them.
  private func isList(_ address: String) -> Bool {
    let parts = parts(of: address).parts
    guard parts.count > 1, parts[0] == "news" else { return false }
    return ["page", "tags"].contains(parts[1]) || CalendarDate(iso: "\(parts[1])-01-01") != nil
  }

  /// Whether it belongs to a text that its editor took off the site: a draft, or one that expired.
  private func isWithheld(_ address: String) -> Bool {
    outline.content.withheld.contains { announcement in
      let own = outline.configuration.address(
        "news/\(announcement.slug)/", in: announcement.language)
      return own == address || announcement.aliases.contains { $0.address == address }
    }
  }

  // MARK: Where it went

  private func oldAnnouncements() throws(MachineFailure) -> [String: Told] {
    var told: [String: Told] = [:]
    for language in outline.configuration.languages {
      let path = outline.configuration.feedPath(.json, in: language)
      guard let bytes = try output.publishedFile(path) else { continue }
      let feed: JSONValue
      do {
        feed = try JSONParser.parse(bytes)
      } catch {
        // It only makes a finding more telling; without it the finding stands all the same.
        continue
      }
      for item in feed["items"]?.array ?? [] {
        guard let url = item["url"]?.string, url.hasPrefix(outline.configuration.url) else {
          continue
        }
        told[String(url.dropFirst(outline.configuration.url.count))] = Told(
          id: item["id"]?.string ?? "", title: item["title"]?.string ?? "",
          published: item["date_published"]?.string ?? "")
      }
    }
    return told
  }

  /// The page that was not there before and is most like the one that goes.
  private func successor(of address: String, told: Told?) -> PlannedPage? {
    let (language, parts) = parts(of: address)
    let isNews = parts.first == "news"
    let new = outline.pages.filter { page in
      page.language == language && page.isOfAText && !output.previous.contains(page.path)
        && page.isOfAnAnnouncement == isNews
    }
    guard isNews else { return new.count == 1 ? new[0] : nil }
    func first(_ fits: (Announcement) -> Bool) -> PlannedPage? {
      new.first { page in
        if case .announcement(let index) = page.kind {
          fits(outline.content.announcements[index])
        } else {
          false
        }
      }
    }
    guard let told else { return new.count == 1 ? new[0] : nil }
    let host = outline.configuration.host
    return first { Feeds.id(of: $0.pairing, host: host, language: language) == told.id }
      ?? first { $0.title == told.title } ?? first { $0.moment.description == told.published }
  }

  private func finding(_ address: String, successor: PlannedPage?) -> Diagnostic {
    let message =
      "A published address stays: the next build removes \(address), and nothing leads"
      + " on from it"
    guard let successor else {
      return Diagnostic(
        Self.id, .warning,
        at: SourceLocation(path: "\(output.displayPath)/\(OutputPath(page: address))"),
        message: message,
        hint: "add `aliases: [\(address)]` to the text that took its place; if none did, build all"
          + " the same")
    }
    return outline.diagnostic(
      Self.id, .warning, at: successor, message: message,
      hint: "if this text was there, add `aliases: [\(address)]` to its settings; if it is another"
        + " one, build all the same")
  }
}

extension PlannedPage {
  fileprivate var isOfAnAnnouncement: Bool {
    if case .announcement = kind { true } else { false }
  }
}
