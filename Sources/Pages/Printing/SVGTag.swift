/// A tag of an SVG, as it is written.
///
/// It is read by scalars: a mark behind a bracket or a quote makes them no other character for XML.
struct SVGTag {
  typealias Text = Substring.UnicodeScalarView

  /// With its angle brackets.
  let source: Text
  /// As in `text`; `/text` where the tag ends an element.
  let name: String
  private let attributes: [(name: String, value: String, source: String)]

  /// Reads the tag that a text begins with; nil where it never ends.
  init?(_ text: Text) {
    var rest = text.dropFirst()
    let isComment = rest.starts(with: "!--".unicodeScalars)
    let name = rest.prefix { !Self.isSpace($0) && $0 != ">" }
    var attributes: [(name: String, value: String, source: String)] = []
    rest = rest[name.endIndex...]
    while !isComment {
      let start = rest.startIndex
      let attribute = rest.drop(while: Self.isSpace)
      let key = attribute.prefix { !Self.isSpace($0) && $0 != "=" && $0 != ">" && $0 != "/" }
      guard !key.isEmpty else { break }
      let value = attribute[key.endIndex...].drop { Self.isSpace($0) || $0 == "=" }
      guard let quote = value.first, quote == "\"" || quote == "'",
        let close = value.dropFirst().firstIndex(of: quote)
      else { return nil }
      rest = value[close...].dropFirst()
      attributes.append(
        (
          String(key), String(value[..<close].dropFirst()),
          String(text[start..<rest.startIndex])
        ))
    }
    // What is no element (a comment, a declaration) is passed over whole.
    guard let close = rest.firstRange(of: (isComment ? "-->" : ">").unicodeScalars) else {
      return nil
    }
    self.name = String(name)
    self.attributes = attributes
    source = text[..<close.upperBound]
  }

  subscript(name: String) -> String? {
    attributes.first { $0.name == name }?.value
  }

  /// The other attributes, as written, each with the space before it.
  func without(_ names: Set<String>) -> String {
    attributes.filter { !names.contains($0.name) }.map(\.source).joined()
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\n" || scalar == "\t" || scalar == "\r"
  }
}
