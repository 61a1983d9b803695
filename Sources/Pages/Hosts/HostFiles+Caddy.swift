import Layout
import Project

extension HostFiles {
  /// A Caddyfile for the site. Where it is served, and from which folder, the environment may say.
  var caddy: String {
    var lines =
      [
        "# Made by canting build. CANTING_ROOT is the site's folder; CANTING_SITE, where it is set, an",
        "# address to serve it at in place of the official one.",
        "{$CANTING_SITE:\(configuration.host)} {",
        "\troot * {$CANTING_ROOT:/srv/www/certificates}",
      ] + always
    for (position, rule) in HostHeaders.rules.enumerated() {
      lines += matched(rule, after: HostHeaders.rules.prefix(position), name: "@rule\(position)")
    }
    lines += types
    // Set where no rule has said anything else.
    lines += ["\theader ?Cache-Control \"\(HostHeaders.Lifetime.minutes.rawValue)\""]
    for redirect in redirects {
      lines.append("\tredir \(redirect.from) \(redirect.to) permanent")
    }
    lines += [
      "\t@hidden path /\(OutputPath.stateFolder)/* /_headers /_redirects /404.html",
      "\terror @hidden 404",
    ]
    let kinds = configuration.precompress
    let names = (kinds.contains(.brotli) ? ["br"] : []) + (kinds.contains(.gzip) ? ["gzip"] : [])
    lines +=
      names.isEmpty
      ? ["\tfile_server"]
      : ["\tfile_server {", "\t\tprecompressed \(names.joined(separator: " "))", "\t}"]
    lines += [
      // Errors are answered anew, without what was set before.
      "\thandle_errors {"
    ]
    lines += always.map { "\t" + $0 }
    lines += [
      "\t\theader Cache-Control \"\(HostHeaders.Lifetime.none.rawValue)\"",
      "\t\theader Content-Type \"text/html; charset=utf-8\"",
      "\t\theader -\(HostHeaders.sharing.name)",
      "\t\trewrite * /404.html", "\t\tfile_server", "\t}", "}",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// The headers of every answer.
  private var always: [String] {
    ["\theader {"] + everywhere.map { "\t\t\($0.name) \"\($0.value)\"" }
      + ["\t\t-Server", "\t}"]
  }

  /// Types by the ends of names: Caddy asks the machine it runs on, and many have no list of them.
  private var types: [String] {
    HostHeaders.contentTypes.sorted { $0.key < $1.key }.flatMap { end, type -> [String] in
      let charset = HostHeaders.needsCharset(type) ? "; charset=utf-8" : ""
      return [
        "\t@\(end) path *.\(end)", "\theader @\(end) Content-Type \"\(type)\(charset)\"",
      ]
    }
  }

  /// - Parameter earlier: the rules that count before this one; Caddy would take the last one that fits.
  private func matched(
    _ rule: HostHeaders.Rule, after earlier: ArraySlice<HostHeaders.Rule>, name: String
  ) -> [String] {
    let path =
      switch rule.pattern {
      case .file(let file): file
      case .folder(let start), .start(let start): start + "*"
      case .ofCertificates(let file): "c/*/*/\(file)"
      }
    let exceptions = earlier.compactMap { other in
      if case .start(let start) = other.pattern, rule.pattern.covers(start) { start } else { nil }
    }
    var lines = ["\t\(name) {", "\t\tpath /\(path)"]
    lines += exceptions.map { "\t\tnot path /\($0)*" } + ["\t}"]
    let headers =
      (rule.contentType.map { [(name: "Content-Type", value: $0)] } ?? []) + Self.own(rule)
    lines += headers.map { "\theader \(name) \($0.name) \"\($0.value)\"" }
    return lines
  }
}
