import Input
import Theme

/// A place in a page of a list, or in one of its rows.
enum ListHole: Int, CaseIterable, Sendable {
  /// The page's own address, and its addresses by the languages' positions.
  case path, path0, path1
  case province, provincePath, regency, year, yearPath
  case count, number, page, pages, earlier, later
  /// HTML that was made of rows before.
  case rows, pageLinks, schemes
  case name, scheme, link, group, expires, isoExpires
  case code, requestedBy, kind, place, dates, isoFrom

  /// What stands in its place while the template is rendered.
  var mark: String {
    let scalar = Unicode.Scalar(Placeholder.first + UInt32(rawValue))
    return scalar.map { String(Character($0)) } ?? ""
  }

  fileprivate init?(_ scalar: Unicode.Scalar) {
    guard Placeholder.isOne(scalar) else { return nil }
    self.init(rawValue: Int(scalar.value - Placeholder.first))
  }
}

/// A page of a list, or a row of one: rendered once with a mark for whatever differs, then filled as
/// often as need be. What the registry says never passes through the template engine.
struct ListTemplate: Sendable {
  private let pieces: [(bytes: [UInt8], hole: ListHole?)]

  init(_ rendered: String) {
    var pieces: [(bytes: [UInt8], hole: ListHole?)] = []
    var bytes: [UInt8] = []
    for scalar in rendered.unicodeScalars {
      if let hole = ListHole(scalar) {
        pieces.append((bytes, hole))
        bytes = []
      } else {
        bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
    pieces.append((bytes, nil))
    self.pieces = pieces
  }

  /// What fills the holes.
  struct Values {
    /// By hole: bytes that are safe in HTML.
    private var bytes: [[UInt8]] = Array(repeating: [], count: ListHole.allCases.count)

    /// Text of anybody's.
    mutating func set(_ hole: ListHole, _ text: some Collection<UInt8>) {
      bytes[hole.rawValue].removeAll(keepingCapacity: true)
      HTML.append(text, to: &bytes[hole.rawValue])
    }

    mutating func set(_ hole: ListHole, _ text: String) { set(hole, text.utf8) }

    /// A day in words.
    mutating func set(_ hole: ListHole, _ day: CalendarDate, in strings: SiteStrings) {
      bytes[hole.rawValue].removeAll(keepingCapacity: true)
      strings.append(day, to: &bytes[hole.rawValue])
    }

    /// HTML of the program's own.
    mutating func set(html hole: ListHole, _ html: [UInt8]) { bytes[hole.rawValue] = html }

    fileprivate subscript(hole: ListHole) -> [UInt8] { bytes[hole.rawValue] }
  }

  func append(_ values: Values, to page: inout [UInt8]) {
    for piece in pieces {
      page.append(contentsOf: piece.bytes)
      if let hole = piece.hole { page.append(contentsOf: values[hole]) }
    }
  }

  func filled(_ values: Values) -> [UInt8] {
    var page: [UInt8] = []
    page.reserveCapacity(
      pieces.reduce(0) { $0 + $1.bytes.count + ($1.hole.map { values[$0].count } ?? 0) })
    append(values, to: &page)
    return page
  }
}
