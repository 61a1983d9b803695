import Input
import Registry
import Theme

/// Indonesia as a map on which every province is one tile of the same size, about where it lies.
package enum TileMap {
  /// Where tiles are: from the left in tenths of a tile, and rows from the top.
  package static let places: [String: (left: Int, row: Int)] = [
    "AC": (0, 0), "SU": (10, 1), "RI": (20, 1), "KR": (30, 1), "SB": (10, 2), "JA": (20, 2),
    "BE": (20, 3), "SS": (30, 3), "BB": (40, 3), "LA": (30, 4),
    "BT": (30, 5), "JK": (40, 5), "JT": (50, 5), "JI": (60, 5), "JB": (40, 6), "YO": (50, 6),
    "BA": (74, 5), "NB": (84, 5), "NT": (94, 5),
    "KU": (54, 0), "KB": (44, 1), "KI": (54, 1), "KT": (44, 2), "KS": (54, 2),
    "GO": (68, 0), "SA": (78, 0), "ST": (68, 1), "SR": (68, 2), "SG": (78, 2), "SN": (68, 3),
    "MU": (91, 1), "MA": (91, 4),
    "PD": (104, 1), "PB": (104, 2), "PA": (114, 2), "PT": (104, 3), "PE": (114, 3),
    "PS": (114, 4),
  ]
  private static let width = 124
  private static let rowHeight = 47

  /// Where shades begin; shade 0 is for none.
  static let steps = [1, 10, 100, 1000, 10_000]

  static func shade(_ count: Int) -> Int { steps.count { count >= $0 } }

  static func picture(
    _ provinces: [(province: Province, count: Int)], id: String, title: String,
    _ strings: SiteStrings
  ) -> String {
    func bar(_ province: Province, _ count: Int) -> Chart.Bar {
      Chart.Bar(
        label: province.names[strings.language], value: count, shown: strings.format(count))
    }
    let tiles = provinces.sorted { place($0.province) < place($1.province) }.map { each in
      tile(each.province.code, bar(each.province, each.count))
    }
    let rows = (places.values.map(\.row).max() ?? 0) + 1
    return Chart(id: id, title: title).picture(
      "map", height: rows * rowHeight - 4,
      bars: provinces.filter { $0.count > 0 }.map { bar($0.province, $0.count) }, tiles.joined())
  }

  /// From the top, and from the left.
  private static func place(_ province: Province) -> (Int, Int) {
    let place = places[province.code] ?? (0, 0)
    return (place.row, place.left)
  }

  private static func tile(_ code: String, _ bar: Chart.Bar) -> String {
    guard let place = places[code] else { return "" }
    let top = place.row * rowHeight
    let middle = Chart.percent(place.left * 10 + 48, of: width * 10)
    let count =
      bar.value == 0
      ? ""
      : "<text class=\"count\(bar.shown.count > 4 ? " long" : "")\" x=\"\(middle)\""
        + " y=\"\(top + 35)\">\(XML.escaped(bar.shown))</text>"
    return """
      <g class="tile shade-\(shade(bar.value))">\
      <title>\(XML.escaped(bar.label)): \(XML.escaped(bar.shown))</title>\
      <rect x="\(Chart.percent(place.left * 10, of: width * 10))" y="\(top)" \
      width="\(Chart.percent(96, of: width * 10))" height="\(rowHeight - 4)"/>\
      <text class="letters" x="\(middle)" y="\(top + (bar.value == 0 ? 26 : 19))">\(code)</text>\
      \(count)</g>

      """
  }
}
