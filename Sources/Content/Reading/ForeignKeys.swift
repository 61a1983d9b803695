import Diagnostics
import Foundation
import Input

/// What the settings of other programs are called here.
struct ForeignKeys {
  /// Names here by those of others, in lowercase and without `-` and `_`.
  private let names: [String: String]
  private let isOfPages: Bool

  static let ofAnnouncements = ForeignKeys(
    names: table([
      "title": ["name", "heading", "headline", "judul"],
      "date": [
        "pubdate", "created", "createdat", "datepublished", "datecreated", "tanggal", "day",
      ],
      "summary": [
        "excerpt", "description", "abstract", "lead", "teaser", "intro", "subtitle", "ringkasan",
        "deskripsi",
      ],
      "tags": [
        "categories", "category", "topics", "topic", "keywords", "keyword", "labels", "label",
        "kategori", "tag", "taxonomies",
      ],
      "expires": ["expirydate", "expiredate", "expirationdate", "unpublishdate", "expiry"],
      "updated": [
        "lastmod", "modified", "lastmodified", "lastmodifiedat", "updatedat", "datemodified",
        "lastupdated", "dateupdated",
      ],
      "publish": ["publishdate", "publishat", "publishedat", "releasedate"],
      "aliases": ["redirectfrom", "redirects", "redirect", "alias", "oldurl"],
      "image": [
        "thumbnail", "cover", "featuredimage", "coverimage", "featureimage", "banner", "hero",
        "heroimage", "ogimage", "images", "img", "photo", "picture", "gambar", "foto",
      ],
      "imageAlt": ["alt", "coveralt", "featuredimagealt", "thumbnailalt"],
      "authors": ["author", "writer", "byline", "penulis"],
      "pinned": ["sticky", "pin", "featured"],
    ]), isOfPages: false)

  static let ofPages = ForeignKeys(
    names: table([
      "title": ["name", "heading", "judul"],
      "description": [
        "excerpt", "summary", "abstract", "lead", "teaser", "intro", "subtitle", "ringkasan",
        "deskripsi",
      ],
      "navigation": ["linktitle", "menutitle", "navtitle", "shorttitle", "menu"],
      "aliases": ["redirectfrom", "redirects", "redirect", "alias", "oldurl"],
    ]), isOfPages: true)

  private static func table(_ groups: [String: [String]]) -> [String: String] {
    Dictionary(
      groups.flatMap { own, others in others.map { ($0, own) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// The way out for a setting that is not known here; nil where a similar name may have been meant.
  func hint(for key: String, _ value: YAMLValue, in settings: YAMLMapping) -> String? {
    let plain = key.lowercased().filter { $0 != "-" && $0 != "_" }
    if let special = special(plain, key, value) { return special }
    guard let name = names[plain] else {
      return isNear(plain)
        ? nil
        : "put # before the line to keep it as a note\(isOfPages ? "" : "; what your templates read goes below `extra:`")"
    }
    if settings[name] == nil { return "`\(key)` is called `\(name)` here: rename it" }
    return
      "`\(key)` is called `\(name)` here, which is there already: keep one, and put # before the other"
  }

  private func special(_ plain: String, _ key: String, _ value: YAMLValue) -> String? {
    let text = value.text ?? ""
    switch plain {
    case "lang", "language", "locale", "bahasa":
      return "the language is in the file's name, as in name.en.md; put # before the line"
    case "permalink", "url", "slug":
      let last =
        text.split(separator: "/").last.map { slugText(String($0.prefix { $0 != "." })) } ?? ""
      let old = text.hasPrefix("/") ? "`aliases: [\(text)]`" : "its path under `aliases`"
      if isOfPages {
        return
          "a page's address is its file's name; if it was at another address before, write \(old)"
      }
      return
        "the address ends in `slug`: write `slug: \(last.isEmpty ? "words-of-the-address" : last)`, and \(old) for the old address"
    case "published", "hidden", "private", "unlisted", "status":
      if isOfPages { return nil }
      let isHidden = plain == "published" ? ["false", "no"] : ["true", "yes", "draft", "private"]
      if isHidden.contains(text.lowercased()) { return "write `draft: true`" }
      if plain == "published", text.first?.isNumber ?? false {
        return "`\(key)` is called `date` here: rename it"
      }
      return "what is no draft is published: put # before the line"
    default: return nil
    }
  }

  /// Whether a setting of Canting is spelled nearly so.
  private func isNear(_ plain: String) -> Bool {
    let own =
      isOfPages
      ? ["title", "description", "navigation", "aliases"] : ContentReader.announcementKeys
    return suggestion(for: plain, among: own) != nil
  }
}
