package import Diagnostics
import Files
package import Input
import Layout
package import SystemPackage

/// The words of the templates in one language, from `templates/strings/<lang>.yml`.
package struct SiteStrings: Sendable {
  /// A word, or words by key.
  package indirect enum Entry: Sendable {
    case text(String)
    case group([String: Entry])
  }

  package let language: String
  /// The language's name for itself.
  package let name: String
  /// January to December.
  package let months: [String]
  /// What stands between thousands.
  package let groupSeparator: String
  /// How a day is written, as in `{day} {month} {year}`.
  private let dayPattern: String
  private let entries: Entries
  /// Those that a browser may ask for.
  package let buyerWords: BuyerWords
  private let file: SourceFile
  package var path: String { file.path }

  /// A key as templates name it, with dots between its parts.
  package struct Key: Sendable {
    package let text: String
    package let line: Int
    package let column: Int
    /// Of its last part, which is what stands there.
    package var length: Int {
      text.split(separator: ".").last?.unicodeScalars.count ?? 1
    }
  }

  /// The words of a file as a tree, and as a list.
  package struct Entries: Sendable {
    fileprivate var tree: [String: Entry] = [:]
    /// Every key with dots between its parts, in the order of the file, with its place.
    fileprivate(set) var keys: [Key] = []
    /// The words by such keys.
    fileprivate(set) var texts: [String: String] = [:]
    /// The keys of groups of words.
    fileprivate(set) var groups: Set<String> = []
  }

  /// Every key, in the order of the file.
  package var keys: [Key] { entries.keys }

  /// A finding at a key of the file.
  package func diagnostic(
    _ id: DiagnosticID, _ severity: Severity = .error, at key: Key, message: String, hint: String
  ) -> Diagnostic {
    file.diagnostic(
      id, severity, line: key.line, column: key.column, length: key.length, message: message,
      hint: hint)
  }

  /// Reads one language's strings; nil, with findings, when something is missing.
  ///
  /// - Parameter terms: the titles of schemes and units by the English ones.
  package static func load(
    _ language: String, folder: FilePath, terms: [String: String], findings: inout Findings
  ) throws(MachineFailure) -> SiteStrings? {
    let path = "templates/strings/\(language).yml"
    let read = try SourceFile.read(
      folder.appending("strings/\(language).yml"), displayPath: path, findings: &findings)
    guard let file = read, let yaml = YAMLValue.parse(file, findings: &findings),
      let mapping = yaml.mapping(&findings)
    else { return nil }
    let name = mapping.requireString("language", &findings)
    let separator = mapping.requireString("group", &findings)
    let months = mapping.require("months", &findings)
    let monthNames = months?.list(&findings).compactMap { $0.string(&findings) } ?? []
    if let months, monthNames.count != 12 {
      findings.add(
        months.diagnostic(
          "bad-months", message: "A year has twelve months", hint: "name all twelve, in order"))
    }
    let pattern = dayPattern(mapping, language, &findings)
    let entries = entries(of: mapping, findings: &findings)
    let words = BuyerWords.read(
      mapping, of: file, language: language, strings: entries, terms: terms, findings: &findings)
    guard let name, let separator, let words, monthNames.count == 12 else { return nil }
    return SiteStrings(
      language: language, name: name, months: monthNames, groupSeparator: separator,
      dayPattern: pattern, entries: entries, buyerWords: words, file: file)
  }

  /// How a language writes a day. English and Indonesian days are printed, so no file decides on them.
  private static func dayPattern(
    _ mapping: YAMLMapping, _ language: String, _ findings: inout Findings
  ) -> String {
    let usual = "{day} {month} {year}"
    guard let value = mapping["day"], let pattern = value.string(&findings) else { return usual }
    let isWhole = ["{day}", "{month}", "{year}"].allSatisfy { pattern.contains($0) }
    if isWhole, !SiteLanguages.whole.contains(language) { return pattern }
    findings.add(
      value.diagnostic(
        "bad-day-pattern", message: "A day has {day}, {month} and {year}, in the language's order",
        hint: isWhole
          ? "remove it: in English and Indonesian a day is `\(usual)`"
          : "write it as in `\(usual)`"))
    return usual
  }

  /// The words of a file by their keys.
  package static func entries(of mapping: YAMLMapping, findings: inout Findings) -> Entries {
    var entries = Entries()
    for (key, value) in mapping.entries where key.text != "months" {
      guard let text = key.text else { continue }
      entries.tree[text] = entry(
        value, key: Key(text: text, line: key.line, column: key.column), entries: &entries,
        findings: &findings)
    }
    return entries
  }

  private static func entry(
    _ value: YAMLValue, key: Key, entries: inout Entries, findings: inout Findings
  ) -> Entry? {
    if value.text != nil {
      entries.keys.append(key)
      guard let text = value.string(&findings) else { return nil }
      entries.texts[key.text] = text
      return .text(text)
    }
    guard let mapping = value.mapping(&findings) else { return nil }
    entries.groups.insert(key.text)
    var group: [String: Entry] = [:]
    for (inner, value) in mapping.entries {
      guard let text = inner.text else { continue }
      group[text] = entry(
        value,
        key: Key(text: "\(key.text).\(text)", line: inner.line, column: inner.column),
        entries: &entries, findings: &findings)
    }
    return .group(group)
  }

  /// The words as templates see them.
  package var context: TemplateContext { Self.context(entries.tree) }

  private static func context(_ entries: [String: Entry]) -> TemplateContext {
    TemplateContext(
      entries.mapValues { entry in
        switch entry {
        case .text(let text): text
        case .group(let group): context(group)
        }
      })
  }

  /// The words behind a key with dots, or nil.
  package func text(_ key: String) -> String? { entries.texts[key] }

  /// Whether a key names a word or a group of words.
  package func has(_ key: String) -> Bool {
    entries.texts[key] != nil || entries.groups.contains(key)
  }

  /// The words behind a key with its `{parameters}` filled in; empty where there is no such key.
  package func format(_ key: String, _ parameters: [String: String]) -> String {
    var text = text(key) ?? ""
    for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
      text = text.split(separator: "{\(name)}", omittingEmptySubsequences: false)
        .joined(separator: value)
    }
    return text
  }

  /// A day in words, as in `15 October 2024`.
  package func format(_ date: CalendarDate) -> String {
    dayPattern.replacing("{day}", with: "\(date.day)")
      .replacing("{month}", with: months[date.month - 1])
      .replacing("{year}", with: "\(date.year)")
  }

  /// A day in words, escaped for HTML.
  package func append(_ date: CalendarDate, to page: inout [UInt8]) {
    page.append(decimal: date.day)
    page.append(UInt8(ascii: " "))
    HTML.append(months[date.month - 1].utf8, to: &page)
    page.append(UInt8(ascii: " "))
    page.append(decimal: date.year)
  }

  /// A whole number with its thousands apart.
  package func format(_ number: Int) -> String {
    var digits = String(abs(number))
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits = String(digits.dropLast(3))
    }
    return (number < 0 ? "−" : "") + ([digits] + groups).joined(separator: groupSeparator)
  }
}
