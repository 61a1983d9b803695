import Layout
import Project

extension HostFiles {
  /// What belongs into a server block of nginx whose root is the site.
  var nginx: String {
    var lines = [
      "# Made by canting build. Include it in the server block of \(configuration.host), whose root is",
      "# the site's folder. Headers stand in every location: nginx passes none on to a location that",
      "# has one of its own.",
      "index index.html;",
      "absolute_redirect off;",
      "server_tokens off;",
      "etag on;",
      "charset utf-8;",
      "charset_types \(charsetTypes);",
      "default_type application/octet-stream;",
      "types {",
    ]
    let ends = Dictionary(grouping: HostHeaders.contentTypes.keys) {
      HostHeaders.contentTypes[$0] ?? ""
    }
    lines += ends.sorted { $0.key < $1.key }.map {
      "  \($0.key) \($0.value.sorted().joined(separator: " "));"
    }
    lines += ["}"] + compressed
    lines += ["error_page 404 /404.html;", "error_page 403 =404 /404.html;"]
    let kept = "/\(OutputPath.stateFolder)"
    for hidden in ["= /_headers", "= /_redirects", "= \(kept)", "^~ \(kept)/"] {
      lines.append("location \(hidden) { return 404; }")
    }
    lines += HostHeaders.rules.flatMap(location)
    lines += [
      "location / {",
      "  add_header Cache-Control \"\(HostHeaders.Lifetime.minutes.rawValue)\" always;",
    ]
    lines += everywhere.map(header) + ["}"]
    for redirect in redirects {
      lines.append("location = \(redirect.from) {")
      lines += everywhere.map(header) + ["  return 301 \(redirect.to);", "}"]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var charsetTypes: String {
    Set(HostHeaders.contentTypes.values).filter(HostHeaders.needsCharset).sorted()
      .filter { $0 != "text/html" }.joined(separator: " ")
  }

  /// Sends what was compressed beforehand; nginx has a module for gzip, and Debian one for brotli.
  private var compressed: [String] {
    let kinds = configuration.precompress
    return (kinds.contains(.gzip) ? ["gzip_static on;", "gzip_vary on;"] : [])
      + (kinds.contains(.brotli)
        ? [
          "# Take the # away once the module is there (Debian: libnginx-mod-http-brotli-static).",
          "# brotli_static on;",
        ] : [])
  }

  private func header(_ header: (name: String, value: String)) -> String {
    "  add_header \(header.name) \"\(header.value)\" always;"
  }

  private func location(_ rule: HostHeaders.Rule) -> [String] {
    let place =
      switch rule.pattern {
      case .file(let file): "= /\(file)"
      case .folder(let start), .start(let start): "^~ /\(start)"
      case .ofCertificates(let name):
        "~ ^/c/[0-9a-f]+/[0-9a-f]+/\(name.split(separator: ".").joined(separator: "\\."))$"
      }
    var lines = ["location \(place) {"]
    if case .file("404.html") = rule.pattern { lines.append("  internal;") }
    if let type = rule.contentType {
      // A type that is told goes for every name; the character set is added by nginx.
      lines += ["  types { }", "  default_type \(type.split(separator: ";")[0]);"]
    }
    return lines + (Self.own(rule) + everywhere).map(header) + ["}"]
  }
}
