public import Diagnostics
import Foundation
import Input
public import SystemPackage

/// Everything that editors wrote.
public struct Content: Sendable {
  public let pages: [Page]
  /// Newest first; on one day in the order of their names.
  public let announcements: [Announcement]

  /// Reads `pages/` and `news/` of the content folder.
  ///
  /// - Parameters:
  ///   - path: the folder as people see it, relative to the project.
  ///   - languages: the codes that file names may carry.
  /// - Throws: `MachineFailure` when a file cannot be read.
  public static func load(
    _ folder: FilePath, shownAs path: String, languages: [String], findings: inout Findings
  ) throws(MachineFailure) -> Content {
    let reader = ContentReader(languages: languages)
    var pages: [Page] = []
    var announcements: [Announcement] = []
    for name in try markdownFiles(in: folder.appending("pages"), shownAs: "\(path)/pages") {
      let shown = "\(path)/pages/\(name)"
      let file = try SourceFile.read(
        folder.appending("pages").appending(name), shownAs: shown, findings: &findings)
      guard let file else { continue }
      if let page = reader.page(file, named: name, findings: &findings) { pages.append(page) }
    }
    for name in try markdownFiles(in: folder.appending("news"), shownAs: "\(path)/news") {
      let shown = "\(path)/news/\(name)"
      let file = try SourceFile.read(
        folder.appending("news").appending(name), shownAs: shown, findings: &findings)
      guard let file else { continue }
      if let announcement = reader.announcement(file, named: name, findings: &findings) {
        announcements.append(announcement)
      }
    }
    announcements.sort { ($1.date, $0.name, $0.language) < ($0.date, $1.name, $1.language) }
    return Content(pages: pages, announcements: announcements)
  }

  /// The names of the Markdown files in a folder, sorted by their bytes; none if there is no folder.
  private static func markdownFiles(
    in folder: FilePath, shownAs path: String
  ) throws(MachineFailure) -> [String] {
    guard FileManager.default.fileExists(atPath: folder.string) else { return [] }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder.string)
        .filter { $0.hasSuffix(".md") && !$0.hasPrefix(".") }
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    } catch {
      throw MachineFailure("read \(path)", reason: error.localizedDescription)
    }
  }
}

/// Turns Markdown files into pages and announcements.
struct ContentReader {
  let languages: [String]

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
      ["title", "description", "navigation"], id: "unknown-front-matter-key", findings: &findings)
    guard let title = front.mapping.requireString("title", &findings) else { return nil }
    return Page(
      name: stem, language: language, title: title,
      description: front.mapping["description"]?.string(&findings),
      navigation: front.mapping["navigation"]?.string(&findings),
      text: Markdown(front.body, of: file, linesAbove: front.linesAbove, findings: &findings),
      path: file.path)
  }

  func announcement(
    _ file: SourceFile, named name: String, findings: inout Findings
  ) -> Announcement? {
    guard let (stem, language) = parts(of: name, file: file, findings: &findings),
      let front = FrontMatter(of: file, findings: &findings)
    else { return nil }
    let mapping = front.mapping
    mapping.expectKeys(
      ["title", "date", "updated", "summary", "slug"], id: "unknown-front-matter-key",
      findings: &findings)
    let title = mapping.requireString("title", &findings)
    let date = mapping.require("date", &findings).flatMap {
      CalendarDate(yaml: $0, findings: &findings)
    }
    let updated = mapping["updated"].flatMap { CalendarDate(yaml: $0, findings: &findings) }
    let slug = slug(for: stem, mapping: mapping, file: file, findings: &findings)
    guard let title, let date, let slug else { return nil }
    let text = Markdown(
      front.body, of: file, linesAbove: front.linesAbove, findings: &findings)
    if let updated, updated < date, let value = mapping["updated"] {
      findings.add(
        value.diagnostic(
          "updated-before-date", message: "An announcement is updated after it appeared (\(date))",
          hint: "check both dates"))
    }
    return Announcement(
      name: stem, language: language, title: title, date: date, updated: updated, slug: slug,
      summary: mapping["summary"]?.string(&findings) ?? text.firstParagraph, text: text,
      path: file.path)
  }

  /// `2024-10-15-gathering.id.md` is `2024-10-15-gathering` in Indonesian.
  private func parts(
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
        hint: "rename it to end in one of "
          + languages.map { ".\($0).md" }.joined(separator: ", ")))
    return nil
  }

  private func slug(
    for stem: String, mapping: YAMLMapping, file: SourceFile, findings: inout Findings
  ) -> String? {
    if let value = mapping["slug"] {
      guard let written = value.string(&findings) else { return nil }
      if written == slugText(written), !written.isEmpty { return written }
      findings.add(
        value.diagnostic(
          "bad-slug",
          message: "A slug is part of an address: lowercase letters, digits and dashes",
          hint: "write `\(slugText(written))`"))
      return nil
    }
    // The date in the file's name sorts files; the address does without it.
    let bare = CalendarDate(iso: stem.prefix(10)) == nil ? stem[...] : stem.dropFirst(10)
    let slug = slugText(String(bare))
    if !slug.isEmpty { return slug }
    findings.add(
      Diagnostic(
        "bad-slug", at: SourceLocation(path: file.path),
        message: "An announcement's address comes from its file's name",
        hint: "name the file YYYY-MM-DD-some-words.\(languages[0]).md, or set slug"))
    return nil
  }
}
