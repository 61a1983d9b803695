import CExpat

/// A name in an SVG, taken apart; prefixes are resolved, so that none hides anything.
struct SVGName {
  static let svg = "http://www.w3.org/2000/svg"

  let namespace: String
  let local: String

  /// Takes a name as expat gives it: `namespace local`, or the local name alone.
  init(_ name: UnsafePointer<XML_Char>?) {
    let text = name.map { String(cString: $0) } ?? ""
    guard let space = text.lastIndex(of: " ") else {
      (namespace, local) = ("", text)
      return
    }
    namespace = String(text[..<space])
    local = String(text[text.index(after: space)...])
  }
}

/// What a picture may not hold. Capital letters hide nothing, although XML tells them apart.
enum SVGRules {
  struct Problem: Equatable {
    let message: String
    let hint: String

    static let nestedStyle = Problem(
      message: "A <style> element of an SVG holds text alone, and an element stands in this one",
      hint: "remove the element")
  }

  /// Elements that run, embed or load.
  private static let active: Set<String> = [
    "script", "handler", "listener", "foreignobject", "iframe", "frame", "embed", "object",
    "applet",
    "audio", "video", "canvas", "form", "link", "meta", "base",
  ]
  private static let otherLanguages = [
    "http://www.w3.org/1999/xhtml": "HTML", "http://www.w3.org/1998/Math/MathML": "MathML",
    "http://www.w3.org/1999/XSL/Transform": "XSLT",
  ]
  private static let animations: Set<String> = [
    "set", "animate", "animatetransform", "animatemotion", "animatecolor",
  ]
  /// Attributes that name what is shown, loaded or opened.
  private static let references: Set<String> = ["href", "src", "base"]
  private static let data = [
    "image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp", "font/", "application/font-",
    "application/x-font-",
  ]

  static func problem(with element: SVGName) -> Problem? {
    if let language = otherLanguages[element.namespace] {
      return Problem(
        message: "This SVG holds \(language), which browsers run or load",
        hint: "remove the element `\(element.local.prefix(40))`, or save the drawing as plain SVG")
    }
    guard active.contains(element.local.lowercased()) else { return nil }
    return Problem(
      message: "This SVG holds a `\(element.local)` element, which browsers may run or load",
      hint: "remove the element, or save the drawing as plain SVG")
  }

  static func problem(
    with attribute: SVGName, _ value: String, of element: SVGName
  ) -> Problem? {
    let name = attribute.local.lowercased()
    if name.hasPrefix("on") {
      return Problem(
        message: "This SVG runs a script at an event: `\(attribute.local.prefix(40))`",
        hint: "remove the attribute, or save the drawing as plain SVG")
    }
    if name == "attributename", animations.contains(element.local.lowercased()) {
      let target = value.drop { $0 != ":" }.dropFirst()
      let animated = String(target.isEmpty ? value[...] : target).filter { !$0.isWhitespace }
        .lowercased()
      guard references.contains(animated) || animated.hasPrefix("on") else { return nil }
      return Problem(
        message:
          "This SVG animates `\(value.prefix(40))`, which changes where it leads or what it runs",
        hint: "remove the animation")
    }
    if references.contains(name) {
      return isAllowed(value) ? nil : elsewhere(value)
    }
    if name == "ping" { return elsewhere(value) }
    if let scheme = LinkSafety.scheme(of: value), ["javascript", "vbscript"].contains(scheme) {
      return elsewhere(value)
    }
    // Any attribute of SVG may be a property of style sheets.
    guard attribute.namespace.isEmpty else { return nil }
    return problems(withStyles: value).first?.problem
  }

  /// What style sheets or the value of a property load from elsewhere, and how many lines below its start.
  static func problems(withStyles styles: String) -> [(problem: Problem, line: Int)] {
    let text = unescaped(styles)
    var found: [(Problem, Int)] = []
    var line = 0
    for index in text.indices {
      let rest = text[index...]
      switch text[index] {
      case "\n": line += 1
      case "@" where starts(rest, with: "@import"):
        found.append(
          (
            Problem(
              message: "This SVG takes its style sheet from another file: @import",
              hint: "write the styles into the picture"), line
          ))
      case "u", "U":
        guard starts(rest, with: "url(") else { continue }
        let address = word(rest.dropFirst(4).drop { isSpace($0) || $0 == "\"" || $0 == "'" })
        if !isAllowed(address) { found.append((elsewhere(address), line)) }
      // image("…"), image-set("…") and their like name addresses as texts.
      case "\"", "'":
        let address = word(rest.dropFirst())
        if leadsElsewhere(address) { found.append((elsewhere(address), line)) }
      default: continue
      }
    }
    return found
  }

  /// Whether a picture may refer to it: to a part of itself, to this site, or to an embedded picture or font.
  private static func isAllowed(_ address: String) -> Bool {
    if LinkSafety.isOwn(address) { return true }
    guard LinkSafety.scheme(of: address) == "data", let colon = address.firstIndex(of: ":") else {
      return false
    }
    let type = address[address.index(after: colon)...].lowercased()
    return data.contains { type.hasPrefix($0) }
  }

  /// Whether a text is an address elsewhere, and not just a text with a colon.
  private static func leadsElsewhere(_ text: String) -> Bool {
    guard let scheme = LinkSafety.scheme(of: text) else { return !LinkSafety.isOwn(text) }
    return ["http", "https", "ftp", "file", "blob", "data", "javascript", "vbscript"].contains(
      scheme)
      && !isAllowed(text)
  }

  private static func elsewhere(_ address: String) -> Problem {
    Problem(
      message: "This SVG refers to something outside this site: `\(address.prefix(80))`",
      hint: "put what it shows into the picture, or remove the reference")
  }

  // MARK: Style sheets

  /// The text with the escapes of CSS resolved, such as `\75rl` for `url`.
  private static func unescaped(_ styles: String) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    var rest = Substring(styles).unicodeScalars
    while let scalar = rest.popFirst() {
      guard scalar == "\\" else {
        result.append(scalar)
        continue
      }
      let digits = rest.prefix { $0.properties.isASCIIHexDigit }.prefix(6)
      if let value = UInt32(String(digits), radix: 16) {
        rest = rest.dropFirst(digits.count)
        if let next = rest.first, isSpace(next) { rest = rest.dropFirst() }
        result.append(Unicode.Scalar(value) ?? "\u{FFFD}")
      } else if let next = rest.popFirst(), next != "\n" {
        result.append(next)
      }
    }
    return result
  }

  private static func starts(_ text: ArraySlice<Unicode.Scalar>, with word: String) -> Bool {
    text.prefix(word.unicodeScalars.count).elementsEqual(word.unicodeScalars) {
      $0 == $1 || $0.properties.lowercaseMapping == String($1)
    }
  }

  /// What stands before the end of an address.
  private static func word(_ text: some Collection<Unicode.Scalar>) -> String {
    var word = ""
    for scalar in text.prefix(1000) {
      if ["\"", "'", ")"].contains(scalar) { break }
      word.unicodeScalars.append(scalar)
    }
    return word
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    [" ", "\t", "\n", "\r", "\u{C}"].contains(scalar)
  }
}
