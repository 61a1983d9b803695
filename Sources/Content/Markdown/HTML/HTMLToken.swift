/// A part of HTML that somebody wrote into a text.
enum HTMLToken: Equatable {
  case text(String)
  case start(name: String, attributes: [String: String])
  case end(name: String)
  /// A comment, which no reader is to see.
  case unseen
  /// A declaration or an instruction, by what it begins with.
  case instruction(String)
  /// A comment that does not end.
  case openComment

  /// Tags whose content is no text.
  private static let unread: Set<String> = [
    "script", "style", "noframes", "template", "svg", "math",
  ]

  /// The parts of HTML, each with the byte at which it begins.
  static func parts(of html: String) -> [(token: HTMLToken, offset: Int)] {
    var reader = HTMLPartReader(html)
    return reader.parts(unread: unread)
  }

  /// Whether what stands between such tags is no text.
  static func isUnread(_ name: String) -> Bool { unread.contains(name) }
}

/// Splits HTML into tags and texts. What is no tag is text.
private struct HTMLPartReader {
  private let bytes: [UInt8]
  private var index = 0
  /// What was looked for in vain; it is looked for once, so that broken HTML takes no longer than other HTML.
  private var missing: Set<String> = []

  init(_ html: String) {
    bytes = Array(html.utf8)
  }

  mutating func parts(unread: Set<String>) -> [(HTMLToken, Int)] {
    var parts: [(HTMLToken, Int)] = []
    var written = 0
    func text(to end: Int) {
      if written < end {
        parts.append((.text(String(decoding: bytes[written..<end], as: UTF8.self)), written))
      }
    }
    while index < bytes.count {
      let start = index
      guard bytes[index] == UInt8(ascii: "<"), let token = tag() else {
        index = start + 1
        continue
      }
      text(to: start)
      parts.append((token, start))
      if case .start(let name, _) = token, unread.contains(name) { skip(to: name) }
      written = index
    }
    text(to: bytes.count)
    return parts
  }

  private mutating func tag() -> HTMLToken? {
    if has("<!--") {
      index += 4
      return skip(past: "-->") ? .unseen : .openComment
    }
    if has("<![CDATA[") || has("<!") || has("<?") {
      let end = has("<![CDATA[") ? "]]>" : has("<?") ? "?>" : ">"
      index += 1
      let start = word { !" \t\n<>[]".utf8.contains($0) }
      return skip(past: end) ? .instruction(start) : nil
    }
    index += 1
    let isEnd = take(UInt8(ascii: "/"))
    let name = word { Self.isLetter($0) || Self.isDigit($0) || $0 == UInt8(ascii: "-") }
      .lowercased()
    guard let first = name.utf8.first, Self.isLetter(first) else { return nil }
    var attributes: [String: String] = [:]
    while true {
      space()
      if take(UInt8(ascii: ">")) {
        return isEnd ? .end(name: name) : .start(name: name, attributes: attributes)
      }
      if take(UInt8(ascii: "/")) { continue }
      let attribute = word { !" \t\n/>=\"'<".utf8.contains($0) }.lowercased()
      guard !attribute.isEmpty else { return nil }
      space()
      var value = ""
      if take(UInt8(ascii: "=")) {
        space()
        guard let written = self.value() else { return nil }
        value = CharacterReference.decoded(written)
      }
      if attributes[attribute] == nil { attributes[attribute] = value }
    }
  }

  private mutating func value() -> String? {
    guard index < bytes.count else { return nil }
    let quote = bytes[index]
    guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
      return word { !" \t\n>\"'=<`".utf8.contains($0) }
    }
    index += 1
    let sign = String(UnicodeScalar(quote))
    if missing.contains(sign) { return nil }
    let text = word { $0 != quote }
    if take(quote) { return text }
    missing.insert(sign)
    return nil
  }

  // MARK: Bytes

  private func has(_ text: String) -> Bool { bytes[index...].starts(with: text.utf8) }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  private mutating func space() {
    while index < bytes.count, " \t\n".utf8.contains(bytes[index]) { index += 1 }
  }

  private mutating func word(where isPart: (UInt8) -> Bool) -> String {
    let start = index
    while index < bytes.count, isPart(bytes[index]) { index += 1 }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private mutating func skip(past end: String) -> Bool {
    if missing.contains(end) { return false }
    while index < bytes.count {
      if has(end) {
        index += end.utf8.count
        return true
      }
      index += 1
    }
    missing.insert(end)
    return false
  }

  /// Passes over the content of an element, to its end tag or the end of the text.
  private mutating func skip(to name: String) {
    while index < bytes.count {
      if has("</"),
        String(decoding: bytes[(index + 2)...].prefix(name.utf8.count), as: UTF8.self).lowercased()
          == name
      {
        return
      }
      index += 1
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
