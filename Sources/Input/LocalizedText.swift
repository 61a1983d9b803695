public import Diagnostics

/// A text in English, Indonesian and perhaps more languages, by language code.
public struct LocalizedText: Sendable, Hashable {
  public let texts: [String: String]

  public init(_ texts: [String: String]) {
    self.texts = texts
  }

  /// The languages in which every text is written: certificates are printed in both.
  public static let required = ["en", "id"]

  /// Whether a word can be a language's code, by BCP 47: `ja`, `zh-Hans`.
  public static func isLanguageCode(_ word: String) -> Bool {
    word.wholeMatch(of: /[a-z]{2,3}(-[A-Za-z0-9]{2,8})*/) != nil
  }

  /// The language of the text that stands for another one: that language itself, or English.
  public func language(for language: String) -> String { texts[language] == nil ? "en" : language }

  /// The text in a language, in English where it has none, or the empty text.
  public subscript(language: String) -> String { texts[language] ?? texts["en"] ?? "" }
}

extension LocalizedText {
  /// Reads `{en: …, id: …}`; nil, with findings, unless both are there.
  ///
  /// - Parameter languages: those that a text may have; any without it.
  public init?(_ yaml: YAMLValue, languages: [String]? = nil, findings: inout Findings) {
    guard let mapping = yaml.mapping(&findings) else { return nil }
    let written = mapping.entries.compactMap(\.key.text).filter { Self.isLanguageCode($0) }
    let known = languages ?? Self.required + written.filter { !Self.required.contains($0) }
    mapping.expectKeys(known, findings: &findings)
    var texts: [String: String] = [:]
    for language in known {
      if Self.required.contains(language) {
        texts[language] = mapping.requireString(language, &findings)
      } else if let text = mapping[language]?.string(&findings) {
        texts[language] = text
      }
    }
    guard Self.required.allSatisfy({ texts[$0] != nil }) else { return nil }
    self.init(texts)
  }
}
