public import Diagnostics

/// A day of the proleptic Gregorian calendar, without time or zone.
public struct CalendarDate: Sendable, Hashable, Comparable {
  // Year, month and day in falling places, so that days compare as numbers.
  package let packed: UInt32

  public var year: Int { Int(packed >> 9) }
  /// 1 to 12.
  public var month: Int { Int(packed >> 5 & 15) }
  /// 1 to 31.
  public var day: Int { Int(packed & 31) }

  /// Nil when there is no such day, or its year does not have four digits.
  public init?(year: Int, month: Int, day: Int) {
    guard (1000...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= Self.days(in: month, of: year)
    else { return nil }
    self.init(knownYear: year, month: month, day: day)
  }

  private init(knownYear year: Int, month: Int, day: Int) {
    packed = UInt32(year) << 9 | UInt32(month) << 5 | UInt32(day)
  }

  /// Takes back what `packed` gave; nil when that is no day.
  package init?(packed: UInt32) {
    self.init(year: Int(packed >> 9), month: Int(packed >> 5 & 15), day: Int(packed & 31))
  }

  /// A day before every day that can be written.
  public static let distantPast = CalendarDate(knownYear: 0, month: 1, day: 1)

  /// Reads `YYYY-MM-DD` and nothing else.
  public init?(iso text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      let year = Int(digits: bytes[0..<4]), let month = Int(digits: bytes[5..<7]),
      let day = Int(digits: bytes[8..<10])
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// Reads the day of a moment as documents state it, `2026-11-28T23:59:59+07:00` or with `Z`, and
  /// nothing else (RFC 3339, without fractions of a second).
  public init?(moment text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count == 20 || bytes.count == 25, bytes[10] == UInt8(ascii: "T"),
      Self.isTime(bytes[11..<19], below: [24, 60, 60])
    else { return nil }
    let zone = bytes[19...]
    guard
      zone == [UInt8(ascii: "Z")]
        || [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(zone[19])
          && Self.isTime(zone.dropFirst(), below: [24, 60])
    else { return nil }
    self.init(iso: String(decoding: bytes[..<10], as: UTF8.self))
  }

  /// Whether bytes are pairs of digits with colons between them, each pair below its limit.
  private static func isTime(_ bytes: ArraySlice<UInt8>, below limits: [Int]) -> Bool {
    let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    return parts.count == limits.count
      && zip(parts, limits).allSatisfy { part, limit in
        part.count == 2 && Int(digits: part).map { $0 < limit } ?? false
      }
  }

  /// The day a number of days after 1970-01-01.
  public init(daysSinceEpoch days: Int) {
    // Counting years from 1 March puts the leap day last; 146,097 days are 400 years.
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    self.init(
      knownYear: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
      day: dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }

  /// The same day that many years later; 29 February becomes 28 where there is none.
  public func adding(years: Int) -> CalendarDate {
    CalendarDate(
      knownYear: year + years, month: month, day: min(day, Self.days(in: month, of: year + years)))
  }

  /// The day that many days later.
  public func adding(days: Int) -> CalendarDate {
    CalendarDate(daysSinceEpoch: daysSinceEpoch + days)
  }

  /// Days after 1970-01-01; what `init(daysSinceEpoch:)` takes.
  public var daysSinceEpoch: Int {
    let marchYear = month > 2 ? year : year - 1
    let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  public static func < (left: CalendarDate, right: CalendarDate) -> Bool {
    left.packed < right.packed
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }
}

extension CalendarDate: CustomStringConvertible {
  /// `YYYY-MM-DD`.
  public var description: String {
    String(decoding: isoBytes, as: UTF8.self)
  }

  /// `YYYY-MM-DD` in ASCII.
  public var isoBytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(self)
    return bytes
  }
}

extension CalendarDate {
  /// Reads `YYYY-MM-DD` from a YAML value; nil, with a finding, for anything else.
  public init?(yaml: YAMLValue, findings: inout Findings) {
    guard let text = yaml.string(&findings) else { return nil }
    if let date = CalendarDate(iso: text) {
      self = date
      return
    }
    findings.add(
      yaml.diagnostic(
        "bad-date", message: "A date here is written YYYY-MM-DD and exists in the calendar",
        hint: "as in 2024-10-15"))
    return nil
  }
}

extension Int {
  /// The value of one to nine ASCII digits; nil for anything else.
  package init?(digits bytes: ArraySlice<UInt8>) {
    guard (1...9).contains(bytes.count) else { return nil }
    var value = 0
    for byte in bytes {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    self = value
  }
}
