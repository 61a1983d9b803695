import Diagnostics
import Files
import Foundation
import Input

extension ContentReader {
  /// What editors may write above an announcement.
  static let announcementKeys = [
    "title", "date", "updated", "publish", "expires", "draft", "slug", "summary", "tags",
    "authors", "image", "imageAlt", "aliases", "translationKey", "pinned", "extra",
  ]

  func announcement(
    _ file: SourceFile, named name: String, findings: inout Findings
  ) -> Announcement? {
    guard let (stem, language) = parts(of: name, file: file, findings: &findings),
      let front = FrontMatter(of: file, findings: &findings)
    else { return nil }
    let mapping = front.mapping
    mapping.expectKeys(
      Self.announcementKeys, id: "unknown-front-matter-key",
      hint: { ForeignKeys.ofAnnouncements.hint(for: $0, $1, in: mapping) }, findings: &findings)
    let title = mapping.requireString("title", &findings)
    let date = date(mapping, stem: stem, findings: &findings)
    let revised = mapping["updated"].flatMap { moment($0, &findings) }
    let publish = mapping["publish"].flatMap { moment($0, &findings) }
    let expires = mapping["expires"].flatMap { moment($0, &findings) }
    let slug = slug(for: stem, mapping: mapping, file: file, findings: &findings)
    let picture = picture(mapping, findings: &findings)
    let tags = tags(mapping, findings: &findings)
    let aliases = aliases(mapping, findings: &findings)
    let isDraft = mapping["draft"]?.boolean(&findings) ?? false
    let isPinned = mapping["pinned"]?.boolean(&findings) ?? false
    let authors = mapping["authors"]?.strings(&findings).map(\.text) ?? []
    let pairing = mapping["translationKey"]?.string(&findings)
    var extra: [String: YAMLTree] = [:]
    if let value = mapping["extra"], value.mapping(&findings) != nil,
      case .group(let group) = value.tree(&findings)
    {
      extra = group
    }
    guard let title, let date, let slug else { return nil }
    let text = text(front, of: file, findings: &findings)
    if let revised, revised < date, let value = mapping["updated"] {
      findings.add(
        value.diagnostic(
          "updated-before-date",
          message: "An announcement is updated after it appeared (\(date.day))",
          hint: "check both dates"))
    }
    if let expires, expires <= (publish ?? date), let value = mapping["expires"] {
      findings.add(
        value.diagnostic(
          "expires-before-date",
          message: "An announcement expires after it appeared (\((publish ?? date).day))",
          hint: "check both dates"))
    }
    return Announcement(
      name: stem, language: language, title: title, moment: date, revised: revised,
      appears: publish ?? date, expires: expires, isDraft: isDraft, slug: slug,
      summary: mapping["summary"]?.string(&findings) ?? text.firstParagraph, tags: tags,
      authors: authors, picture: picture, aliases: aliases, pairing: pairing ?? stem,
      isPinned: isPinned, extra: extra, text: text, path: file.path, places: mapping.places)
  }

  /// The moment that the settings or the file's name say.
  private func date(
    _ mapping: YAMLMapping, stem: String, findings: inout Findings
  ) -> SiteMoment? {
    if mapping["date"] == nil, let day = CalendarDate(iso: stem.prefix(10)) {
      return settings.timeZone.start(of: day)
    }
    return mapping.require("date", &findings).flatMap { moment($0, &findings) }
  }

  private func moment(_ value: YAMLValue, _ findings: inout Findings) -> SiteMoment? {
    SiteMoment(yaml: value, in: settings.timeZone, findings: &findings)
  }

  private func slug(
    for stem: String, mapping: YAMLMapping, file: SourceFile, findings: inout Findings
  ) -> String? {
    if let value = mapping["slug"] {
      guard let written = value.string(&findings) else { return nil }
      guard written == slugText(written), !written.isEmpty else {
        findings.add(
          value.diagnostic(
            "bad-slug",
            message: "A slug is part of an address: lowercase letters, digits and dashes",
            hint: "write `\(slugText(written))`"))
        return nil
      }
      if !Self.isReserved(written) { return written }
      findings.add(
        value.diagnostic(
          "reserved-slug", message: "The lists of announcements have this address themselves",
          hint: "write `\(written)-1`, or words that say more"))
      return nil
    }
    // The date in the file's name sorts files; the address does without it.
    let bare = CalendarDate(iso: stem.prefix(10)) == nil ? stem[...] : stem.dropFirst(10)
    let slug = slugText(String(bare))
    if !slug.isEmpty, !Self.isReserved(slug) { return slug }
    findings.add(
      Diagnostic(
        slug.isEmpty ? "bad-slug" : "reserved-slug", at: SourceLocation(path: file.path),
        message: slug.isEmpty
          ? "An announcement's address comes from its file's name"
          : "The lists of announcements have the address `\(slug)` themselves",
        hint: "name the file YYYY-MM-DD-some-words.\(settings.languages[0]).md, or set slug"))
    return nil
  }

