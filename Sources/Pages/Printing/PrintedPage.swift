import Input

/// A page as a print template drew it, in millimetres, ready to be put on paper.
///
/// Beside SVG, such a template has three attributes of ours, which never reach the paper: `data-fit` and
/// `data-lines` of a `text`, `data-row` of a `g`, and `data-rows` of the whole. See docs/formats.md.
struct PrintedPage {
  /// What a print template must be and is not.
  struct Failure: Error {
    let message: String
    let hint: String
  }

  let width: Double
  let height: Double
  /// How many units of competency there is room for; nil for all of them.
  let rows: Int?
  /// What the root has besides its measures, as written.
  private let attributes: String
  private let content: String

  /// Reads a filled template.
  ///
  /// - Throws: `Failure` where it is no page in millimetres, or an attribute of ours is not as it must be.
  init(_ svg: String) throws(Failure) {
    let whole = svg.unicodeScalars[...]
    guard let start = whole.firstRange(of: "<svg".unicodeScalars),
      let root = SVGTag(whole[start.lowerBound...]),
      let end = whole.ranges(of: "</svg>".unicodeScalars).last
    else {
      throw Failure(
        message: "A print template is an SVG, and here is none", hint: "begin it with <svg")
    }
    guard let width = root["width"].flatMap(Self.millimetres),
      let height = root["height"].flatMap(Self.millimetres), width > 0, height > 0
    else {
      throw Failure(
        message: "A printed page has its width and height in millimetres",
        hint: "write them at the root, as in width=\"210mm\" height=\"297mm\"")
    }
    let box = "0 0 \(PrintParts.text(width)) \(PrintParts.text(height))"
    guard root["viewBox"] == box else {
      throw Failure(
        message: "A unit of a printed page is a millimetre",
        hint: "write viewBox=\"\(box)\" at the root")
    }
    self.width = width
    self.height = height
    rows = root["data-rows"].flatMap { Int($0) }
    if let text = root["data-rows"], rows.map({ $0 > 0 }) != true {
      throw Failure(message: "data-rows is a number from 1 up, not \(text)", hint: "count the rows")
    }
    attributes = root.without(["width", "height", "viewBox", "data-rows"])
    content = try Self.arranged(whole[root.source.endIndex..<end.lowerBound])
  }

  /// The page as a whole SVG document.
  ///
  /// - Parameters:
  ///   - offset: how far everything is moved to the right and down.
  ///   - hasCropMarks: whether the paper is 10 mm larger on each side, with marks to cut by.
  func document(offset: (x: Double, y: Double), hasCropMarks: Bool) -> String {
    let margin = hasCropMarks ? 10.0 : 0
    let sheet = [-margin, -margin, width + 2 * margin, height + 2 * margin].map(PrintParts.text)
    var svg =
      "<svg\(attributes) width=\"\(sheet[2])mm\" height=\"\(sheet[3])mm\""
      + " viewBox=\"\(sheet.joined(separator: " "))\">\n"
    let isMoved = offset.x != 0 || offset.y != 0
    if isMoved {
      svg +=
        "<g transform=\"translate(\(PrintParts.text(offset.x)) \(PrintParts.text(offset.y)))\">"
    }
    svg += content
    if isMoved { svg += "</g>\n" }
    if hasCropMarks {
      let marks = PrintParts.cropMarks(
        x: 0, y: 0, width: width, height: height, distance: 4, length: 5)
      svg += "<path d=\"\(marks)\" fill=\"none\" stroke=\"#000\" stroke-width=\"0.1\"/>\n"
    }
    return svg + "</svg>\n"
  }

  private static func millimetres(_ text: String) -> Double? {
    text.hasSuffix("mm") ? Double(text.dropLast(2)) : nil
  }

  // MARK: Attributes of ours

  /// Does what `data-fit` and `data-row` ask for.
  private static func arranged(_ svg: SVGTag.Text) throws(Failure) -> String {
    var result = "".unicodeScalars
    var rest = svg
    while let start = rest.firstIndex(of: "<"), let tag = SVGTag(rest[start...]) {
      result += rest[..<start]
      rest = rest[tag.source.endIndex...]
      if let row = tag["data-row"] {
        result += try placed(tag, row).unicodeScalars
      } else if tag["data-fit"] != nil {
        let text = rest.prefix { $0 != "<" }
        guard rest[text.endIndex...].starts(with: "</text>".unicodeScalars) else {
          throw Failure(
            message: "A <text> with data-fit holds a text alone",
            hint: "take the elements out of it")
        }
        result += try fitted(tag, String(text)).unicodeScalars
        rest = rest[text.endIndex...]
      } else {
        result += tag.source
      }
    }
    return String(result + rest)
  }

  /// A group moved down by its row, from `data-row="row height"`.
  private static func placed(_ tag: SVGTag, _ row: String) throws(Failure) -> String {
    let numbers = row.split(separator: " ").compactMap { Double($0) }
    guard numbers.count == 2 else {
      throw Failure(
        message: "data-row is the number of a row and the height of all, not \(row)",
        hint: "write it as in data-row=\"{{row}} 9\"")
    }
    let name = tag.name
    return "<\(name) transform=\"translate(0 \(PrintParts.text(numbers[0] * numbers[1])))\""
      + tag.without(["data-row"]) + ">"
  }

  /// A text in the size and the lines in which it fits.
  private static func fitted(_ tag: SVGTag, _ text: String) throws(Failure) -> String {
    func number(_ name: String) throws(Failure) -> Double {
      guard let number = tag[name].flatMap({ Double($0) }) else {
        throw Failure(
          message: "A <text> with data-fit has \(name) as a number in millimetres",
          hint: "write x, y, font-size and data-fit without a unit")
      }
      return number
    }
    let (x, y, size) = (try number("x"), try number("y"), try number("font-size"))
    let fitted = FittedText(
      plain(text), width: try number("data-fit"), size: size,
      maximum: tag["data-lines"].flatMap { Int($0) } ?? 1,
      isMono: tag["font-family"]?.contains("Mono") ?? false)
    let start =
      "<text" + tag.without(["data-fit", "data-lines", "font-size"])
      + " font-size=\"\(PrintParts.text(fitted.size))\">"
    guard fitted.lines.count == 2 else { return start + text }
    // Both lines have their middle where one line of the usual size has it.
    let pitch = fitted.size * 1.2
    let first = y - 0.35 * (size - fitted.size) - pitch / 2
    return start
      + fitted.lines.enumerated().map { index, line in
        "<tspan x=\"\(PrintParts.text(x))\" y=\"\(PrintParts.text(first + Double(index) * pitch))\">"
          + XML.escaped(line) + "</tspan>"
      }.joined(separator: "\n")
  }

  /// What a text says, without its escapes.
  private static func plain(_ text: String) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
      .reduce(text) { text, escape in
        text.unicodeScalars.split(
          separator: escape.0.unicodeScalars, omittingEmptySubsequences: false
        ).map { String($0) }.joined(separator: escape.1)
      }
  }
}
