import Build
import FlyingFox
import FlyingSocks
import Foundation
import Input

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
    let isForm = request.method == .POST && request.path == PreviewDesk.newPath
    guard request.method == .GET || request.method == .HEAD || isForm else {
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
    if isForm { return await newAnnouncement(request) }
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

  /// Makes the file that the form asks for, and nothing else.
  private func newAnnouncement(_ request: HTTPRequest) async -> HTTPResponse {
    // The form of a foreign page has that page's origin.
    let host = request.headers[.host] ?? ""
    guard request.headers[HTTPHeader("Origin")] == "http://\(host)", let site = await preview.site
    else { return response(.forbidden, "text/plain", Data("not from this page\n".utf8)) }
    do {
      var form = URLComponents()
      form.percentEncodedQuery = String(decoding: try await request.bodyData, as: UTF8.self)
        .replacing("+", with: "%20")
      func value(_ name: String) -> String {
        form.queryItems?.first { $0.name == name }?.value ?? ""
      }
      let language = value("language")
      let file = AnnouncementFile(
        title: value("title"), language: language, on: site.now.day)
      guard let file, site.languages.contains(language) else {
        return seeDesk("noWords", "")
      }
      let isNew = try file.write(root: preview.root)
      return seeDesk(isNew ? "made" : "exists", file.path)
    } catch {
      return response(.internalServerError, "text/plain", Data("\(error)\n".utf8))
    }
  }

  /// Leads from the form to the page, so that the page can be loaded again.
  private func seeDesk(_ news: String, _ file: String) -> HTTPResponse {
    response(
      HTTPStatusCode(303, phrase: "See Other"), "text/plain", Data(),
      more: [("Location", "\(PreviewDesk.path)?\(news)=\(file)")])
  }

  private func desk(_ request: HTTPRequest) async -> HTTPResponse {
    let desk = PreviewDesk(accepted: request.headers[HTTPHeader("Accept-Language")])
    let query = request.query.first
    let html = desk.html(
      await preview.site, news: query.flatMap { PreviewDesk.News($0.name, $0.value) })
    return page(.ok, Data(html.utf8), await preview.state)
  }

  private func own(_ name: String, _ request: HTTPRequest) async -> HTTPResponse {
    switch name {
    case "": return await desk(request)
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
