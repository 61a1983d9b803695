import Input
import Testing

@Suite struct SiteMomentTests {
  @Test(arguments: [
    ("2024-10-15", "2024-10-15T00:00:00+07:00"), ("2024-10-15 09:30", "2024-10-15T09:30:00+07:00"),
    ("2024-10-15T09:30:05", "2024-10-15T09:30:05+07:00"),
    ("2024-10-15T20:00:00Z", "2024-10-16T03:00:00+07:00"),
    ("2024-10-15T00:30+09:00", "2024-10-14T22:30:00+07:00"),
  ])
  func aTimeIsThatOfTheSite(written: String, moment: String) throws {
    let zone = try #require(SiteTimeZone("Asia/Jakarta"))
    #expect(SiteMoment(written, in: zone)?.description == moment)
  }

  @Test(arguments: [
    "2024-02-30", "2024-10-15 9:30", "2024-10-15 24:00", "2024-10-15T09", "2024-10-15x",
    "2024-10-15 09:30 WIB", "2024-10-15T09:30+99:00", "",
  ])
  func anythingElseIsNone(written: String) throws {
    #expect(SiteMoment(written, in: try #require(SiteTimeZone("Asia/Jakarta"))) == nil)
  }

  @Test func summerTimeMovesTheOffset() throws {
    let zone = try #require(SiteTimeZone("Europe/Amsterdam"))
    #expect(SiteMoment("2024-07-01", in: zone)?.description == "2024-07-01T00:00:00+02:00")
    #expect(SiteMoment("2024-12-01", in: zone)?.description == "2024-12-01T00:00:00+01:00")
    let summer = try #require(SiteMoment("2024-03-31 12:00", in: zone))
    #expect(zone.moment(secondsSinceEpoch: summer.secondsSinceEpoch) == summer)
  }
}
