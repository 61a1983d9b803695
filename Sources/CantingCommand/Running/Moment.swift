import ArgumentParser
import Foundation
import Input

/// A point in time that the user names: a day, or a moment of one.
enum Moment: ExpressibleByArgument {
  case day(CalendarDate)
  case moment(Date)

  init?(argument: String) {
    if let day = CalendarDate(iso: argument) {
      self = .day(day)
    } else if let date = ISO8601DateFormatter().date(from: argument) {
      self = .moment(date)
    } else {
      return nil
    }
  }

  /// The moment as the zone's clocks show it; a day is its beginning.
  func moment(in zone: SiteTimeZone) -> SiteMoment {
    switch self {
    case .day(let day): zone.start(of: day)
    case .moment(let date):
      zone.moment(secondsSinceEpoch: Int(date.timeIntervalSince1970.rounded(.down)))
    }
  }

  func day(in zone: SiteTimeZone) -> CalendarDate { moment(in: zone).day }
}
