public import Input
import Diagnostics

/// A number that figures are held against, and who states it.
public struct StatedNumber: Sendable {
  public let value: Int
  public let source: LocalizedText
}

extension SiteConfiguration {
  /// Reads `{value: …, source: {en: …, id: …}}`, which may be missing.
  static func statedNumber(
    _ key: String, _ mapping: YAMLMapping, _ languages: [String], _ findings: inout Findings
  ) -> StatedNumber? {
    guard let stated = mapping[key]?.mapping(&findings) else { return nil }
    stated.expectKeys(["value", "source"], findings: &findings)
    let number = stated.require("value", &findings)
    let value = number?.integer(&findings)
    if let number, let value, !(1...1_000_000).contains(value) {
      findings.add(
        number.diagnostic(
          "bad-stated-number",
          message: "Capacity and exchange rate are whole numbers from 1 to 1000000",
          hint: "write it without a sign for thousands, as in 15000"))
    }
    let source = stated.require("source", &findings).flatMap {
      LocalizedText($0, languages: languages, findings: &findings)
    }
    guard let value, let source else { return nil }
    return StatedNumber(value: value, source: source)
  }
}
