import Input
import Theme

/// A place in a page of a list, or in one of its rows.
enum ListSlot: Int, CaseIterable, Sendable {
  /// The page's own address, and its addresses by the languages' positions.
  case path, path0, path1
  case province, provincePath, regency, year, yearPath
  case count, number, page, pages, earlier, later
  /// HTML that was made of rows before.
  case rows, pageLinks, schemes
  case name, scheme, link, group, expires, isoExpires
  case code, requestedBy, kind, place, dates, isoFrom

  /// What stands in its place while the template is rendered.
  var placeholder: String {
    let scalar = Unicode.Scalar(Placeholder.first + UInt32(rawValue))
    return scalar.map { String(Character($0)) } ?? ""
  }

  fileprivate init?(_ scalar: Unicode.Scalar) {
    guard Placeholder.isOne(scalar) else { return nil }
    self.init(rawValue: Int(scalar.value - Placeholder.first))
  }
}

/// A page of a list, or a row of one: rendered once with a placeholder for whatever differs, then filled as
/// often as need be. What the registry says never passes through the template engine.
struct ListTemplate: Sendable {
  private let pieces: [(bytes: [UInt8], slot: ListSlot?)]

  init(_ rendered: String) {
    var pieces: [(bytes: [UInt8], slot: ListSlot?)] = []
    var bytes: [UInt8] = []
    for scalar in rendered.unicodeScalars {
      if let slot = ListSlot(scalar) {
        pieces.append((bytes, slot))
        bytes = []
      } else {
        bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
    pieces.append((bytes, nil))
    self.pieces = pieces
  }

  /// What fills the slots.
  struct Values {
    /// By slot: bytes that are safe in HTML.
    private var bytes: [[UInt8]] = Array(repeating: [], count: ListSlot.allCases.count)

    /// Text of anybody's.
    mutating func set(_ slot: ListSlot, _ text: some Collection<UInt8>) {
      bytes[slot.rawValue].removeAll(keepingCapacity: true)
      HTML.append(text, to: &bytes[slot.rawValue])
    }

    mutating func set(_ slot: ListSlot, _ text: String) { set(slot, text.utf8) }

    /// A day in words.
    mutating func set(_ slot: ListSlot, _ day: CalendarDate, in strings: SiteStrings) {
      bytes[slot.rawValue].removeAll(keepingCapacity: true)
      strings.append(day, to: &bytes[slot.rawValue])
    }

    /// HTML of the program's own.
    mutating func set(html slot: ListSlot, _ html: [UInt8]) { bytes[slot.rawValue] = html }

    fileprivate subscript(slot: ListSlot) -> [UInt8] { bytes[slot.rawValue] }
  }

  func append(_ values: Values, to page: inout [UInt8]) {
    for piece in pieces {
      page.append(contentsOf: piece.bytes)
      if let slot = piece.slot { page.append(contentsOf: values[slot]) }
    }
  }

  func filled(_ values: Values) -> [UInt8] {
    var page: [UInt8] = []
    page.reserveCapacity(
      pieces.reduce(0) { $0 + $1.bytes.count + ($1.slot.map { values[$0].count } ?? 0) })
    append(values, to: &page)
    return page
  }
}
