public import Foundation

/// The time zone in which the institution counts its days.
public struct SiteTimeZone: Sendable {
  public let name: String
  private let zone: TimeZone

  /// Takes an IANA name; Indonesia's zones work without the system's zone data.
  public init?(_ name: String) {
    // None of the three has daylight saving time.
    let offsets = [
      "Asia/Jakarta": 7, "Asia/Pontianak": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9, "UTC": 0,
    ]
    let fixed = offsets[name].flatMap { TimeZone(secondsFromGMT: $0 * 3600) }
    guard let zone = fixed ?? TimeZone(identifier: name) else { return nil }
    self.init(name: name, zone: zone)
  }

  /// Western Indonesia Time, where no site says otherwise.
  public static let indonesia = SiteTimeZone(
    name: "Asia/Jakarta", zone: TimeZone(secondsFromGMT: 7 * 3600) ?? .gmt)

  private init(name: String, zone: TimeZone) {
    self.name = name
    self.zone = zone
  }

  /// What stands behind a time of a day in this zone, as in `+07:00`.
  public func offset(on day: CalendarDate) -> String {
    let moment = Date(timeIntervalSince1970: Double(day.daysSinceEpoch) * 86_400)
    let minutes = zone.secondsFromGMT(for: moment) / 60
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return (minutes < 0 ? "-" : "+") + two(abs(minutes) / 60) + ":" + two(abs(minutes) % 60)
  }

  /// Minutes that this zone is ahead of UTC at a time of its own clocks.
  fileprivate func minutesAhead(on day: CalendarDate, secondOfDay: Int) -> Int {
    let local = Double(day.daysSinceEpoch * 86_400 + secondOfDay)
    // The clocks' time is not known in UTC before the answer is; a second look settles it.
    let guess = zone.secondsFromGMT(for: Date(timeIntervalSince1970: local))
    let moment = Date(timeIntervalSince1970: local - Double(guess))
    return zone.secondsFromGMT(for: moment) / 60
  }

  /// The moment at which a day begins in this zone.
  public func start(of day: CalendarDate) -> SiteMoment {
    SiteMoment(day: day, secondOfDay: 0, minutesAhead: minutesAhead(on: day, secondOfDay: 0))
  }

  /// A time of a day by the clocks of this zone.
  public func moment(on day: CalendarDate, secondOfDay: Int) -> SiteMoment {
    SiteMoment(
      day: day, secondOfDay: secondOfDay,
      minutesAhead: minutesAhead(on: day, secondOfDay: secondOfDay))
  }

  /// A moment as this zone's clocks show it.
  public func moment(secondsSinceEpoch seconds: Int) -> SiteMoment {
    let date = Date(timeIntervalSince1970: Double(seconds))
    let ahead = zone.secondsFromGMT(for: date) / 60
    let local = seconds + ahead * 60
    let days = (local >= 0 ? local : local - 86_399) / 86_400
    return SiteMoment(
      day: CalendarDate(daysSinceEpoch: days), secondOfDay: local - days * 86_400,
      minutesAhead: ahead)
  }

  /// What people call the zone, as in `WIB`; its offset where there is no such name.
  public func abbreviation(at moment: SiteMoment) -> String {
    switch name {
    case "Asia/Jakarta", "Asia/Pontianak": "WIB"
    case "Asia/Makassar": "WITA"
    case "Asia/Jayapura": "WIT"
    case "UTC": "UTC"
    default: moment.offset
    }
  }

  /// The calendar day in this zone at a moment.
  public func day(of moment: Date) -> CalendarDate {
    let seconds = moment.timeIntervalSince1970 + Double(zone.secondsFromGMT(for: moment))
    return CalendarDate(daysSinceEpoch: Int((seconds / 86_400).rounded(.down)))
  }
}
