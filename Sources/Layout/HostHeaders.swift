import Proof

/// What a host should send with a file of the site: one rule for every kind of host.
package struct HostHeaders: Sendable, Hashable {
  /// How long a file may be kept without asking.
  package enum Lifetime: String, Sendable {
    /// Its name changes with its bytes.
    case forEver = "public, max-age=31536000, immutable"
    case minutes = "public, max-age=300"
    /// It may be kept, and is asked for every time.
    case none = "no-cache"
  }

  package let contentType: String
  package let lifetime: Lifetime
  /// Whether scripts of other sites may read it, as wallets and watchers do.
  let isShared: Bool

  /// Which files a rule is for.
  package enum Pattern: Sendable {
    case file(String)
    /// Everything below, with a slash at its end.
    case folder(String)
    /// Every file whose path begins so.
    case start(String)
    /// A file by its name in the folder of every certificate.
    case ofCertificates(String)

    package func covers(_ path: String) -> Bool {
      switch self {
      case .file(let file): path == file
      case .folder(let start), .start(let start): path.hasPrefix(start)
      case .ofCertificates(let name): path.hasPrefix("c/") && path.hasSuffix("/" + name)
      }
    }
  }

  package struct Rule: Sendable {
    package let pattern: Pattern
    /// nil where it follows from the name.
    package let contentType: String?
    package let lifetime: Lifetime
    package let isShared: Bool

    init(
      _ pattern: Pattern, contentType: String? = nil, _ lifetime: Lifetime, isShared: Bool = true
    ) {
      self.pattern = pattern
      self.contentType = contentType
      self.lifetime = lifetime
      self.isShared = isShared
    }
  }

  /// The first rule that covers a file counts. Files that none covers are pages and lists, which are asked
  /// for anew after minutes.
  ///
  /// A tile has its width in its name, so that its bytes never change, full or not. Records,
  /// credentials and badges never change either, but they can be erased.
  package static let rules = [
    Rule(.start(CertificateAssets.start), .none, isShared: false),
    Rule(.folder("assets/"), .forEver, isShared: false),
    Rule(.folder("log/tile/"), contentType: "application/octet-stream", .forEver),
    Rule(.file("log/checkpoint"), contentType: "text/plain; charset=utf-8", .none),
    Rule(.file("log/edge.json"), .none),
    Rule(.folder("status/"), contentType: "application/vc", .minutes),
    Rule(.file(".well-known/did.json"), .minutes),
    Rule(.file("keys.json"), .minutes),
    Rule(.folder("contexts/"), .minutes),
    Rule(.ofCertificates("record.json"), .minutes),
    Rule(.ofCertificates("credential.json"), .minutes),
    Rule(.ofCertificates("badge.json"), .minutes),
    Rule(.file("404.html"), .none, isShared: false),
  ]

  /// Changes with the rules, the types and what is sent.
  package static var rulesDigest: UInt64 {
    let types = contentTypes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }
    let sent = rules.map { "\($0.pattern) \($0.contentType ?? "") \($0.lifetime.rawValue)\n" }
    return Digest(hashing: Array((types + sent).joined().utf8)).high
  }

  /// What goes with the file at a path.
  package static func of(_ path: String) -> HostHeaders {
    let rule = rules.first { $0.pattern.covers(path) }
    return HostHeaders(
      contentType: rule?.contentType ?? contentType(path), lifetime: rule?.lifetime ?? .minutes,
      isShared: rule?.isShared ?? false)
  }

  // MARK: Types

  /// Types by the ends of names; every server and object store is told them, since each knows others.
  package static let contentTypes = [
    "atom": "application/atom+xml", "br": "application/octet-stream", "css": "text/css",
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "epub": "application/epub+zip", "gif": "image/gif", "gz": "application/gzip",
    "html": "text/html",
    "ico": "image/x-icon", "ics": "text/calendar", "jpeg": "image/jpeg", "jpg": "image/jpeg",
    "js": "text/javascript", "json": "application/json", "jsonld": "application/ld+json",
    "m4a": "audio/mp4", "mjs": "text/javascript", "mp3": "audio/mpeg", "mp4": "video/mp4",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text", "ogg": "audio/ogg", "pdf": "application/pdf",
    "png": "image/png",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "svg": "image/svg+xml", "txt": "text/plain", "wasm": "application/wasm", "wav": "audio/wav",
    "webm": "video/webm", "webmanifest": "application/manifest+json", "webp": "image/webp",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "woff2": "font/woff2", "xml": "application/xml",
  ]

  /// Types of text without a character set of their own.
  package static func needsCharset(_ type: String) -> Bool {
    type.hasPrefix("text/") || type.hasSuffix("xml")
  }

  private static func contentType(_ path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    let end = name.split(separator: ".", omittingEmptySubsequences: false).dropFirst().last ?? ""
    let type = contentTypes[String(end)] ?? "application/octet-stream"
    return needsCharset(type) ? "\(type); charset=utf-8" : type
  }

  // MARK: What goes with every answer

  /// Headers that keep pages to themselves, with 404 as well.
  ///
  /// Addresses of certificates are secrets that lead to a name, so no other site hears of them
  /// (`no-referrer`). The camera is for scanning QR codes.
  package static func everywhere(isHTTPS: Bool) -> [(name: String, value: String)] {
    let security = [
      (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src"
          + " 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
      ),
      ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
      (
        "Permissions-Policy",
        "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"
      ),
    ]
    return (isHTTPS ? [("Strict-Transport-Security", "max-age=31536000")] : []) + security
  }

  /// The header that lets scripts of other sites read a file.
  package static let sharing = (name: "Access-Control-Allow-Origin", value: "*")
}
