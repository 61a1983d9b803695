public import Foundation
public import Input

/// The time zone in which the institution counts its days.
public struct SiteTimeZone: Sendable {
  public let name: String
  private let zone: TimeZone

  /// Takes an IANA name; Indonesia's zones work without the system's zone data.
  init?(_ name: String) {
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

  /// The calendar day in this zone at a moment.
  public func day(of moment: Date) -> CalendarDate {
    let seconds = moment.timeIntervalSince1970 + Double(zone.secondsFromGMT(for: moment))
    return CalendarDate(daysSinceEpoch: Int((seconds / 86_400).rounded(.down)))
  }
}
