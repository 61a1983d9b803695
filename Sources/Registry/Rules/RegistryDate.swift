import Input

/// The ways in which spreadsheets in Indonesia write a day.
enum RegistryDate {
  enum Problem: Error {
    /// Written in none of the known ways.
    case unreadable
    /// Written in a known way, but the calendar has no such day.
    case impossible
    /// The same, and a day of the calendar with day and month changed.
    case monthFirst
    /// A day with a time behind it that is not midnight, or is midnight somewhere else.
    case time
    /// A year of two digits.
    case shortYear
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

  /// Reads `2024-10-15`, `15/10/2024`, `15-10-2024`, `15.10.2024`, `15 Oktober 2024` or `15-Okt-24`,
  /// the last two with Indonesian or English month names, whole or in three letters.
  ///
  /// A time of midnight behind the day, as spreadsheets and databases write it, is passed over.
  static func parse(_ bytes: ArraySlice<UInt8>) throws(Problem) -> CalendarDate {
    if let date = isoDate(bytes) { return date }
    let day = try withoutTime(bytes)
    if let date = isoDate(day) { return date }
    let parts = day.split(omittingEmptySubsequences: false) { separators.contains($0) }
    if parts.count == 1, day.count == 5, Int(digits: day) != nil { throw .serialNumber }
    guard parts.count == 3 else { throw .unreadable }
    let date: (year: Int, month: Int, day: Int)
    if parts[0].count == 4, let year = Int(digits: parts[0]), let month = Int(digits: parts[1]),
      let day = Int(digits: parts[2])
    {
      date = (year, month, day)
    } else if parts[0].count <= 2, let day = Int(digits: parts[0]) {
      let name = monthNumber(parts[1])
      guard let month = Int(digits: parts[1]) ?? name else { throw .unreadable }
      // A spreadsheet's own short form has a name in the middle, so that the year is known by its place.
      if parts[2].count == 2, let year = Int(digits: parts[2]) {
        guard name != nil else { throw .shortYear }
        date = (2000 + year, month, day)
      } else if parts[2].count == 4, let year = Int(digits: parts[2]) {
        date = (year, month, day)
      } else {
        throw .unreadable
      }
    } else {
      throw .unreadable
    }
    if let found = CalendarDate(year: date.year, month: date.month, day: date.day) { return found }
    throw CalendarDate(year: date.year, month: date.day, day: date.month) == nil
      ? .impossible : .monthFirst
  }

  private static let separators = Array("-/. ".utf8)

  /// The day before a time, which is cut off if it is midnight.
  private static func withoutTime(
    _ bytes: ArraySlice<UInt8>
  ) throws(Problem) -> ArraySlice<UInt8> {
    // Two digits and a sign, at least, follow the hour.
    guard bytes.count > 10,
      let cut = separatorT(bytes)
        ?? bytes.firstIndex(of: UInt8(ascii: ":")).flatMap({ colon in
          bytes[..<colon].lastIndex(of: UInt8(ascii: " "))
        }) ?? timeWithDots(bytes)
    else { return bytes }
    let time = bytes[(cut + 1)...]
    let isTime =
      (time.first.map { (48...57).contains($0) } ?? false)
      && time.contains { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }
    guard isTime else { return bytes }
    guard isMidnight(time) else { throw .time }
    return bytes[..<cut]
  }

  /// The `T` between day and time, which stands between digits.
  private static func separatorT(_ bytes: ArraySlice<UInt8>) -> Int? {
    bytes.indices.last { index in
      bytes[index] == UInt8(ascii: "T") && index > bytes.startIndex && index + 1 < bytes.endIndex
        && (48...57).contains(bytes[index - 1]) && (48...57).contains(bytes[index + 1])
    }
  }

  /// The space before a time as in `15/10/2024 00.00`, which Indonesian spreadsheets write.
  private static func timeWithDots(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard let space = bytes.lastIndex(of: UInt8(ascii: " ")) else { return nil }
    let time = bytes[(space + 1)...]
    return time.count >= 4 && time.contains(UInt8(ascii: ".")) ? space : nil
  }

  private static func isMidnight(_ bytes: ArraySlice<UInt8>) -> Bool {
    String(decoding: bytes, as: UTF8.self).wholeMatch(
      of: /0?0[:.]00?([:.]00?([.,]0+)?)?|12[:.]00([:.]00)? ?[aA]\.?[mM]\.?/) != nil
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
