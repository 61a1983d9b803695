/// The tables of the page of statistics, each published as a file for spreadsheets and one for
/// programs.
package enum StatisticsTable: String, CaseIterable, Sendable {
  case years, capacity, provinces, regencies, schemes, statuses, routes, renewals, exports

  package var files: [OutputPath] {
    ["csv", "json"].map { OutputPath("statistics/\(rawValue).\($0)") }
  }
}

/// Names of standing pages that the program adds something to.
package enum StandingPage {
  package static let statistics = "statistics"
}
