import Diagnostics
import Foundation
import Input
import Proof
import SystemPackage

/// The words of the pages that buyers see, in one language, as the browser asks for them.
///
/// The site's own languages are in the pages; of any other language, `templates/strings/` has a file
/// with the groups below. Pages name it, and a browser fetches it when its visitor speaks it.
struct BuyerWords: Sendable {
  /// The groups of words that the certificate page and `/verify/` use.
  static let groups = [
    "layout", "specimen", "check", "certificate", "verdict", "status", "verify", "steps",
  ]

  enum Direction: String, Sendable { case ltr, rtl }

  /// As in a `lang` attribute.
  let language: String
  /// The language's name for itself.
  let name: String
  let direction: Direction
  /// As browsers know it, as in `en-GB`.
  let locale: String
  let words: [(key: String, text: String)]
  let file: SourceFile
  /// Everything that the file holds, whether it is asked for or not.
  let keys: [SiteStrings.Key]

  /// Reads the file of a language; nil, with findings, when something is wrong with it.
  static func load(
    _ file: SourceFile, language: String, findings: inout Findings
  ) -> BuyerWords? {
    guard let yaml = YAMLValue.parse(file, findings: &findings),
      let mapping = yaml.mapping(&findings)
    else { return nil }
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
    let strings = SiteStrings.entries(of: mapping, findings: &findings)
    guard let name, let locale else { return nil }
    return BuyerWords(
      language: language, name: name, direction: direction,
      locale: locale.replacing("_", with: "-"),
      words: strings.keys.filter { key in groups.contains { key.text.hasPrefix($0 + ".") } }
        .compactMap { key in strings.text(key.text).map { (key.text, $0) } },
      file: file, keys: strings.keys)
  }

  /// The file that the browser fetches, named after its content.
  var asset: Assets.Asset {
    Assets.Asset(
      named: "words-\(language).json",
      bytes: CanonicalJSON.encode(
        .object([
          "direction": .string(direction.rawValue), "language": .string(name),
          "locale": .string(locale),
          "words": .object(
            Dictionary(words.map { ($0.key, .string($0.text)) }, uniquingKeysWith: { $1 })),
        ])))
  }
}

/// Reports words that are not the same in every language.
struct WordsCheck {
  let model: BuyerWords
  let modelPath: String

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
    for (key, text) in model.words {
      guard let translation = texts[key] else { continue }
      let (wanted, found) = (Self.parameters(of: text), Self.parameters(of: translation))
      if wanted != found {
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
    Set(
      text.split(separator: "{", omittingEmptySubsequences: false).dropFirst().compactMap { part in
        part.firstIndex(of: "}").map { "{" + part[..<$0] + "}" }
      })
  }
}
