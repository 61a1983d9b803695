package import Layout
package import Project

/// Files that tell hosts what to send with the site's.
///
/// `_headers` lies where hosts look for it. The others are for whoever runs a server: they lie in
/// the program's own folder, which is served nowhere and uploaded nowhere.
package struct HostFiles: Sendable {
  let configuration: SiteConfiguration
  /// Old addresses and what they lead to.
  let redirects: [(from: String, to: String)]

  package init(_ outline: SiteOutline) {
    configuration = outline.configuration
    // An address in other letters still has its page; here it could mean something to a server.
    redirects = outline.redirects.filter { Self.isPlain($0.from) && Self.isPlain($0.to) }
      .sorted { $0.from < $1.from }
  }

  private static func isPlain(_ address: String) -> Bool {
    address.utf8.allSatisfy {
      switch $0 {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
      case UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
      default: false
      }
    }
  }

  package func file(_ kind: HostKind) -> [UInt8] {
    switch kind {
    case .headers: Array(headers.utf8)
    case .nginx: Array(nginx.utf8)
    case .caddy: Array(caddy.utf8)
    }
  }

  /// Headers of every answer.
  var everywhere: [(name: String, value: String)] {
    HostHeaders.everywhere(isHTTPS: configuration.url.hasPrefix("https:"))
  }

  /// The headers of a rule beside those of every answer.
  static func own(_ rule: HostHeaders.Rule) -> [(name: String, value: String)] {
    [("Cache-Control", rule.lifetime.rawValue)] + (rule.isShared ? [HostHeaders.sharing] : [])
  }

  /// As Netlify, Cloudflare and others read it. Where two rules cover a path, hosts join their
  /// values; so no header is in two of them, but for assets that keep their names: of the two lifetimes
  /// `no-cache` is the one that counts (RFC 9111, 5.2.2.4). Pages are left to the hosts, which let
  /// browsers ask for them every time.
  private var headers: String {
    var text = "/*\n" + Self.indented(everywhere)
    for rule in HostHeaders.rules {
      let path =
        switch rule.pattern {
        case .file(let file): "/\(file)"
        case .folder(let start), .start(let start): "/\(start)*"
        case .ofCertificates(let name): "/c/:first/:rest/\(name)"
        }
      let type = rule.contentType.map { [(name: "Content-Type", value: $0)] } ?? []
      text += "\n\(path)\n" + Self.indented(type + Self.own(rule))
    }
    return text
  }

  private static func indented(_ headers: [(name: String, value: String)]) -> String {
    headers.map { "  \($0.name): \($0.value)\n" }.joined()
  }
}
