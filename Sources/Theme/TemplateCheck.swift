import Diagnostics
import Files
import Foundation
import Layout

/// Finds in a template's source what would come out empty: missing strings, partials and assets; and
/// templates that take themselves in, which would never end.
struct TemplateCheck {
  let names: Set<String>
  /// Of the site's languages, those with every page first.
  let strings: [SiteStrings]
  let assets: Assets

  func run(_ tags: [TemplateTag], of file: SourceFile, findings: inout Findings) {
    for tag in tags { check(tag, in: file, findings: &findings) }
  }

  /// Finds templates that take themselves in, each circle once.
  ///
  /// - Parameter templates: each with its name and its tags.
  static func findCircles(
    _ templates: [(name: String, file: SourceFile, tags: [TemplateTag])], findings: inout Findings
  ) {
    let byName = Dictionary(templates.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    var finished: Set<String> = []
    func visit(_ name: String, _ way: [String]) {
      guard let template = byName[name], !finished.contains(name) else { return }
      for tag in template.tags {
        guard let next = tag.template else { continue }
        let whole = way + [name]
        if let start = whole.firstIndex(of: next) {
          findings.add(
            template.file.diagnostic(
              "templates-in-a-circle", line: tag.line, column: tag.column, length: tag.length,
              message: "This template takes itself in: "
                + (whole[start...] + [next]).joined(separator: " → "),
              hint: "take this tag out, or the one that leads here"))
        } else {
          visit(next, whole)
        }
      }
      finished.insert(name)
    }
    for template in templates { visit(template.name, []) }
  }

  private func check(_ tag: TemplateTag, in file: SourceFile, findings: inout Findings) {
    let name = tag.name
    func broken(_ id: DiagnosticID, _ message: String, _ hint: String) {
      findings.add(
        file.diagnostic(
          id, line: tag.line, column: tag.column, length: tag.length, message: message, hint: hint))
    }
    if tag.isPartial {
      guard !names.contains(name) else { return }
      let meant = suggestion(for: name, among: names.sorted())
      broken(
        "missing-template", "A partial names a template below templates/, without its folder",
        meant.map { "did you mean `\($0)`?" } ?? "make templates/\(name).mustache")
    } else if name.hasPrefix("assets.") {
      let key = String(name.dropFirst("assets.".count))
      guard assets.addresses[key] == nil else { return }
      let meant = suggestion(for: key, among: assets.addresses.keys.sorted())
      broken(
        "missing-asset", "An asset is a file below templates/assets/, with _ for . and -",
        meant.map { "did you mean `assets.\($0)`?" } ?? "add the file, or remove the tag")
    } else {
      for (key, languages) in references(name, in: file) {
        // A section may be of a group of words.
        for strings in languages
        where tag.isOfASection ? !strings.has(key) : strings.text(key) == nil {
          let meant = suggestion(for: key, among: strings.keys.map(\.text))
          broken(
            "missing-string", "Every word of a template stands in \(strings.path)",
            (meant.map { "did you mean `\($0)`? Else add" } ?? "add") + " `\(key)` to it")
        }
      }
    }
  }

  /// The string that a name refers to, and the languages in which it is needed.
  private func references(_ name: String, in file: SourceFile) -> [(String, [SiteStrings])] {
    if name.hasPrefix("t.") {
      let folder = file.path.split(separator: "/").dropFirst().first.map(String.init) ?? ""
      let isOfEveryLanguage = !SiteLanguages.pagesOfWhole.contains(folder)
      return [
        (
          String(name.dropFirst(2)),
          strings.filter { isOfEveryLanguage || SiteLanguages.whole.contains($0.language) }
        )
      ]
    }
    return strings.compactMap { language in
      let prefix = "strings.\(language.language)."
      return name.hasPrefix(prefix) ? (String(name.dropFirst(prefix.count)), [language]) : nil
    }
  }
}
