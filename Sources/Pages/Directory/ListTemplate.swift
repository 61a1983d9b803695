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
  var placeholder: String { SlotTemplate<ListSlot>.placeholder(rawValue) }
}

/// A page of a list, or a row of one.
struct ListTemplate: Sendable {
  private let template: SlotTemplate<ListSlot>

  init(_ rendered: String) {
    template = SlotTemplate(rendered, slots: ListSlot.allCases)
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
    template.append(to: &page) { slot, page in page += values[slot] }
  }

  func filled(_ values: Values) -> [UInt8] {
    var page: [UInt8] = []
    page.reserveCapacity(template.slots.reduce(template.size) { $0 + values[$1].count })
    append(values, to: &page)
    return page
  }
}
