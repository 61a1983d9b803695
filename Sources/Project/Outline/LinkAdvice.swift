import Content
import Diagnostics
import Foundation

/// The way out of a link that leads nowhere: what its author probably meant.
struct LinkAdvice {
  /// The text that has the link.
  let from: String
  /// Addresses of pages by the files they are made from.
  let files: [String: String]
  let known: Set<String>
  let content: Content

  // MARK: Addresses and texts

  /// For an address that begins with `/`.
  func address(_ address: String, isImage: Bool) -> String {
    for ending in ["index.html", "index.htm", "index.md", ".html", ".htm", ".php", ".md", ""]
    where address.hasSuffix(ending) {
      let stem = String(address.dropLast(ending.count))
      for candidate in [stem, stem + "/"] where known.contains(candidate) {
        return "did you mean `\(candidate)`?"
      }
    }
    if let file = sibling(named: address) { return "did you mean `\(file)`?" }
    if ContentFile.isPublishable(address) {
      let name = address.split(separator: "/").last.map(String.init) ?? address
      return "put the file beside this text, and link to it by its name: `\(name)`"
    }
    return suggestion(for: address, among: known.sorted()).map { "did you mean `\($0)`?" }
      ?? "correct the address, or write the page"
  }

  /// For a Markdown file that is not there.
  func text(_ file: String) -> String {
    let stem = Self.words(of: file)
    let same = files.keys.sorted().filter { $0 != from && Self.words(of: $0) == stem }
    if let found = same.first(where: { $0.suffix(6) == from.suffix(6) }) ?? same.first {
      return "did you mean `\(relative(found))`?"
    }
    let others = Dictionary(
      files.keys.filter { $0 != from }.map { (Self.words(of: $0), $0) },
      uniquingKeysWith: { min($0, $1) })
    if let near = suggestion(for: stem, among: others.keys.sorted()), let found = others[near] {
      return "did you mean `\(relative(found))`?"
    }
    return "correct the name, relative to this file"
  }

  /// The words that tell texts apart: the name without folder, date, language and ending.
  private static func words(of file: String) -> String {
    let name = file.split(separator: "/").last ?? ""
    let stem = name.prefix { $0 != "." }
    return String(stem.replacing(/^\d{4}-\d\d-\d\d-?/, with: ""))
  }

  /// A path as it is written in the text.
  private func relative(_ file: String) -> String {
    let here = from.split(separator: "/").dropLast()
    let there = file.split(separator: "/")
    let common = zip(here, there).prefix { $0 == $1 }.count
    return (here.dropFirst(common).map { _ in ".." } + there.dropFirst(common))
      .joined(separator: "/")
  }

  /// A file of the project that has the name at the end of an address.
  private func sibling(named address: String) -> String? {
    guard let name = address.split(separator: "/").last, name.contains(".") else { return nil }
    return content.files.keys.sorted().first { $0.hasSuffix("/\(name)") }.map(relative)
  }

  // MARK: Files

  /// For a picture, document or table that is not there.
  static func file(_ file: String, from: String, among others: [String]) -> String {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    let names = Dictionary(
      others.filter { $0 != from }.map {
        ($0.split(separator: "/").last.map(String.init) ?? $0, $0)
      },
      uniquingKeysWith: { min($0, $1) })
    if let same = names[name], same != file { return "did you mean `\(same)`?" }
    return suggestion(for: name, among: names.keys.sorted()).flatMap { names[$0] }
      .map { "did you mean `\($0)`?" } ?? "put it there, or correct the name"
  }

  /// For a heading that is not there.
  static func heading(_ id: String, among ids: [String], of place: String) -> String {
    if id.isEmpty { return "write the words of a heading behind #" }
    if let near = suggestion(for: id, among: ids) { return "did you mean `#\(near)`?" }
    if ids.isEmpty {
      return "there are no headings \(place): write one, or link to the page itself"
    }
    let shown = ids.prefix(12).map { "#\($0)" }.joined(separator: ", ")
    return "the headings \(place) are \(shown)"
      + (ids.count > 12 ? " and \(ids.count - 12) more" : "")
  }

  // MARK: Anything else

  /// For a destination that is neither an address nor a file that may be published.
  func unknown(_ link: Markdown.Link) -> (message: String, hint: String) {
    let written = link.destination
    let plain = written.removingPercentEncoding ?? written
    let name = plain.prefix { $0 != "?" && $0 != "#" }
    let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
    if link.isImage {
      let isOther = name.contains(".") && !name.hasSuffix("/")
      return (
        isOther && ["mp4", "webm", "mov", "m4v"].contains(ending)
          ? "A picture is no video"
          : "A picture is a PNG, JPEG, GIF, WebP or SVG beside the texts in content/",
        ["mp4", "webm", "mov", "m4v"].contains(ending)
          ? "show a picture that leads to it: [![what is to be seen](picture.jpg)](\(written))"
          : ["heic", "heif", "tif", "tiff", "bmp", "avif", "psd"].contains(ending)
            ? "save it as JPEG, PNG or WebP, and name that file"
            : "put the picture beside this text, and write its name"
      )
    }
    let message =
      "A link leads to a web address, an address of this site that begins with /, a text by its .md file, or a picture"
      + " or document beside the texts"
    if plain.contains("@"), !plain.contains("/") {
      return (message, "write `mailto:\(plain)` for an e-mail address")
    }
    if let digits = plain.wholeMatch(of: /\+?[\d ().\-]{6,}/) {
      return (
        message,
        "write `tel:\(digits.0.filter { $0.isNumber || $0 == "+" })` for a telephone number"
      )
    }
    if ["html", "htm", "php", "markdown", "txt"].contains(ending) {
      let stem = String(name.dropLast(ending.count + 1))
      let found = files.keys.sorted().filter {
        $0 != from && Self.words(of: $0) == Self.words(of: stem)
      }
      if let file = found.first(where: { $0.suffix(6) == from.suffix(6) }) ?? found.first {
        return (message, "did you mean `\(relative(file))`?")
      }
    }
    let slug = "/" + plain.split(separator: "/").joined(separator: "/") + "/"
    if known.contains(slug) { return (message, "did you mean `\(slug)`?") }
    let host = plain.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    if host.wholeMatch(of: /([A-Za-z0-9\-]+\.)+[A-Za-z]{2,}/) != nil,
      plain.contains("/") || host.hasPrefix("www.") || Self.commonEndings.contains(ending)
    {
      return (message, "write `https://\(written)` for a web address")
    }
    if name.contains("."), !ending.isEmpty {
      return (
        "Files that readers may fetch are pictures and documents, and .\(ending) is none of them",
        "save it as PDF, or as one of \(ContentFile.documentEndings.joined(separator: ", "))"
      )
    }
    return (
      message, "write the whole address, as in https://example.org/, /news/ or ../pages/about.en.md"
    )
  }

  private static let commonEndings: Set<String> = [
    "com", "org", "net", "id", "edu", "info", "gov", "eu", "uk", "de",
  ]
}