  /// Whether a word stands for a list in addresses: `tags`, `page`, a year.
  private static func isReserved(_ slug: String) -> Bool {
    ["tags", "page"].contains(slug) || slug.count == 4 && slug.allSatisfy(\.isNumber)
  }

  private func tags(
    _ mapping: YAMLMapping, findings: inout Findings
  ) -> [Announcement.Tag] {
    var tags: [Announcement.Tag] = []
    for (label, value) in mapping["tags"]?.strings(&findings) ?? [] {
      let parts = label.split { ",;|#".contains($0) }
        .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
      guard parts.count < 2, !label.hasPrefix("#") else {
        let list = parts.map { $0.contains(":") ? "\"\($0)\"" : $0 }.joined(separator: ", ")
        findings.add(
          value.diagnostic(
            "bad-tag", message: "Several tags are a list, and this is one text",
            hint: mapping["tags"]?.isList == true
              ? "write each tag by itself: \(list)" : "write `tags: [\(list)]`"))
        continue
      }
      let slug = Self.tagSlug(label)
      guard !slug.isEmpty else {
        findings.add(
          value.diagnostic(
            "bad-tag", message: "A tag has letters or digits: its address is made of them",
            hint: "write a word"))
        continue
      }
      guard !tags.contains(where: { $0.slug == slug }) else {
        findings.add(
          value.diagnostic(
            "duplicate-tag", .warning, message: "An announcement has a tag once",
            hint: "remove one of the two"))
        continue
      }
      tags.append(
        Announcement.Tag(label: label, slug: slug, place: SettingPlace(value)))
    }
    return tags
  }

  /// The part of an address that names a tag: its Latin letters and digits, or, of a word in another
  /// script, the first ten digits of its SHA-256. Empty for signs alone.
  private static func tagSlug(_ label: String) -> String {
    let slug = slugText(label)
    guard slug.isEmpty, label.contains(where: { $0.isLetter || $0.isNumber }) else { return slug }
    return ContentFile.hash(of: Array(label.precomposedStringWithCanonicalMapping.utf8))
  }

  private func picture(
    _ mapping: YAMLMapping, findings: inout Findings
  ) -> Announcement.Picture? {
    let alternative = mapping["imageAlt"]?.string(&findings)
    guard let value = mapping["image"] else {
      if let stray = mapping["imageAlt"] {
        findings.add(
          stray.diagnostic(
            "alternative-without-image", .warning,
            message: "imageAlt says what is to be seen on the image, and there is none",
            hint: "add `image: name-of-the-picture.jpg`, or remove imageAlt"))
      }
      return nil
    }
    guard let name = value.string(&findings) else { return nil }
    guard !name.lowercased().hasSuffix(".csv") else {
      findings.add(
        value.diagnostic(
          "bad-image", message: "A picture is a PNG, JPEG, GIF, WebP or SVG, and this is a table",
          hint: "show the table in the text: ![its caption](\(name))"))
      return nil
    }
    if alternative?.allSatisfy(\.isWhitespace) ?? true {
      findings.add(
        value.diagnostic(
          "missing-alternative-text",
          message: "A picture says in words what is to be seen on it, for those who cannot see it",
          hint: "add `imageAlt: …` below it"))
    }
    return Announcement.Picture(
      link: Markdown.Link(
        destination: name, isImage: true, line: value.line, column: value.column),
      alternativeText: alternative ?? "")
  }

  func aliases(_ mapping: YAMLMapping, findings: inout Findings) -> [Alias] {
    var aliases: [Alias] = []
    for (address, value) in mapping["aliases"]?.strings(&findings) ?? [] {
      let isClean =
        address.wholeMatch(of: /(\/[A-Za-z0-9_~-]+)+(\/|\.html)/) != nil
      guard isClean else {
        findings.add(
          value.diagnostic(
            "bad-alias",
            message: "An alias is an address that this site had: it begins with / and ends with"
              + " / or .html",
            hint: "write it as in /news/old-name/"))
        continue
      }
      aliases.append(Alias(address: address, place: SettingPlace(value)))
    }
    return aliases
  }
}
