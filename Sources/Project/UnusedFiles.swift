import Content
import Diagnostics
import Files
import Input
import Layout
import SystemPackage
import Theme

/// Finds what a project carries along without need: files and words that nothing uses, and
/// announcements whose time is over. None of it harms the site.
struct UnusedFiles {
  let content: Content
  /// Nil while the theme has errors; then nothing is known of what it uses.
  let theme: Theme?
  let now: SiteMoment

  /// - Parameter root: the project folder, which is looked through.
  /// - Throws: `MachineFailure` when a folder cannot be listed.
  func find(in root: FilePath, findings: inout Findings) throws(MachineFailure) {
    findExpired(findings: &findings)
    try findFiles(in: root, findings: &findings)
    if let theme {
      findAssets(theme, findings: &findings)
      findStrings(theme, findings: &findings)
    }
  }

  private func findExpired(findings: inout Findings) {
    for announcement in content.withheld where announcement.state(at: now) == .expired {
      // One that never appeared has another mistake, which is an error.
      guard let end = announcement.expires, announcement.appears < end else { continue }
      findings.add(
        announcement.diagnostic(
          "expired-announcement", .note, at: "expires",
          message: "An announcement leaves the site when it expires, and this one has left it",
          hint: "move `expires` on to show it again; otherwise delete the file when nobody needs"
            + " it any more"))
    }
  }

  // MARK: Files

  private func findFiles(in root: FilePath, findings: inout Findings) throws(MachineFailure) {
    let texts = content.announcements + content.withheld
    let used = Set(
      content.pages.flatMap { page in page.text.links.compactMap { $0.file(from: page.path) } }
        + texts.flatMap { text in text.links.compactMap { $0.file(from: text.path) } })
    let files = try FolderWalk.entries(below: "content", of: root) { path in
      path.hasSuffix("~") || path.split(separator: "/").last?.hasPrefix(".") ?? false
    }
    for path in files.filter({ $0.kind == .file }).map(\.path) where !used.contains(path) {
      let parts = path.split(separator: "/")
      if path == "content/site.yml" { continue }
      let isBesideTexts = parts.count == 3 && ["pages", "news"].contains(parts[1])
      if path.hasSuffix(".md") || MisnamedText.isOne(path) {
        // A file beside the texts was read, or its name was said to be wrong.
        if !isBesideTexts { findings.add(Self.strayText(path)) }
      } else {
        findings.add(
          Self.orphan(
            path, "No text refers to this file, so the site does without it",
            hint: "name it in a text, or keep it outside of content/"))
      }
    }
  }

  private static func strayText(_ path: String) -> Diagnostic {
    Diagnostic(
      "orphan-file", .warning, at: SourceLocation(path: path),
      message:
        "Texts lie in content/pages/ or content/news/ themselves; elsewhere nobody reads them",
      hint: "move it there")
  }

  private static func orphan(_ path: String, _ message: String, hint: String) -> Diagnostic {
    Diagnostic(
      "orphan-file", .warning, at: SourceLocation(path: path), message: message, hint: hint)
  }

  // MARK: The theme

  private func findAssets(_ theme: Theme, findings: inout Findings) {
    let named = theme.names.filter { $0.hasPrefix("assets.") }.map {
      String($0.dropFirst("assets.".count))
    }
    let used = theme.assets.reachable(from: Set(named))
    for name in theme.assets.references.keys.sorted() where !used.contains(name) {
      findings.add(
        Self.orphan(
          theme.assets.paths[name] ?? name,
          "No template, style sheet or script refers to this file, and the site carries it",
          hint: "refer to it, or keep it outside of templates/assets/"))
    }
  }

  private func findStrings(_ theme: Theme, findings: inout Findings) {
    let languages = SiteLanguages.whole.compactMap { theme.strings[$0] }
    // The keys are the same in both: one finding is enough.
    if let strings = languages.first {
      let named = Self.named(theme.names, languages: languages)
      let unnamed = strings.keys.filter { !Self.isUsed($0.text, named: named) }
      let said = theme.saidByScripts(unnamed.map(\.text))
      for key in unnamed where !said.contains(key.text) {
        findings.add(
          strings.diagnostic(
            "unused-string", .warning, at: key,
            message: "Every string is there for a template, and none names `\(key.text)`",
            hint: "remove it from every file in templates/strings/, or write {{t.\(key.text)}} in"
              + " a template"))
      }
    }
    guard let model = languages.first else { return }
    let known = Set(model.keys.map(\.text)).union(SiteStrings.settings)
    for words in theme.buyerWords where !SiteLanguages.whole.contains(words.language) {
      for key in words.keys where !known.contains(key.text) {
        findings.add(
          words.file.diagnostic(
            "unused-string", .warning, line: key.line, column: key.column, length: key.length,
            message: "Strings are those of \(model.path), and `\(key.text)` is not there",
            hint: suggestion(for: key.text, among: known.sorted()).map { "did you mean `\($0)`?" }
              ?? "remove it"))
      }
    }
  }

  /// The strings and groups of strings that templates name; "" where they name all of them.
  private static func named(_ names: Set<String>, languages: [SiteStrings]) -> Set<Substring> {
    let roots = ["t"] + languages.map { "strings.\($0.language)" }
    return Set(
      names.flatMap { name in
        roots.compactMap { root in
          if name == root { return "" }
          return name.hasPrefix(root + ".") ? name.dropFirst(root.count + 1) : nil
        }
      })
  }

  /// Whether a template names the string or a group around it, or the program itself asks for it.
  private static func isUsed(_ key: String, named: Set<Substring>) -> Bool {
    if SiteStrings.settings.contains(key) || SiteStrings.keysUsedByProgram.contains(key)
      || SiteStrings.keysOfStatistics.contains(key) || SiteStrings.keysOfCertificates.contains(key)
    {
      return true
    }
    return named.contains("") || named.contains(key[...])
      || key.indices.contains { key[$0] == "." && named.contains(key[..<$0]) }
  }
}

extension SiteStrings {
  /// What a file of words says about its language; the program reads these itself.
  static let settings: Set<String> = ["language", "locale", "direction", "group", "day"]
}
