import Input

/// Pictures of figures, as SVG inside a page.
///
/// Places along a line are in percent and heights in pixels, so that a picture is as wide as the page
/// allows and its letters keep their size. How it looks is up to the style sheet, by classes alone.
struct Chart {
  /// One figure of a picture.
  struct Bar {
    let label: String
    let value: Int
    /// The value in words.
    let shown: String
    /// A class that sets it apart.
    var style = ""

    fileprivate var classes: String { style.isEmpty ? "amount" : "amount \(style)" }
  }

  /// For the ids of the title and the description.
  let id: String
  let title: String

  /// Upright bars beside each other, for times.
  func columns(_ bars: [Bar]) -> String {
    let most = max(1, bars.map(\.value).max() ?? 1)
    let room = 160
    let base = 24 + room
    var parts = ""
    for (position, bar) in bars.enumerated() {
      let height = bar.value == 0 ? 0 : max(2, bar.value * room / most)
      let start = Self.percent(position * 100 + 18, of: bars.count * 100)
      let middle = Self.percent(position * 100 + 50, of: bars.count * 100)
      parts += """
        <rect class="\(bar.classes)" x="\(start)" y="\(base - height)" \
        width="\(Self.percent(64, of: bars.count * 100))" height="\(height)"/>\
        <text class="value" x="\(middle)" y="\(base - height - 7)">\(XML.escaped(bar.shown))</text>\
        <text class="label" x="\(middle)" y="\(base + 18)">\(XML.escaped(bar.label))</text>

        """
    }
    parts += "<line class=\"axis\" x1=\"0\" x2=\"100%\" y1=\"\(base)\" y2=\"\(base)\"/>\n"
    return picture("columns", height: base + 26, bars: bars, parts)
  }

  /// Lying bars below each other, each under its name, for kinds.
  ///
  /// - Parameter whole: what a bar of full length stands for; the largest value if nil.
  func bars(_ bars: [Bar], of whole: Int? = nil) -> String {
    let most = max(1, whole ?? 0, bars.map(\.value).max() ?? 1)
    let row = 46
    var parts = ""
    for (position, bar) in bars.enumerated() {
      let top = position * row
      // A figure that is not nothing shows.
      let length = bar.value == 0 ? 0 : max(bar.value * 10_000 / most, 40)
      parts += """
        <text class="label" x="0" y="\(top + 15)">\(XML.escaped(Self.short(bar.label)))</text>\
        <text class="value" x="100%" y="\(top + 15)">\(XML.escaped(bar.shown))</text>\
        <rect class="track" x="0" y="\(top + 23)" width="100%" height="10"/>\
        <rect class="\(bar.classes)" x="0" y="\(top + 23)" \
        width="\(Self.percent(length, of: 10_000))" height="10"/>

        """
    }
    return picture("bars", height: bars.count * row - 10, bars: bars, parts)
  }

  /// The picture as one thing with a name and, for who does not see it, its figures.
  func picture(_ kind: String, height: Int, bars: [Bar], _ parts: String) -> String {
    let figures = bars.map { "\($0.label): \($0.shown)" }.joined(separator: "; ")
    return """
      <svg class="chart \(kind)" width="100%" height="\(max(height, 1))" role="img" \
      aria-labelledby="\(id)-title" aria-describedby="\(id)-figures">
      <title id="\(id)-title">\(XML.escaped(title))</title>
      <desc id="\(id)-figures">\(XML.escaped(figures))</desc>
      \(parts)</svg>
      """
  }

  /// A share in percent to a hundredth, by whole numbers alone.
  static func percent(_ part: Int, of whole: Int) -> String {
    let hundredths = part * 10_000 / max(1, whole)
    let fraction = String(100 + hundredths % 100).dropFirst()
    return "\(hundredths / 100).\(fraction)%"
  }

  /// Letters in a picture do not break into lines; the table has the whole text.
  private static func short(_ label: String) -> String {
    label.count > 40 ? label.prefix(39) + "…" : label
  }
}
