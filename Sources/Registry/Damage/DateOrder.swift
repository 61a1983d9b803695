import Diagnostics
import Input

/// Finds out whether a whole column has day and month in the wrong places.
///
/// A spreadsheet set to American dates writes 10/15/2024; one that takes 03/02/2024 for the second of March
/// leaves 15/10/2024 a text. In both, some of the dates cannot be told from right ones.
struct DateOrder {
  /// Dates that are days only with the month first.
  private(set) var monthFirst: [(place: Int, problem: RowProblem)] = []
  /// Dates as text that are days only with the day first.
  private var dayFirst = 0
  /// Days of real dates, as far as both places could be a month; nil once one could not.
  private var ambiguous: Set<CalendarDate>? = []
  private var firstPlace: Int?

  /// Takes what a row has written in the column.
  mutating func add(_ bytes: ArraySlice<UInt8>, _ date: CalendarDate?, at place: Int) {
    guard let date else { return }
    // A real date comes with its year first.
    let isText = !bytes.prefix(4).allSatisfy { (48...57).contains($0) }
    if isText {
      if date.day > 12 { dayFirst += 1 }
    } else if date.day > 12 {
      ambiguous = nil
    } else if ambiguous != nil, ambiguous?.count ?? 0 < 64 {
      ambiguous?.insert(date)
      firstPlace = firstPlace ?? place
    }
    if isText, date.day <= 12 { ambiguous = nil }
  }

  /// Takes a date that is none as it is written, and one with day and month changed.
  mutating func add(monthFirst problem: RowProblem, at place: Int) {
    monthFirst.append((place, problem))
  }

  /// What is to be said of the column: one finding, or one for each date that has the month first.
  func problems(of column: Column) -> [(place: Int, problem: RowProblem)] {
    if let first = monthFirst.first, monthFirst.count > 1, dayFirst * 20 <= monthFirst.count {
      return [
        (
          first.place,
          RowProblem(
            column: column, id: "dates-swapped",
            message:
              "This column has the month before the day: \(monthFirst.count) dates are days in no"
              + " other way, so that day and month of the others are swapped too",
            hint: "format the column as 2024-10-15 in the spreadsheet, and export again")
        )
      ]
    }
    var found = monthFirst
    if let days = ambiguous, let place = firstPlace, days.count >= 8, dayFirst >= 3 {
      found.append(
        (
          place,
          RowProblem(
            column: column, id: "dates-swapped",
            message:
              "Day and month are probably swapped in part of this column: every date after the 12th is"
              + " text, and none of the others is after the 12th",
            hint:
              "see how the first of them is printed; then set the spreadsheet to Indonesian dates, and"
              + " import the column anew")
        ))
    }
    return found
  }
}
