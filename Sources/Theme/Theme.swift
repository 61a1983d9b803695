public import Diagnostics
import Files
import Foundation
import Input
import Layout
package import Mustache
public import SystemPackage

/// What designers made: templates, words and assets.
public struct Theme: Sendable {
  package let templates: MustacheLibrary
  /// The templates' names, without `.mustache`.
  package let templateNames: Set<String>
  /// By language code.
  package let strings: [String: SiteStrings]
  /// What buyers read, in every language there is a file for, the site's own first.
  package let buyerWords: [BuyerWords]
  package let assets: Assets
  /// Whether signatures can be checked in browsers that know no Ed25519.
  package let hasSignatureScript: Bool
  /// The templates themselves.
  let sources: [SourceFile]
  /// Everything that tags of templates name.
  package let names: Set<String>

  /// The templates that the program itself asks for.
  static let required = [
    "page", "scheme", "announcement", "certificate", "404", "news-list", "news-tags", "search",
    "redirect", "erased", "directory-province", "directory-place", "listed-name", "batch",
    "batches-year", "batch-row", "list-scheme", "list-page",
  ]

  /// Reads the folder `templates/` of a project.
  ///
  /// - Parameters:
  ///   - languages: those of the site's pages.
  ///   - terms: titles in further languages by the English ones, by language.
  ///   - script: what checks signatures in old browsers; nil where the machine does not have it.
  ///   - known: a theme of the same folder whose words are still those of its files.
  /// - Returns: nil when something is missing or wrong, which is then among the findings.
  public static func load(
    _ folder: FilePath, languages: [String], terms: [String: [String: String]] = [:],
    signatureScript script: SignatureScript? = nil,
    keepingWordsOf known: Theme? = nil, findings: inout Findings
  ) throws(MachineFailure) -> Theme? {
    let before = findings.errorCount
    guard FileManager.default.fileExists(atPath: folder.string) else {
      findings.add(
        Diagnostic(
          "missing-file", at: SourceLocation(path: "templates"),
          message: "The project has a folder with templates",
          hint: "restore templates/ from the program's own repository"))
      return nil
    }
    let (strings, words) =
      if let known { (known.strings, known.buyerWords) } else {
        try readWords(folder, languages: languages, terms: terms, findings: &findings)
      }
    let whole = SiteLanguages.whole.compactMap { strings[$0] }
    let files = try ThemeFiles(folder)
    let sources = try templateSources(files.templates, findings: &findings)
    HTMLText.register()
    var library = MustacheLibrary()
    for file in sources {
      let name = templateName(file.path)
      if let finding = placeholderFinding(in: file) { findings.add(finding) }
      do {
        try library.register(HTMLText.pragma + file.text, named: name)
      } catch {
        findings.add(syntaxFinding(error, in: file))
      }
    }
    let tags = sources.map { TemplateTag.all(in: $0) }
    let names = Set(sources.map { templateName($0.path) })
    for name in required where !names.contains(name) {
      findings.add(
        Diagnostic(
          "missing-template", at: SourceLocation(path: "templates/\(name).mustache"),
          message: "The site needs this template",
          hint: "restore \(name).mustache from the program's own repository"))
    }
    if names.contains("page-\(StandingPage.statistics)") {
      for strings in whole {
        for key in SiteStrings.keysOfStatistics where strings.text(key) == nil {
          findings.add(missing(key, in: strings))
        }
      }
    }
    let tagNames = Set(tags.joined().map(\.name))
    for key in SiteStrings.keysOfCertificates
    where tagNames.contains(where: { $0 == key || $0.hasPrefix(key + ".") }) {
      for strings in whole where strings.text(key) == nil {
        findings.add(missing(key, in: strings))
      }
    }
    let assets = try Assets.load(
      files.assets,
      words: SiteWords.module(
        own: whole.map(\.buyerWords), all: words, signatureScript: script),
      findings: &findings
    )
    .adding(words.map(\.asset) + (script.map { [$0.asset] } ?? []))
    if findings.errorCount == before {
      let check = TemplateCheck(
        names: names, strings: languages.compactMap { strings[$0] }, assets: assets)
      for (file, tags) in zip(sources, tags) { check.run(tags, of: file, findings: &findings) }
      TemplateCheck.findCircles(
        zip(sources, tags).map { (templateName($0.path), $0, $1) }, findings: &findings)
    }
    guard findings.errorCount == before else { return nil }
    return Theme(
      templates: library, templateNames: names, strings: strings, buyerWords: words,
      assets: assets, hasSignatureScript: script != nil, sources: sources,
      names: Set(tags.joined().filter { !$0.isPartial }.map(\.name)))
  }

  /// The words of the site's languages, and those that buyers may ask for.
  private static func readWords(
    _ folder: FilePath, languages: [String], terms: [String: [String: String]],
    findings: inout Findings
  ) throws(MachineFailure) -> (strings: [String: SiteStrings], words: [BuyerWords]) {
    var strings: [String: SiteStrings] = [:]
    for language in languages {
      strings[language] = try SiteStrings.load(
        language, folder: folder, terms: terms[language] ?? [:], findings: &findings)
    }
    let whole = SiteLanguages.whole.compactMap { strings[$0] }
    compareKeys(whole, findings: &findings)
    for strings in languages.compactMap({ strings[$0] }) {
      let isWhole = SiteLanguages.whole.contains(strings.language)
      let keys =
        isWhole ? SiteStrings.keysUsedByProgram : SiteStrings.keysUsedByProgramInEveryLanguage
      for key in keys where strings.text(key) == nil {
        findings.add(missing(key, in: strings))
      }
    }
    let words = try buyerWords(folder, own: whole, terms: terms, findings: &findings)
    return (strings, words)
  }

