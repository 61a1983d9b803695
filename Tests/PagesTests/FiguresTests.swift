import Diagnostics
import Pages
import Registry
import SystemPackage
import Testing
import Theme

@Suite struct FiguresTests {
  private static func strings() throws -> [String: SiteStrings] {
    let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
      .removingLastComponent()
    var findings = Findings()
    return try #require(
      try Theme.load(
        root.appending("templates"), languages: ["en", "id"], findings: &findings)
    ).strings
  }

  @Test func decimalsAndThousandsFollowTheLanguage() throws {
    let strings = try Self.strings()
    let english = try #require(strings["en"])
    let indonesian = try #require(strings["id"])
    #expect(english.format(15_000) == "15,000" && indonesian.format(15_000) == "15.000")
    for (thousandths, en, id) in [
      (0, "0", "0"), (17_500, "17.5", "17,5"), (100_000, "100", "100"), (1, "0.001", "0,001"),
      (1_234_567_050, "1,234,567.05", "1.234.567,05"),
    ] {
      #expect(english.format(thousandths: thousandths) == en)
      #expect(indonesian.format(thousandths: thousandths) == id)
    }
  }

  @Test(arguments: [
    (0, 15_000, "0"), (186, 15_000, "1.2"), (15_000, 15_000, "100"), (1, 3, "33.3"), (2, 3, "66.7"),
    (20_000, 15_000, "133.3"), (5, 0, "0"),
  ])
  func sharesAreRoundedToATenth(part: Int, whole: Int, shown: String) throws {
    #expect(try #require(Self.strings()["en"]).format(percent: part, of: whole) == shown)
  }

  @Test(arguments: [
    (1_600_000_000_000, "Rp1.6 trillion", "Rp1,6 triliun"),
    (280_000_000_000, "Rp280 billion", "Rp280 miliar"),
    (1_234_567_890_123, "Rp1.23 trillion", "Rp1,23 triliun"),
    (16_000_000, "Rp16 million", "Rp16 juta"), (999_999, "Rp999,999", "Rp999.999"),
  ])
  func rupiahAreInWords(rupiah: Int, english: String, indonesian: String) throws {
    let strings = try Self.strings()
    #expect(try #require(strings["en"]).format(rupiah: rupiah) == english)
    #expect(try #require(strings["id"]).format(rupiah: rupiah) == indonesian)
  }

  @Test func everyProvinceHasATileAndNoTwoTilesTouch() {
    #expect(Set(TileMap.places.keys) == Set(Province.all.map(\.code)))
    let places = Array(TileMap.places.values)
    for (position, one) in places.enumerated() {
      for other in places[(position + 1)...] where one.row == other.row {
        #expect(abs(one.left - other.left) >= 10)
      }
    }
  }
}
