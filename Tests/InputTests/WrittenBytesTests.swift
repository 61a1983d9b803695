import Input
import Testing

@Suite struct WrittenBytesTests {
  @Test(arguments: [0, 7, 10, 99, 100, 2026, 1_000_000, -1, -120, .max, .min])
  func numbersAreWrittenAsSwiftWritesThem(number: Int) {
    var bytes: [UInt8] = []
    bytes.append(decimal: number)
    #expect(String(decoding: bytes, as: UTF8.self) == String(number))
  }

  @Test func daysAreWrittenInFullAfterWhatIsThere() throws {
    var bytes = Array("from ".utf8)
    bytes.append(try #require(CalendarDate(year: 2024, month: 2, day: 9)))
    bytes.append(" to " as StaticString)
    bytes.append(try #require(CalendarDate(year: 1999, month: 12, day: 31)))
    #expect(String(decoding: bytes, as: UTF8.self) == "from 2024-02-09 to 1999-12-31")
  }
}
