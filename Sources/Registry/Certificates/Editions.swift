public import Input

/// Something that changes over the years: each edition holds from a day until the next one.
public struct Editions<Value: Sendable>: Sendable {
  public struct Edition: Sendable {
    /// First day on which the edition is in force.
    public let from: CalendarDate
    public let value: Value

    public init(from: CalendarDate, value: Value) {
      self.from = from
      self.value = value
    }
  }

  /// In the order of their days; never empty.
  public let all: [Edition]

  /// Nil when there is no edition or two begin on the same day.
  public init?(_ editions: [Edition]) {
    let sorted = editions.sorted { $0.from < $1.from }
    guard !sorted.isEmpty, zip(sorted, sorted.dropFirst()).allSatisfy({ $0.from < $1.from }) else {
      return nil
    }
    all = sorted
  }

  /// Position in `all` of the edition in force on a day; nil for days before the first.
  public func position(on day: CalendarDate) -> Int? {
    all.lastIndex { $0.from <= day }
  }

  /// The edition in force on a day, or the first for days before it.
  public func inForce(on day: CalendarDate) -> Value {
    all[position(on: day) ?? 0].value
  }
}
