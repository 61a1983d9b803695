import Registry
import Testing

@Suite struct ProvinceTests {
  @Test func thereAre38WithCodesAndNamesOfTheirOwn() {
    #expect(Province.all.count == 38)
    #expect(Set(Province.all.map(\.code)).count == 38)
    #expect(Set(Province.all.map(\.name)).count == 38)
    #expect(Set(Province.all.map(\.englishName)).count == 38)
    #expect(Province.all.allSatisfy { $0.code.wholeMatch(of: /[A-Z]{2}/) != nil })
  }

  @Test(arguments: Province.all)
  func eachIsFoundByItsNamesInAnyCase(province: Province) {
    for name in [province.name, province.englishName] {
      for written in [
        name, name.uppercased(), name.lowercased(), "Provinsi \(name)", "Prov. \(name)",
      ] {
        #expect(Province(named: written) == province, "\(written)")
      }
    }
  }

  @Test(arguments: [
    "", " ", "-", "Jawa", "Provinsi", "Kabupaten Bali", "Bali Utara", "Κρήτη", "\u{0}",
  ])
  func anythingElseNamesNone(text: String) {
    #expect(Province(named: text) == nil)
  }

  @Test func regenciesAreComparedWithoutCaseAndAbbreviations() {
    #expect(PlaceName("Kab. Bantul") == PlaceName("KABUPATEN BANTUL"))
    #expect(PlaceName("Kotamadya Bandung") == PlaceName("Kota Bandung"))
    // A city and the regency around it are two places.
    #expect(PlaceName("Kota Bandung") != PlaceName("Kabupaten Bandung"))
  }
}
