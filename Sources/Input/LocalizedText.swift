public import Diagnostics

/// A text in each of the site's languages, by language code.
public struct LocalizedText: Sendable, Hashable {
  public let texts: [String: String]

  public init(_ texts: [String: String]) {
    self.texts = texts
  }

  /// The text in a language, or the empty text.
  public subscript(language: String) -> String { texts[language] ?? "" }
}

extension LocalizedText {
  /// Reads `{en: …, id: …}`; nil, with findings, unless every language has a text.
  public init?(_ yaml: YAMLValue, languages: [String], findings: inout Findings) {
    guard let mapping = yaml.mapping(&findings) else { return nil }
    mapping.expectKeys(languages, findings: &findings)
    var texts: [String: String] = [:]
    for language in languages {
      texts[language] = mapping.requireString(language, &findings)
    }
    guard texts.count == languages.count else { return nil }
    self.init(texts)
  }
}
