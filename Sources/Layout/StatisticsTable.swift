/// The tables of the page of statistics, each published as a file for spreadsheets and one for
/// programs.
package enum StatisticsTable: String, CaseIterable, Sendable {
  case years, capacity, provinces, regencies, schemes, statuses, routes, renewals, exports

  package enum Format: String, CaseIterable, Sendable { case csv, json }

  package func path(_ format: Format) -> OutputPath {
    OutputPath("statistics/\(rawValue).\(format.rawValue)")
  }
}

/// Names of standing pages that the program adds something to.
package enum StandingPage {
  package static let statistics = "statistics"
}
