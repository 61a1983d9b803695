public import Diagnostics
public import Input

extension Scheme {
  /// Reads `schemes.yml`: a list of schemes with their editions.
  public static func load(
    _ yaml: YAMLValue, findings: inout Findings
  ) -> [Scheme] {
    var schemes: [Scheme] = []
    var lines: [Int] = []
    for item in yaml.list(&findings) {
      guard let mapping = item.mapping(&findings) else { continue }
      mapping.expectKeys(
        ["code", "slug", "editions"], elsewhere: places, findings: &findings)
      guard let code = mapping.requireString("code", &findings),
        let slug = mapping.requireString("slug", &findings),
        let list = mapping.require("editions", &findings)
      else { continue }
      check(
        code: code, slug: slug, of: mapping, among: Array(zip(schemes, lines)), findings: &findings)
      let editions = Editions.load(list, findings: &findings) { edition, findings in
        SchemeEdition(edition, findings: &findings)
      }
      guard let editions else { continue }
      schemes.append(Scheme(code: code, slug: slug, editions: editions))
      lines.append(item.line)
    }
    return schemes
  }

  /// Where the keys of the file belong.
  static let places: [String: String] = [
    "slug": "beside code", "editions": "beside code", "from": "in an edition, below editions",
    "level": "in an edition, below editions", "years": "in an edition, below editions",
    "standard": "in an edition, below editions", "summary": "in an edition, below editions",
    "units": "in an edition, below editions", "title": "in an edition or a unit",
    "specimen": "in a unit, below units",
  ]

  private static func check(
    code: String, slug: String, of mapping: YAMLMapping,
    among schemes: [(scheme: Scheme, line: Int)],
    findings: inout Findings
  ) {
    let isCode = !code.isEmpty && code.utf8.allSatisfy { isASCIILetterOrDigit($0) || $0 == 0x2D }
    let isSlug =
      !slug.isEmpty
      && slug.utf8.allSatisfy {
        (isASCIILetterOrDigit($0) && !(65...90).contains($0)) || $0 == 0x2D
      }
    func broken(_ id: DiagnosticID, at key: String, _ message: String, _ hint: String) {
      guard let value = mapping[key] else { return }
      findings.add(value.diagnostic(id, message: message, hint: hint))
    }
    if !isCode || !isSlug {
      broken(
        "bad-scheme-name", at: isCode ? "slug" : "code",
        "A scheme's code has letters, digits and dashes, its slug the same in lowercase",
        "write it without spaces and signs, as in code: PBT and slug: hand-drawn-batik")
    }
    for (other, line) in schemes {
      let hasCode = other.code.lowercased() == code.lowercased()
      guard hasCode || other.slug == slug else { continue }
      broken(
        "duplicate-scheme", at: hasCode ? "code" : "slug",
        "A code or slug names one scheme, and that of line \(line) has this one too",
        "merge the two schemes, or rename one of them")
      return
    }
  }

  private static func isASCIILetterOrDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }
}

extension Scheme {
  /// The titles of schemes and units in further languages than certificates are printed in: by language,
  /// and by the English title.
  public static func translations(of schemes: [Scheme]) -> [String: [String: String]] {
    var translations: [String: [String: String]] = [:]
    let editions = schemes.flatMap(\.editions.all).map(\.value)
    for title in editions.flatMap({ [$0.title] + $0.units.map(\.title) }) {
      for (language, text) in title.texts where !LocalizedText.required.contains(language) {
        translations[language, default: [:]][title["en"]] = text
      }
    }
    return translations
  }
}

extension SchemeEdition {
  init?(_ mapping: YAMLMapping, findings: inout Findings) {
    mapping.expectKeys(
      ["from", "title", "level", "years", "standard", "summary", "units"],
      elsewhere: Scheme.places, findings: &findings)
    let title = LocalizedText(required: "title", in: mapping, findings: &findings)
    let before = findings.errorCount
    let summary = mapping["summary"].flatMap {
      LocalizedText($0, findings: &findings)
    }
    let level = mapping["level"]?.integer(&findings)
    let years = mapping.require("years", &findings)
    let standard = mapping["standard"]?.string(&findings)
    // They are in the record; a body that prints none says so by an empty list.
    let unitList = mapping.require("units", &findings)?.list(&findings) ?? []
    let units = unitList.compactMap { Unit($0, findings: &findings) }
    guard let count = years?.integer(&findings), let title, findings.errorCount == before
    else { return nil }
    let missing = [
      ("level", level == nil), ("standard", standard == nil), ("summary", summary == nil),
      ("units", units.isEmpty),
    ].filter(\.1).map(\.0)
    if !missing.isEmpty {
      findings.add(
        mapping.diagnostic(
          "poor-scheme", .warning,
          message:
            "The page of this scheme tells a buyer little: it has no \(missing.joined(separator: ", no "))",
          hint: units.isEmpty
            ? "write them, as the scheme's document has them; units are sealed with the first certificate"
            : "write them, as the scheme's document has them"))
    }
    if let years, !(1...50).contains(count) {
      findings.add(
        years.diagnostic(
          "bad-validity", message: "A certificate is valid for 1 to 50 years",
          hint: "write the number of years printed on the certificate"))
      return nil
    }
    self.init(
      title: title, level: level, years: count, standard: standard ?? "",
      summary: summary ?? LocalizedText([:]), units: units)
  }
}

extension Unit {
  init?(_ yaml: YAMLValue, findings: inout Findings) {
    guard let mapping = yaml.mapping(&findings) else { return nil }
    mapping.expectKeys(
      ["code", "title", "specimen"], elsewhere: Scheme.places, findings: &findings)
    let title = LocalizedText(required: "title", in: mapping, findings: &findings)
    guard let code = mapping.requireString("code", &findings), let title else { return nil }
    self.init(
      code: code, title: title, isSpecimen: mapping["specimen"]?.boolean(&findings) ?? false)
  }
}

extension LocalizedText {
  init?(
    required key: String, in mapping: YAMLMapping, findings: inout Findings
  ) {
    guard let value = mapping.require(key, &findings) else { return nil }
    self.init(value, findings: &findings)
  }
}

extension Editions {
  /// Reads a list of editions, each with the day `from` which it holds.
  public static func load(
    _ yaml: YAMLValue, findings: inout Findings,
    value: (YAMLMapping, inout Findings) -> Value?
  ) -> Editions? {
    var editions: [Edition] = []
    for item in yaml.list(&findings) {
      guard let mapping = item.mapping(&findings) else { continue }
      let day = mapping.require("from", &findings)
      let from = day.flatMap { CalendarDate(yaml: $0, findings: &findings) }
      guard let from, let edition = value(mapping, &findings) else { continue }
      if let day, editions.contains(where: { $0.from == from }) {
        findings.add(
          day.diagnostic(
            "duplicate-edition",
            message: "One edition is in force on any day, and another one begins on this one",
            hint: "give each edition its own `from`"))
        continue
      }
      editions.append(Edition(from: from, value: edition))
    }
    // Empty, or said already.
    return Editions(editions)
  }
}
