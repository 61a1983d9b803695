import Diagnostics

/// One of the 38 provinces of Indonesia.
public struct Province: Sendable, Hashable {
  /// Two letters, those of ISO 3166-2 behind `ID-`.
  public let code: String
  /// As the provinces are called in Indonesian; what formats carry.
  public let name: String
  public let englishName: String
  /// Other ways to write it, folded.
  fileprivate let others: [String]

  fileprivate init(_ code: String, _ name: String, _ englishName: String, _ others: String...) {
    self.code = code
    self.name = name
    self.englishName = englishName
    self.others = others
  }

  /// The province that a text names, in whatever spelling is known; nil for any other text.
  public init?(named text: String) {
    guard let known = Self.byName[PlaceName.folded(text)] else { return nil }
    self = known
  }

  static let unknown: DiagnosticID = "unknown-province"
  static let rule =
    "Indonesia has 38 provinces, and the map of figures has a place for each of them"

  /// The way out for a text that names no province.
  static func hint(for text: String) -> String {
    suggestion(for: text).map { "did you mean `\($0)`?" }
      ?? "write the province's name; any other is counted beside the map"
  }

  /// The name of the province that a text was most likely meant to name.
  private static func suggestion(for text: String) -> String? {
    Diagnostics.suggestion(for: PlaceName.folded(text), among: byName.keys.sorted())
      .flatMap { byName[$0]?.name }
  }

  private static let byName: [String: Province] = Dictionary(
    all.flatMap { province in
      ([province.name, province.englishName].map(PlaceName.folded) + province.others).map {
        ($0, province)
      }
    }, uniquingKeysWith: { first, _ in first })

  /// From west to east, island by island.
  public static let all = [
    Province("AC", "Aceh", "Aceh", "nanggroe aceh darussalam", "nad", "di aceh"),
    Province("SU", "Sumatera Utara", "North Sumatra", "sumut", "sumatra utara"),
    Province("SB", "Sumatera Barat", "West Sumatra", "sumbar", "sumatra barat"),
    Province("RI", "Riau", "Riau"),
    Province("KR", "Kepulauan Riau", "Riau Islands", "kepri"),
    Province("JA", "Jambi", "Jambi"),
    Province("BE", "Bengkulu", "Bengkulu"),
    Province("SS", "Sumatera Selatan", "South Sumatra", "sumsel", "sumatra selatan"),
    Province(
      "BB", "Kepulauan Bangka Belitung", "Bangka Belitung Islands", "bangka belitung", "babel"),
    Province("LA", "Lampung", "Lampung"),
    Province("BT", "Banten", "Banten"),
    Province(
      "JK", "Daerah Khusus Jakarta", "Jakarta", "dki jakarta", "dki", "dk jakarta", "dkj",
      "jakarta raya", "daerah khusus ibukota jakarta", "daerah khusus ibu kota jakarta"),
    Province("JB", "Jawa Barat", "West Java", "jabar"),
    Province("JT", "Jawa Tengah", "Central Java", "jateng"),
    Province(
      "YO", "Daerah Istimewa Yogyakarta", "Yogyakarta", "di yogyakarta", "d i yogyakarta", "diy",
      "daerah istimewa jogjakarta", "jogjakarta", "di jogjakarta",
      "special region of yogyakarta", "yogyakarta special region"),
    Province("JI", "Jawa Timur", "East Java", "jatim"),
    Province("BA", "Bali", "Bali"),
    Province("NB", "Nusa Tenggara Barat", "West Nusa Tenggara", "ntb"),
    Province("NT", "Nusa Tenggara Timur", "East Nusa Tenggara", "ntt"),
    Province("KB", "Kalimantan Barat", "West Kalimantan", "kalbar"),
    Province("KT", "Kalimantan Tengah", "Central Kalimantan", "kalteng"),
    Province("KS", "Kalimantan Selatan", "South Kalimantan", "kalsel"),
    Province("KI", "Kalimantan Timur", "East Kalimantan", "kaltim"),
    Province("KU", "Kalimantan Utara", "North Kalimantan", "kaltara"),
    Province("SA", "Sulawesi Utara", "North Sulawesi", "sulut"),
    Province("GO", "Gorontalo", "Gorontalo"),
    Province("ST", "Sulawesi Tengah", "Central Sulawesi", "sulteng"),
    Province("SR", "Sulawesi Barat", "West Sulawesi", "sulbar"),
    Province("SN", "Sulawesi Selatan", "South Sulawesi", "sulsel"),
    Province("SG", "Sulawesi Tenggara", "Southeast Sulawesi", "sultra"),
    Province("MU", "Maluku Utara", "North Maluku", "malut"),
    Province("MA", "Maluku", "Maluku"),
    Province("PD", "Papua Barat Daya", "Southwest Papua"),
    Province("PB", "Papua Barat", "West Papua"),
    Province("PT", "Papua Tengah", "Central Papua"),
    Province("PA", "Papua", "Papua"),
    Province("PE", "Papua Pegunungan", "Highland Papua", "highlands papua"),
    Province("PS", "Papua Selatan", "South Papua"),
  ]
}

/// What a registry has in its column for provinces.
public enum ProvinceName: Sendable, Hashable {
  case known(Province)
  /// A text that names no province, as it was first written; compared without case and marks.
  case other(PlaceName)

  init(_ text: String) {
    self = Province(named: text).map { .known($0) } ?? .other(PlaceName(text))
  }
}

/// A place as it was written; two are the same if they differ in case, dots and usual abbreviations.
public struct PlaceName: Sendable, Hashable {
  public let text: String
  private let key: String

  public init(_ text: String) {
    self.text = text
    key = Self.folded(text)
  }

  public static func == (left: PlaceName, right: PlaceName) -> Bool {
    left.key.utf8.elementsEqual(right.key.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(Array(key.utf8))
  }

  /// Lowercase words; marks, `Provinsi`, and abbreviations of a regency's kind are gone.
  static func folded(_ text: String) -> String {
    var words: [String] = [""]
    for scalar in text.lowercased().unicodeScalars {
      if scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || scalar.properties.generalCategory == .nonspacingMark
      {
        words[words.count - 1].unicodeScalars.append(scalar)
      } else if !words[words.count - 1].isEmpty {
        words.append("")
      }
    }
    words.removeAll(where: \.isEmpty)
    guard words.count > 1 else { return words.first ?? "" }
    switch words[0] {
    case "provinsi", "propinsi", "prov": words.removeFirst()
    case "kab": words[0] = "kabupaten"
    case "kotamadya", "kodya": words[0] = "kota"
    default: break
    }
    if words.count > 1, words[words.count - 1] == "province" { words.removeLast() }
    return words.joined(separator: " ")
  }
}
