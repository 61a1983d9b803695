import Build
import FlyingFox
import FlyingSocks
import Foundation

/// Answers browsers with the previewed site, as a strict host would.
struct PreviewServer: Sendable {
  /// The headers that published sites should have, as in docs/deploy.md.
  private static let headers = [
    (
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
        + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"), ("Cache-Control", "no-cache"),
  ]
  private static let ownFolder = "/.canting/"

  let preview: Preview
  /// Names under which the server may be asked; nil when it was opened to others.
  let hosts: Set<String>?

  func answer(_ request: HTTPRequest) async -> HTTPResponse {
    guard request.method == .GET || request.method == .HEAD else {
      return response(
        HTTPStatusCode(405, phrase: "Method Not Allowed"), "text/plain", Data("GET or HEAD\n".utf8),
        more: [("Allow", "GET, HEAD")])
    }
    // A foreign page whose name was made to point at this machine is not to read drafts.
    if let hosts, !hosts.contains(request.headers[.host] ?? "") {
      return response(
        HTTPStatusCode(421, phrase: "Misdirected Request"), "text/plain",
        Data("this preview answers to localhost alone\n".utf8))
    }
    // The library's own path has lost the slash at its end.
    let target = request.target.path(percentEncoded: false)
    var answer = await content(target, request)
    if request.method == .HEAD, case .httpBody(let body) = answer.payload {
      answer.headers[.contentLength] = String(body.count ?? 0)
      answer.payload = .httpBody(HTTPBodySequence())
    }
    return answer
  }

  private func content(_ target: String, _ request: HTTPRequest) async -> HTTPResponse {
    if target.hasPrefix(Self.ownFolder) {
      return await own(String(target.dropFirst(Self.ownFolder.count)), request)
    }
    let state = await preview.state
    guard let site = await preview.site else {
      return page(.ok, Data(PreviewAssets.waiting.utf8), state)
    }
    var path = String(target.drop { $0 == "/" })
    if path.isEmpty || path.hasSuffix("/") { path += "index.html" }
    do {
      if let bytes = try site.file(at: path) { return file(path, Data(bytes), .ok, state) }
      if try site.file(at: path + "/index.html") != nil {
        return response(
          HTTPStatusCode(301, phrase: "Moved Permanently"), "text/plain", Data(),
          more: [("Location", "/\(path)/")])
      }
      let missing = try site.file(at: "404.html") ?? []
      return file("404.html", Data(missing), .notFound, state)
    } catch {
      return response(
        .internalServerError, "text/plain", Data("\(error)\n".utf8))
    }
  }

  private func own(_ name: String, _ request: HTTPRequest) async -> HTTPResponse {
    switch name {
    case "preview.js":
      return response(.ok, "text/javascript", Data(PreviewAssets.script.utf8))
    case "preview.css":
      return response(.ok, "text/css", Data(PreviewAssets.style.utf8))
    case "events":
      let seen = request.headers[HTTPHeader("Last-Event-ID")].flatMap { Int($0) }
      var answer = response(.ok, "text/event-stream", Data())
      answer.payload = .httpBody(
        HTTPBodySequence(from: PreviewEvents(preview: preview, seen: seen)))
      return answer
    default:
      return response(.notFound, "text/plain", Data("not found\n".utf8))
    }
  }

  private func file(
    _ path: String, _ bytes: Data, _ status: HTTPStatusCode, _ state: Preview.State
  ) -> HTTPResponse {
    let ending = path.split(separator: ".").last.map(String.init) ?? ""
    if ending == "html" { return page(status, bytes, state) }
    return response(status, PreviewAssets.types[ending] ?? "application/octet-stream", bytes)
  }

  /// A page with the script that keeps it up to date.
  private func page(
    _ status: HTTPStatusCode, _ bytes: Data, _ state: Preview.State
  ) -> HTTPResponse {
    let html = String(decoding: bytes, as: UTF8.self)
    let part = PreviewAssets.head(version: state.version)
    let whole =
      html.range(of: "</head>").map {
        html.replacingCharacters(in: $0, with: part + "</head>")
      } ?? html
    return response(status, "text/html", Data(whole.utf8))
  }

  private func response(
    _ status: HTTPStatusCode, _ type: String, _ body: Data, more: [(String, String)] = []
  ) -> HTTPResponse {
    let isText = type.hasPrefix("text/") && type != "text/event-stream"
    var headers = HTTPHeaders()
    headers[.contentType] = isText ? "\(type); charset=utf-8" : type
    for (name, value) in Self.headers + more { headers[HTTPHeader(name)] = value }
    return HTTPResponse(statusCode: status, headers: headers, body: body)
  }
}
