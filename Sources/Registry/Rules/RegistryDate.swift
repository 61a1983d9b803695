import Input

/// The ways in which spreadsheets in Indonesia write a day.
enum RegistryDate {
  enum Problem: Error {
    /// Written in none of the known ways.
    case unreadable
    /// Written in a known way, but the calendar has no such day.
    case impossible
    /// A number such as 45580: the spreadsheet's own count of days.
    case serialNumber
  }

  /// The form that nearly every row has; nil for any other.
  private static func isoDate(_ bytes: ArraySlice<UInt8>) -> CalendarDate? {
    guard bytes.count == 10 else { return nil }
    let start = bytes.startIndex
    guard bytes[start + 4] == UInt8(ascii: "-"), bytes[start + 7] == UInt8(ascii: "-"),
      let year = Int(digits: bytes[start..<start + 4]),
      let month = Int(digits: bytes[start + 5..<start + 7]),
      let day = Int(digits: bytes[start + 8..<start + 10])
    else { return nil }
    return CalendarDate(year: year, month: month, day: day)
  }

  /// Reads `2024-10-15`, `15/10/2024`, `15-10-2024`, `15.10.2024` or `15 Oktober 2024`,
  /// the last with Indonesian or English month names, whole or in three letters.
  ///
  /// A time of midnight behind the day, as database exports write it, is passed over.
  static func parse(_ bytes: ArraySlice<UInt8>) throws(Problem) -> CalendarDate {
    if let date = isoDate(bytes) { return date }
    var parts = bytes.split(maxSplits: 4, omittingEmptySubsequences: false) {
      $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ".")
        || $0 == UInt8(ascii: " ")
    }
    if parts.count == 4, isMidnight(parts[3]) { parts.removeLast() }
    if parts.count == 1, bytes.count == 5, Int(digits: bytes) != nil {
      throw .serialNumber
    }
    guard parts.count == 3 else { throw .unreadable }
    let date: CalendarDate?
    if parts[0].count == 4, let year = Int(digits: parts[0]), let month = Int(digits: parts[1]),
      let day = Int(digits: parts[2])
    {
      date = CalendarDate(year: year, month: month, day: day)
    } else if parts[2].count == 4, let year = Int(digits: parts[2]), parts[0].count <= 2,
      let day = Int(digits: parts[0]), let month = Int(digits: parts[1]) ?? monthNumber(parts[1])
    {
      date = CalendarDate(year: year, month: month, day: day)
    } else {
      throw .unreadable
    }
    guard let date else { throw .impossible }
    return date
  }

  private static func isMidnight(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.elementsEqual("00:00:00".utf8) || bytes.elementsEqual("00:00".utf8)
  }

  private static func monthNumber(_ bytes: ArraySlice<UInt8>) -> Int? {
    monthNumbers[String(decoding: bytes, as: UTF8.self).lowercased()]
  }

  private static let monthNumbers: [String: Int] = {
    let names = [
      ["januari", "january", "jan"], ["februari", "february", "feb", "pebruari"],
      ["maret", "march", "mar"], ["april", "apr"], ["mei", "may"], ["juni", "june", "jun"],
      ["juli", "july", "jul"], ["agustus", "august", "agu", "agt", "aug", "ags"],
      ["september", "sep", "sept"], ["oktober", "october", "okt", "oct"],
      ["november", "nov", "nopember", "nop"], ["desember", "december", "des", "dec"],
    ]
    var numbers: [String: Int] = [:]
    for (index, spellings) in names.enumerated() {
      for name in spellings { numbers[name] = index + 1 }
    }
    return numbers
  }()
}
