public import Diagnostics
import Files
import Foundation
public import Input
public import SystemPackage

/// Everything that editors wrote.
public struct Content: Sendable {
  public let pages: [Page]
  /// Those that readers see, newest first; of one moment in the order of their names.
  public let announcements: [Announcement]
  /// Drafts, and those whose time is to come or over; in the same order.
  public let withheld: [Announcement]
  /// The pictures and documents that published texts refer to, by their paths.
  public let files: [String: ContentFile]
  /// The tables that published texts show, by their paths.
  public let tables: [String: Table]

  /// Reads `pages/` and `news/` of the content folder, and the pictures they refer to.
  ///
  /// - Parameter path: the folder as people see it, relative to the project.
  /// - Throws: `MachineFailure` when a file cannot be read.
  public static func load(
    _ folder: FilePath, displayPath path: String, settings: ContentSettings,
    findings: inout Findings
  ) throws(MachineFailure) -> Content {
    let reader = ContentReader(settings: settings)
    var pages: [Page] = []
    var announcements: [Announcement] = []
    let names = try ["pages", "news"].map { part throws(MachineFailure) in
      try self.names(in: folder.appending(part), displayPath: "\(path)/\(part)")
    }
    for name in names[0] where name.hasSuffix(".md") {
      let shown = "\(path)/pages/\(name)"
      let file = try SourceFile.read(
        folder.appending("pages").appending(name), displayPath: shown, findings: &findings)
      guard let file else { continue }
      if let page = reader.page(file, named: name, findings: &findings) { pages.append(page) }
    }
    for name in names[1] where name.hasSuffix(".md") {
      let shown = "\(path)/news/\(name)"
      let file = try SourceFile.read(
        folder.appending("news").appending(name), displayPath: shown, findings: &findings)
      guard let file else { continue }
      if let announcement = reader.announcement(file, named: name, findings: &findings) {
        announcements.append(announcement)
      }
    }
    announcements.sort { ($1.moment, $0.name, $0.language) < ($0.moment, $1.name, $1.language) }
    NewsCheck(announcements: announcements, now: settings.now).run(findings: &findings)
    let published = announcements.filter(settings.publishes)
    var files: [String: ContentFile] = [:]
    let links =
      pages.flatMap { page in page.text.links.map { (page.text, $0) } }
      + published.flatMap { text in text.links.map { (text.text, $0) } }
    var tables: [String: Table] = [:]
    var known: Set<String> = []
    for (source, link) in links {
      let table = link.table(from: source.file.path)
      guard let file = link.file(from: source.file.path), file.hasPrefix("\(path)/"),
        known.insert(table.map { "table \($0)" } ?? file).inserted
      else { continue }
      if let table {
        tables[table] = try TableReader.read(
          table, content: folder, displayPath: path, findings: &findings)
        continue
      }
      let read = try ContentFile.read(
        file, content: folder, displayPath: path, scaler: settings.pictureScaler,
        findings: &findings)
      files[file] = read
      if let read, read.isPicture, read.scaler == nil, read.byteCount > settings.imageLimit * 1000 {
        findings.add(largeImage(read, limit: settings.imageLimit, at: link, in: source))
      }
    }
    let linked = Set(links.compactMap { $1.file(from: $0.file.path) })
    for (part, names) in zip(["pages", "news"], names) {
      findings.add(
        contentsOf: names.map { "\(path)/\(part)/\($0)" }.filter { !linked.contains($0) }
          .compactMap { MisnamedText.finding(for: $0, languages: settings.languages) })
    }
    return Content(
      pages: pages, announcements: published,
      withheld: announcements.filter { !settings.publishes($0) }, files: files,
      tables: tables)
  }

  /// The next moment at which a site made anew would be another one, and what happens then.
  public func nextChange(
    after now: SiteMoment
  ) -> (moment: SiteMoment, what: Announcement)? {
    let changes = (announcements + withheld).filter { !$0.isDraft }.flatMap { announcement in
      [announcement.appears, announcement.expires].compactMap { $0 }.filter { $0 > now }
        .map { (moment: $0, what: announcement) }
    }
    return changes.min { ($0.moment, $0.what.path) < ($1.moment, $1.what.path) }
  }