  /// Whether a template has an element of this id.
  package func hasElement(_ id: String) -> Bool {
    sources.contains { $0.text.contains("id=\"\(id)\"") }
  }

  /// The name by which tags know a template.
  private static func templateName(_ path: String) -> String {
    String((path.split(separator: "/").last ?? "").dropLast(".mustache".count))
  }

  /// Where a template is, as diagnostics show it.
  package func path(ofTemplate name: String) -> String {
    sources.first { Self.templateName($0.path) == name }?.path ?? "templates/\(name).mustache"
  }

  private static func templateSources(
    _ files: [ThemeFiles.File], findings: inout Findings
  ) throws(MachineFailure) -> [SourceFile] {
    var sources: [String: SourceFile] = [:]
    for file in files {
      if let other = sources[file.name] {
        findings.add(ThemeFiles.duplicate("duplicate-template", file.path, of: other.path))
      } else {
        let source = try SourceFile.read(file.place, displayPath: file.path, findings: &findings)
        if let source { sources[file.name] = source }
      }
    }
    return sources.values.sorted { $0.path < $1.path }
  }

  /// The languages that there is a file of words for, by their codes' bytes.
  ///
  /// - Throws: `MachineFailure` when the folder is there and cannot be read.
  private static func languages(of folder: FilePath) throws(MachineFailure) -> [String] {
    let strings = folder.appending("strings")
    guard FileManager.default.fileExists(atPath: strings.string) else { return [] }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: strings.string)
        .filter { $0.hasSuffix(".yml") && !$0.hasPrefix(".") }.map { String($0.dropLast(4)) }
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    } catch {
      throw MachineFailure("read templates/strings", reason: error.localizedDescription)
    }
  }

  /// The words of the two languages that every site has, then of the others by their codes.
  private static func buyerWords(
    _ folder: FilePath, own: [SiteStrings], terms: [String: [String: String]],
    findings: inout Findings
  ) throws(MachineFailure) -> [BuyerWords] {
    guard let first = own.first else { return [] }
    var words = own.map(\.buyerWords)
    let check = WordsCheck(model: first.buyerWords, modelPath: first.path)
    for other in own.dropFirst() {
      check.compareParameters(of: other.buyerWords, findings: &findings)
    }
    for language in try languages(of: folder) where !SiteLanguages.whole.contains(language) {
      let path = "templates/strings/\(language).yml"
      guard LocalizedText.isLanguageCode(language) else {
        findings.add(
          Diagnostic(
            "bad-language-code", at: SourceLocation(path: path),
            message: "A file of words is named after its language, as in ja.yml or zh-Hans.yml",
            hint: "use the code of the language from BCP 47"))
        continue
      }
      let file = try SourceFile.read(
        folder.appending("strings/\(language).yml"), displayPath: path, findings: &findings)
      guard let file else { continue }
      let read = BuyerWords.load(
        file, language: language, terms: terms[language] ?? [:], findings: &findings)
      guard let read else { continue }
      check.findMissing(in: read, path: path, findings: &findings)
      check.compareParameters(of: read, findings: &findings)
      words.append(read)
    }
    return words
  }

  private static func compareKeys(_ languages: [SiteStrings], findings: inout Findings) {
    for strings in languages {
      for other in languages where other.language != strings.language {
        for key in strings.keys where other.text(key.text) == nil {
          findings.add(
            strings.diagnostic(
              "missing-string", at: key,
              message: "Every string is there in every language, and `\(key.text)` is missing in"
                + " \(other.path)",
              hint: "add `\(key.text)` to \(other.path), or remove it here if nothing uses it"))
        }
      }
    }
  }

  private static func missing(_ key: String, in strings: SiteStrings) -> Diagnostic {
    Diagnostic(
      "missing-string", at: SourceLocation(path: strings.path),
      message: "The program fills in `\(key)`, and it is missing here",
      hint: "add `\(key)` to \(strings.path)")
  }

  private static func placeholderFinding(in file: SourceFile) -> Diagnostic? {
    let scalars = file.text.unicodeScalars
    guard let place = scalars.firstIndex(where: { Placeholder.isOne($0) }) else {
      return nil
    }
    let above = scalars[..<place]
    let start = above.lastIndex(of: "\n").map(scalars.index(after:)) ?? scalars.startIndex
    return file.diagnostic(
      "forbidden-character", line: above.count { $0 == "\n" } + 1,
      column: scalars.distance(from: start, to: place) + 1,
      message: "Templates have no private-use characters: they mark what is filled in",
      hint: "remove the characters from U+F0000 to U+F0FFF")
  }

  private static func syntaxFinding(_ error: any Error, in file: SourceFile) -> Diagnostic {
    if let open = TemplateTag.unclosed(in: file) {
      return file.diagnostic(
        "template-syntax", line: open.line, column: open.column, length: open.length,
        message: "A section ends with its own name, and `\(open.name)` does not",
        hint: "write {{/\(open.name)}} where it ends")
    }
    guard let error = error as? MustacheTemplate.ParserError else {
      return file.diagnostic(
        "template-syntax", line: 1, message: "Templates are Mustache, and this is not: \(error)",
        hint: "check that every {{#section}} is closed")
    }
    return file.diagnostic(
      "template-syntax", line: error.context.lineNumber, column: error.context.columnNumber,
      message: "Templates are Mustache, and this is not: \(error.error)",
      hint: "check that every tag and every {{#section}} is closed")
  }
}
