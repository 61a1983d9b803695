import Input
import Testing

@Suite struct CalendarDateTests {
  @Test func countsDaysLikeTheCalendar() throws {
    let cases = [
      (0, "1970-01-01"), (-1, "1969-12-31"), (19_723, "2024-01-01"), (19_782, "2024-02-29"),
      (20_780, "2026-11-23"), (11_016, "2000-02-29"), (-25_508, "1900-03-01"),
    ]
    for (days, text) in cases {
      #expect(CalendarDate(daysSinceEpoch: days).description == text)
    }
  }

  @Test func everyDayOfFourCenturiesFollowsTheOneBefore() throws {
    var last = CalendarDate(daysSinceEpoch: -1)
    for days in 0..<146_097 {
      let date = CalendarDate(daysSinceEpoch: days)
      #expect(last < date)
      #expect(CalendarDate(year: date.year, month: date.month, day: date.day) == date)
      last = date
    }
    #expect(last.description == "2369-12-31")
  }

  @Test(arguments: [
    "2023-02-29", "2024-13-01", "2024-00-10", "2024-04-31", "24-01-01", "2024-1-01",
    "2024-01-01 ", "０２０２-01-01", "2100-02-29", "",
  ])
  func refusesWhatIsNoDay(text: String) {
    #expect(CalendarDate(iso: text) == nil)
  }

  @Test func addsYearsAndKeepsWithinFebruary() throws {
    #expect(
      try #require(CalendarDate(iso: "2024-10-15")).adding(years: 3).description == "2027-10-15")
    #expect(
      try #require(CalendarDate(iso: "2024-02-29")).adding(years: 3).description == "2027-02-28")
    #expect(
      try #require(CalendarDate(iso: "2024-02-29")).adding(years: 4).description == "2028-02-29")
  }
}