  private static func largeImage(
    _ file: ContentFile, limit: Int, at link: Markdown.Link, in text: Markdown
  ) -> Diagnostic {
    text.diagnostic(
      "large-image", .warning, at: link,
      message: "A picture has at most \(limit) kB, and \(file.path) has"
        + " \((file.byteCount + 999) / 1000) kB",
      hint: "make it at most 1600 pixels wide and save it as JPEG or WebP; `image_limit_kb` in"
        + " content/site.yml sets the limit")
  }

  /// The names of the files in a folder that are not hidden, sorted by their bytes; none if there is no folder.
  private static func names(
    in folder: FilePath, displayPath path: String
  ) throws(MachineFailure) -> [String] {
    guard FileManager.default.fileExists(atPath: folder.string) else { return [] }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder.string)
        .filter { !$0.hasPrefix(".") }
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    } catch {
      throw MachineFailure("read \(path)", reason: error.localizedDescription)
    }
  }
}

/// Turns Markdown files into pages and announcements.
struct ContentReader {
  let settings: ContentSettings
  private var languages: [String] { settings.languages }

  func page(_ file: SourceFile, named name: String, findings: inout Findings) -> Page? {
    guard let (stem, language) = parts(of: name, file: file, findings: &findings) else {
      return nil
    }
    guard stem == slugText(stem) else {
      findings.add(
        Diagnostic(
          "bad-slug", at: SourceLocation(path: file.path),
          message: "A page's file name is its address: lowercase letters, digits and dashes",
          hint: "name it \(slugText(stem).isEmpty ? "some-words" : slugText(stem)).\(language).md"))
      return nil
    }
    guard let front = FrontMatter(of: file, findings: &findings) else { return nil }
    front.mapping.expectKeys(
      ["title", "description", "navigation", "aliases"], id: "unknown-front-matter-key",
      hint: { ForeignKeys.ofPages.hint(for: $0, $1, in: front.mapping) }, findings: &findings)
    guard let title = front.mapping.requireString("title", &findings) else { return nil }
    return Page(
      name: stem, language: language, title: title,
      description: front.mapping["description"]?.string(&findings),
      navigation: front.mapping["navigation"]?.string(&findings),
      text: Markdown(
        filled(front, of: file, findings: &findings), of: file, linesAbove: front.linesAbove,
        allowsRawHTML: settings.allowsRawHTML, extensions: settings.extensions,
        findings: &findings),
      aliases: aliases(front.mapping, findings: &findings),
      path: file.path, places: front.mapping.places)
  }

  func text(_ front: FrontMatter, of file: SourceFile, findings: inout Findings) -> Markdown {
    Markdown(
      front.body, of: file, linesAbove: front.linesAbove,
      allowsRawHTML: settings.allowsRawHTML, extensions: settings.extensions,
      findings: &findings)
  }

  /// The text of a page with the site's own words in place of `{domain}`, `{name}` and `{email}`.
  private func filled(
    _ front: FrontMatter, of file: SourceFile, findings: inout Findings
  ) -> String {
    var text = front.body
    for (word, value) in settings.placeholders.sorted(by: { $0.key < $1.key })
    where text.contains("{\(word)}") {
      if value.isEmpty {
        findings.add(
          file.diagnostic(
            "empty-placeholder", line: front.linesAbove + line(of: "{\(word)}", in: front.body),
            message: "{\(word)} stands for what site.yml says, and it does not say it",
            hint: "write contact.\(word) in site.yml, or take {\(word)} out of the text"))
      }
      // A sign of Markdown in a name is part of the name.
      let escaped = value.reduce(into: "") { result, character in
        if "\\`*_[]<>&#!|~".contains(character) { result.append("\\") }
        result.append(character)
      }
      text = text.replacing("{\(word)}", with: word == "domain" ? value : escaped)
    }
    return text
  }

  private func line(of word: String, in text: String) -> Int {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return (lines.firstIndex { $0.contains(word) } ?? 0) + 1
  }

  /// `2024-10-15-gathering.id.md` is `2024-10-15-gathering` in Indonesian.
  func parts(
    of name: String, file: SourceFile, findings: inout Findings
  ) -> (stem: String, language: String)? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    if parts.count == 3, !parts[0].isEmpty, languages.contains(String(parts[1])) {
      return (String(parts[0]), String(parts[1]))
    }
    findings.add(
      Diagnostic(
        "file-without-language", at: SourceLocation(path: file.path),
        message: "A text's file is named after its language: name.\(languages[0]).md",
        hint: MisnamedText.hint(for: name, languages: languages)))
    return nil
  }
}
