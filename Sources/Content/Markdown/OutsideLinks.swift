public import Diagnostics

/// The links of published texts that lead to other people's web pages, and every place they stand at.
public struct OutsideLinks: Sendable {
  /// What came of asking for an address.
  public enum Answer: Sendable, Hashable {
    case good
    /// Nobody answers there, or the answer says that there is nothing.
    case dead(String)
    /// The host does not answer programs, or was not asked.
    case unchecked(String)
  }

  private let places: [String: [(text: Markdown, link: Markdown.Link)]]

  /// - Parameter site: the official address, whose own pages are checked otherwise.
  public init(of content: Content, site: String) {
    let links =
      content.pages.flatMap { page in page.text.links.map { (page.text, $0) } }
      + content.announcements.flatMap { text in text.links.map { (text.text, $0) } }
    var places: [String: [(text: Markdown, link: Markdown.Link)]] = [:]
    for (text, link) in links {
      guard let address = Self.address(of: link), address != site,
        !address.hasPrefix(site + "/")
      else { continue }
      places[address, default: []].append((text, link))
    }
    self.places = places
  }

  /// Where a link leads on the web; nil for any other link.
  private static func address(of link: Markdown.Link) -> String? {
    let destination = link.destination
    if destination.hasPrefix("//") { return "https:" + destination }
    guard let scheme = LinkSafety.scheme(of: destination), ["http", "https"].contains(scheme) else {
      return nil
    }
    return destination
  }

  /// Each address once, sorted by its bytes.
  public var addresses: [String] {
    places.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// What the answers mean for the texts, in the order of the addresses and of the texts.
  public func findings(_ answers: [String: Answer]) -> [Diagnostic] {
    addresses.flatMap { address in
      (places[address] ?? []).compactMap { place in
        finding(answers[address] ?? .unchecked("there was no answer"), address, at: place)
      }
    }
  }

  private func finding(
    _ answer: Answer, _ address: String, at place: (text: Markdown, link: Markdown.Link)
  ) -> Diagnostic? {
    switch answer {
    case .good: nil
    case .dead(let reason):
      place.text.diagnostic(
        "dead-link", .warning, at: place.link,
        message: "A link leads to a page that is there, and \(address) is not: \(reason)",
        hint: "look whether the page moved and link to where it is now, or remove the link")
    case .unchecked(let reason):
      place.text.diagnostic(
        "unchecked-link", .note, at: place.link,
        message: "Whether \(address) is there could not be checked: \(reason)",
        hint: "open it in a browser")
    }
  }
}
