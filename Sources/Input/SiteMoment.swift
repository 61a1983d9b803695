public import Diagnostics

/// A moment, and what the clocks of the site's zone show at it.
public struct SiteMoment: Sendable, Hashable {
  public let day: CalendarDate
  /// Seconds since the day began.
  public let secondOfDay: Int
  /// Minutes that the clocks are ahead of UTC.
  public let minutesAhead: Int

  init(day: CalendarDate, secondOfDay: Int, minutesAhead: Int) {
    self.day = day
    self.secondOfDay = secondOfDay
    self.minutesAhead = minutesAhead
  }

  /// Seconds since 1970-01-01T00:00:00Z.
  public var secondsSinceEpoch: Int {
    day.daysSinceEpoch * 86_400 + secondOfDay - minutesAhead * 60
  }

  /// The distance from UTC, as in `+07:00`.
  public var offset: String {
    (minutesAhead < 0 ? "-" : "+") + Self.two(abs(minutesAhead) / 60) + ":"
      + Self.two(abs(minutesAhead) % 60)
  }

  /// The clocks' hour and minute, as in `09:30`.
  public var clock: String {
    Self.two(secondOfDay / 3600) + ":" + Self.two(secondOfDay / 60 % 60)
  }

  fileprivate static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

extension SiteMoment: Comparable {
  public static func < (left: SiteMoment, right: SiteMoment) -> Bool {
    left.secondsSinceEpoch < right.secondsSinceEpoch
  }
}

extension SiteMoment: CustomStringConvertible {
  /// RFC 3339, as in `2024-10-15T09:30:00+07:00`.
  public var description: String {
    "\(day)T\(clock):\(Self.two(secondOfDay % 60))\(offset)"
  }
}

extension SiteMoment {
  /// Reads a day, which is its beginning in the zone, or a time of a day, with its offset or in
  /// the zone: `2024-10-15`, `2024-10-15 09:30`, `2024-10-15T09:30:00+07:00`.
  public init?(_ text: String, in zone: SiteTimeZone) {
    guard let day = CalendarDate(iso: text.prefix(10)) else { return nil }
    let rest = text.dropFirst(10)
    if rest.isEmpty {
      self = zone.start(of: day)
      return
    }
    // Fractions of a second, and offsets without a colon, are what other programs write.
    let pattern =
      /[Tt ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:[.,]\d{1,9})?)?(?: ?(Z|z|UTC|[+-]\d\d(?::?[0-5]\d)?))?/
    guard let match = rest.wholeMatch(of: pattern) else { return nil }
    func number(_ digits: Substring?) -> Int { digits.flatMap { Int($0) } ?? 0 }
    let second = number(match.1) * 3600 + number(match.2) * 60 + number(match.3)
    guard let offset = match.4 else {
      self = zone.moment(on: day, secondOfDay: second)
      return
    }
    let minutes =
      !(offset.hasPrefix("+") || offset.hasPrefix("-"))
      ? 0
      : (offset.hasPrefix("-") ? -1 : 1)
        * (number(offset.dropFirst().prefix(2)) * 60
          + (offset.count > 3 ? number(offset.suffix(2)) : 0))
    guard abs(minutes) <= 18 * 60 else { return nil }
    self = zone.moment(
      secondsSinceEpoch: day.daysSinceEpoch * 86_400 + second - minutes * 60)
  }

  /// Reads a moment from a YAML value; nil, with a finding, for anything else.
  public init?(yaml: YAMLValue, in zone: SiteTimeZone, findings: inout Findings) {
    guard let text = yaml.string(&findings) else { return nil }
    if let moment = SiteMoment(text, in: zone) {
      self = moment
      return
    }
    findings.add(
      yaml.diagnostic(
        "bad-date",
        message: "A date is written YYYY-MM-DD and exists in the calendar; a time may follow it",
        hint: "as in 2024-10-15, 2024-10-15 09:30 or 2024-10-15T09:30:00+07:00"))
    return nil
  }
}
