import Build
import Content
import Foundation
import Input

/// The page of the preview for editors: every announcement with its state, and a form for a new one.
struct PreviewDesk {
  static let path = "/.canting/"
  /// Where the form goes.
  static let newPath = "/.canting/new"

  /// What happened to the form that was sent.
  enum News {
    case made(String)
    case exists(String)
    case noWords

    /// - Parameters: what the address of the page says.
    init?(_ name: String, _ file: String) {
      switch name {
      case "made": self = .made(file)
      case "exists": self = .exists(file)
      case "noWords": self = .noWords
      default: return nil
      }
    }
  }

  private let words: [String: String]
  private let language: String

  /// - Parameter accepted: the header `Accept-Language` of the browser.
  init(accepted: String?) {
    language = accepted?.lowercased().hasPrefix("id") ?? false ? "id" : "en"
    words = Self.words[language] ?? [:]
  }

  /// - Parameters:
  ///   - site: nil before the project could be read for the first time.
  ///   - news: of the form.
  func html(_ site: PreviewSite?, news: News?) -> String {
    """
    <!DOCTYPE html>
    <html lang="\(language)">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(word("title"))</title>
    </head>
    <body class="canting-desk">
    <main>
    <p><a href="/">\(word("back"))</a></p>
    <h1>\(word("title"))</h1>
    \(news.map(notice) ?? "")
    \(site.map { form($0) + table($0) } ?? "")
    </main>
    </body>
    </html>
    """
  }

  private func notice(_ news: News) -> String {
    let text =
      switch news {
      case .made(let path):
        word("made").replacing("{file}", with: "<code>\(HTML.escaped(path))</code>")
      case .exists(let path):
        word("exists").replacing("{file}", with: "<code>\(HTML.escaped(path))</code>")
      case .noWords: word("noWords")
      }
    return "<p class=\"notice\" role=\"status\">\(text)</p>"
  }

  private func form(_ site: PreviewSite) -> String {
    let languages = site.languages.map {
      "<option value=\"\($0)\"\($0 == language ? " selected" : "")>\($0)</option>"
    }
    return """
      <form method="post" action="\(Self.newPath)">
      <h2>\(word("new"))</h2>
      <label>\(word("heading")) <input name="title" required maxlength="200"></label>
      <label>\(word("language")) <select name="language">\(languages.joined())</select></label>
      <button>\(word("begin"))</button>
      </form>

      """
  }

  private func table(_ site: PreviewSite) -> String {
    let rows = site.texts.map { text in
      let title = HTML.escaped(text.title)
      let link = text.address.map { "<a href=\"\(HTML.escaped($0))\">\(title)</a>" } ?? title
      let missing = text.missing.joined(separator: ", ")
      return """
        <tr class="\(text.state)"><td lang="\(text.language)" dir="auto">\(link)<br><code>\(HTML.escaped(text.path))</code></td>\
        <td>\(state(text))</td><td>\(text.language)</td><td>\(missing.isEmpty ? "–" : missing)</td></tr>
        """
    }
    let heads = ["heading", "state", "language", "missing"].map {
      "<th scope=\"col\">\(word($0))</th>"
    }
    return """
      <table>
      <thead><tr>\(heads.joined())</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table>
      """
  }

  private func state(_ text: PreviewText) -> String {
    let hour = text.moment.secondOfDay == 0 ? "" : " " + text.moment.clock.prefix(5)
    switch text.state {
    case .published: return "\(word("published")) \(text.moment.day)"
    case .draft: return word("draft")
    case .future: return "\(word("future")) \(text.moment.day)\(hour)"
    case .expired: return "\(word("expired")) \(text.moment.day)\(hour)"
    }
  }

  private func word(_ key: String) -> String { words[key] ?? key }

  private static let words = [
    "en": [
      "title": "Announcements", "back": "The site", "new": "New announcement", "heading": "Title",
      "language": "Language", "begin": "Begin", "state": "State", "missing": "Not yet in",
      "published": "published", "draft": "draft", "future": "appears", "expired": "over since",
      "made":
        "{file} is there now. Open it in your editor; readers see it once you take away the line <code>draft: true</code>.",
      "exists": "{file} is there already. Open it, or choose another title.",
      "noWords": "Write a title with Latin letters: the address is made of them.",
    ],
    "id": [
      "title": "Pengumuman", "back": "Ke situs", "new": "Pengumuman baru", "heading": "Judul",
      "language": "Bahasa", "begin": "Mulai", "state": "Keadaan", "missing": "Belum ada dalam",
      "published": "terbit", "draft": "draf", "future": "akan terbit", "expired": "berakhir sejak",
      "made":
        "{file} sudah dibuat. Buka dengan editor Anda; pembaca melihatnya setelah baris <code>draft: true</code> dihapus.",
      "exists": "{file} sudah ada. Buka berkas itu, atau pilih judul lain.",
      "noWords": "Tulis judul dengan huruf Latin: alamatnya dibuat dari judul itu.",
    ],
  ]
}
