import Diagnostics
package import Files
import Foundation
import Input
import Proof
import SystemPackage

/// The words of the pages that buyers see, in one language, as the browser asks for them.
///
/// The site's own languages are in the pages; of any other language, `templates/strings/` has a file
/// with the groups below. Pages name it, and a browser fetches it when its visitor speaks it.
package struct BuyerWords: Sendable {
  /// The groups of words that certificates' pages, `/verify/` and the home page use.
  static let groups: Set = [
    "layout", "specimen", "check", "home", "certificate", "verdict", "status", "verify", "steps",
    "share",
  ]

  package enum Direction: String, Sendable { case ltr, rtl }

  /// As in a `lang` attribute.
  package let language: String
  /// The language's name for itself.
  package let name: String
  package let direction: Direction
  /// As browsers name it, as in `en-GB`.
  package let locale: String
  package let words: [(key: String, text: String)]
  /// The file that the browser fetches, named after its content.
  package let asset: Assets.Asset
  package let file: SourceFile
  /// Everything that the file holds, whether it is asked for or not.
  package let keys: [SiteStrings.Key]

  /// Reads the file of a language; nil, with findings, when something is wrong with it.
  static func load(
    _ file: SourceFile, language: String, terms: [String: String], findings: inout Findings
  ) -> BuyerWords? {
    guard let yaml = YAMLValue.parse(file, findings: &findings),
      let mapping = yaml.mapping(&findings)
    else { return nil }
    return read(
      mapping, of: file, language: language,
      strings: SiteStrings.entries(of: mapping, findings: &findings), terms: terms,
      findings: &findings)
  }

  /// Takes what buyers read out of all that a language's file holds.
  ///
  /// - Parameter terms: the titles of schemes and units by the English ones.
  static func read(
    _ mapping: YAMLMapping, of file: SourceFile, language: String, strings: SiteStrings.Entries,
    terms: [String: String], findings: inout Findings
  ) -> BuyerWords? {
    let name = mapping.requireString("language", &findings)
    let locale = mapping.requireString("locale", &findings)
    var direction = Direction.ltr
    if let value = mapping["direction"] {
      if let known = value.string(&findings).flatMap({ Direction(rawValue: $0) }) {
        direction = known
      } else {
        findings.add(
          value.diagnostic(
            "bad-direction", message: "A language is written ltr or rtl",
            hint: "write `rtl` for one that runs from right to left"))
      }
    }
    guard let name, let locale = locale?.replacing("_", with: "-") else { return nil }
    let words = strings.keys.filter { groups.contains(String($0.text.prefix { $0 != "." })) }
      .compactMap { key in strings.texts[key.text].map { (key.text, $0) } }
    let asset = Assets.Asset(
      named: "words-\(language).json",
      bytes: CanonicalJSON.encode(
        .object([
          "direction": .string(direction.rawValue), "language": .string(name),
          "locale": .string(locale), "terms": .object(terms.mapValues { .string($0) }),
          "words": .object(
            Dictionary(words.map { ($0.0, .string($0.1)) }, uniquingKeysWith: { $1 })),
        ])))
    return BuyerWords(
      language: language, name: name, direction: direction, locale: locale, words: words,
      asset: asset,
      file: file, keys: strings.keys)
  }
}

/// Reports words that are not the same in every language.
struct WordsCheck {
  let model: BuyerWords
  let modelPath: String
  /// The parameters of each of the model's words.
  private let parameters: [Set<String>]

  init(model: BuyerWords, modelPath: String) {
    self.model = model
    self.modelPath = modelPath
    parameters = model.words.map { Self.parameters(of: $0.text) }
  }

  /// Words that are missing; those of the site's own languages are compared key by key elsewhere.
  func findMissing(in other: BuyerWords, path: String, findings: inout Findings) {
    let keys = Set(other.words.map(\.key))
    for (key, text) in model.words where !keys.contains(key) {
      findings.add(
        Diagnostic(
          "missing-string", at: SourceLocation(path: path),
          message: "Every string is there in every language, and `\(key)` is missing here",
          hint: "translate it from \(modelPath): \(text)"))
    }
  }

  func compareParameters(of other: BuyerWords, findings: inout Findings) {
    let texts = Dictionary(other.words.map { ($0.key, $0.text) }, uniquingKeysWith: { $1 })
    for (key, wanted) in zip(model.words.map(\.key), parameters) {
      if let translation = texts[key], Self.parameters(of: translation) != wanted {
        let place = other.keys.first { $0.text == key }
        findings.add(
          other.file.diagnostic(
            "string-parameters", line: place?.line ?? 1, column: place?.column ?? 1,
            length: place?.length ?? 1,
            message: "A string has the same parameters in every language, and `\(key)` does not",
            hint: "write \(wanted.isEmpty ? "none" : wanted.sorted().joined(separator: ", "))"
              + " as in \(modelPath)"))
      }
    }
  }

  private static func parameters(of text: String) -> Set<String> {
    guard text.utf8.contains(UInt8(ascii: "{")) else { return [] }
    return Set(
      text.split(separator: "{", omittingEmptySubsequences: false).dropFirst().compactMap { part in
        part.firstIndex(of: "}").map { "{" + part[..<$0] + "}" }
      })
  }
}
