import Input
import Project
import Registry

/// What the registry adds up to on the day of the build, and what it is held against.
///
/// Tables have one dimension each, but for regencies in their provinces. A table of two, as schemes by
/// regency, would show groups of one.
struct Statistics: Sendable {
  let day: CalendarDate
  let total: Int
  let valid: Int
  /// From the first to the last with certificates.
  let years: [(year: Int, count: Int)]
  /// First issues of the current year.
  let thisYear: Int
  /// Every province, those with most certificates first.
  let provinces: [(province: Province, count: Int)]
  let otherProvinces: ShieldedCounts<PlaceName>
  let withoutProvince: Int
  /// Of the provinces that have any, in the same order.
  let regencies: [(province: Province, counts: ShieldedCounts<PlaceName?>)]
  /// In the order of the project's schemes.
  let schemes: [(scheme: Scheme, title: LocalizedText, count: Int, valid: Int)]
  /// In the order of `SiteStrings.verdicts`.
  let statusCounts: [Int]
  /// Requested by agencies, by groups, by nobody.
  let routes: (agency: Int, group: Int, individual: Int)
  /// Certificates that hold, by the month of their last day, for twelve months from the current one.
  let renewals: [(month: Int, count: Int)]
  let capacity: StatedNumber?
  let exchangeRate: StatedNumber?
  let exports: [TradeExport]

  init(_ project: Project) {
    let registry = project.registry
    let census = registry.figures.census
    day = registry.day
    total = census.count { _ in true }
    valid = census.count(where: \.holds)
    years = Self.years(census)
    thisYear = census.count { [day] in $0.year == day.year && !$0.isReissue }
    let byLocality = census.counts(by: { $0.locality })
    var byProvince: [Province: Int] = [:]
    var unstated = 0
    for (locality, name) in census.provinceNames.enumerated() {
      switch name {
      case .known(let province): byProvince[province, default: 0] += byLocality[locality] ?? 0
      case .other: break
      case nil: unstated += byLocality[locality] ?? 0
      }
    }
    withoutProvince = unstated
    provinces = Province.all.enumerated().map { ($0, $1, byProvince[$1] ?? 0) }
      .sorted { (-$0.2, $0.0) < (-$1.2, $1.0) }.map { ($0.1, $0.2) }
    otherProvinces = census.otherProvinces
    regencies = provinces.filter { $0.count > 0 }.map { ($0.province, census.regencies(of: $0.0)) }
    let byScheme = census.counts(by: { $0.scheme })
    let validByScheme = census.counts(by: { $0.scheme }, where: \.holds)
    schemes = registry.schemes.enumerated().map { position, scheme in
      (
        scheme, registry.latestEdition(of: scheme).value.title, byScheme[position] ?? 0,
        validByScheme[position] ?? 0
      )
    }
    statusCounts = [
      valid, census.count { $0.status == .valid && $0.isOver },
      census.count { $0.status == .suspended }, census.count { $0.status == .revoked },
      census.count { $0.status == .superseded },
    ]
    func requested(by kind: Batch.Kind) -> Int {
      census.count { $0.batch.map { registry.batches[$0].kind == kind } ?? false }
    }
    routes = (
      requested(by: .agency), requested(by: .group), census.count { $0.batch == nil }
    )
    let byMonth = census.counts(by: { $0.lastMonth })
    let month = Census.month(of: day)
    renewals = (month..<month + Census.monthsAhead).map { ($0, byMonth[$0] ?? 0) }
    capacity = project.configuration.capacity
    exchangeRate = project.configuration.exchangeRate
    exports = project.exports
  }

  /// Years without a certificate are in between, unless they are many.
  private static func years(_ census: Census) -> [(year: Int, count: Int)] {
    let counts = census.counts(by: { $0.year })
    guard let first = counts.keys.min(), let last = counts.keys.max() else { return [] }
    let years = last - first < 40 ? Array(first...last) : counts.keys.sorted()
    return years.map { ($0, counts[$0] ?? 0) }
  }
}
