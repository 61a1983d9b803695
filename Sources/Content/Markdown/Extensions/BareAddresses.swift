/// Web and e-mail addresses that stand in a text without any sign of a link, by the rules of GitHub's Markdown.
///
/// Two rules are ours, for “https://…” and https://…[^1]: an address ends before a curly quote, any white space and the
/// mark of a note.
struct BareAddresses {
  struct Address {
    let range: Range<Int>
    let destination: String
  }

  private let text: LiteralText
  private let bytes: [UInt8]
  private let atStart: Bool

  /// - Parameter atStart: whether an address may begin at the first byte.
  init(_ text: LiteralText, atStart: Bool) {
    self.text = text
    bytes = text.bytes
    self.atStart = atStart
  }

  static func mayOccur(in text: String) -> Bool {
    text.holds("://") || text.holds("www.") || text.holds("@")
  }

  /// All addresses, in the order of the text.
  func find() -> [Address] {
    var found: [Address] = []
    var index = 0
    while index < bytes.count {
      let address =
        switch bytes[index] {
        case UInt8(ascii: ":"): web(colon: index)
        case UInt8(ascii: "w"): www(from: index)
        case UInt8(ascii: "@"): mail(at: index)
        default: nil as Address?
        }
      if let address, address.range.lowerBound >= found.last?.range.upperBound ?? 0 {
        found.append(address)
        index = address.range.upperBound
      } else {
        index += 1
      }
    }
    return found
  }

  // MARK: Web pages

  private func web(colon: Int) -> Address? {
    guard has("://", at: colon), text.isLiteral(colon..<colon + 3) else { return nil }
    var start = colon
    while start > 0, Self.isLetter(bytes[start - 1]) { start -= 1 }
    let scheme = String(decoding: bytes[start..<colon], as: UTF8.self).lowercased()
    guard ["http", "https"].contains(scheme), start > 0 || atStart, text.isLiteral(start..<colon),
      let host = scalar(at: colon + 3), Self.isOfHosts(host),
      let domain = domainEnd(from: colon + 3, isShort: true)
    else { return nil }
    return address(start, end(from: domain, of: start), prefix: "")
  }

  private func www(from start: Int) -> Address? {
    guard has("www.", at: start), text.isLiteral(start..<start + 4), mayBegin(at: start),
      let domain = domainEnd(from: start, isShort: false)
    else { return nil }
    return address(start, end(from: domain, of: start), prefix: "http://")
  }

  private func address(_ start: Int, _ end: Int, prefix: String) -> Address? {
    guard end > start else { return nil }
    return Address(
      range: start..<end, destination: prefix + String(decoding: bytes[start..<end], as: UTF8.self))
  }

  private func mayBegin(at index: Int) -> Bool {
    guard index > 0 else { return atStart }
    let before = bytes[index - 1]
    return Self.isSpace(before) || "*_~(".utf8.contains(before)
      || before >= 0x80 && !isLetter(before: index)
  }

  /// Whether a letter beyond ASCII ends before an index.
  private func isLetter(before index: Int) -> Bool {
    var start = index - 1
    while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
    return scalar(at: start).map { $0.properties.isAlphabetic } ?? true
  }

  /// Where a domain ends; nil where it is none.
  private func domainEnd(from start: Int, isShort: Bool) -> Int? {
    var (index, dots, lines, linesBefore) = (start + 1, 0, 0, 0)
    while index < bytes.count - 1 {
      let byte = bytes[index]
      if byte == UInt8(ascii: "_") {
        lines += 1
      } else if byte == UInt8(ascii: ".") {
        (linesBefore, lines) = (lines, 0)
        dots += 1
      } else if byte & 0xC0 != 0x80, byte != UInt8(ascii: "-"),
        !(scalar(at: index).map(Self.isOfHosts) ?? false)
      {
        break
      }
      // No host has a longer name, and nobody waits for one that goes on for ever.
      guard index - start < 256 else { return nil }
      index += 1
    }
    guard lines == 0, linesBefore == 0, isShort || dots > 0 else { return nil }
    return min(index, bytes.count)
  }

  /// Where the rest of an address ends: before white space, `<` and signs that belong to the sentence.
  private func end(from domain: Int, of start: Int) -> Int {
    var end = domain
    while end < bytes.count, bytes[end] != UInt8(ascii: "<"), !endsAddress(at: end),
      !has("[^", at: end)
    { end += 1 }
    var surplus = bytes[start..<end].reduce(0) { sum, byte in
      byte == UInt8(ascii: ")") ? sum + 1 : byte == UInt8(ascii: "(") ? sum - 1 : sum
    }
    trimming: while end > start {
      let last = bytes[end - 1]
      if "?!.,:*_~'\"".utf8.contains(last) {
        end -= 1
      } else if last == UInt8(ascii: ";") {
        var name = end - 2
        while name > start, Self.isLetter(bytes[name]) { name -= 1 }
        end = name < end - 2 && bytes[name] == UInt8(ascii: "&") ? name : end - 1
      } else if last == UInt8(ascii: ")") {
        guard surplus > 0 else { break trimming }
        surplus -= 1
        end -= 1
      } else {
        break trimming
      }
    }
    return end
  }

  private func endsAddress(at index: Int) -> Bool {
    if bytes[index] < 0x80 { return Self.isSpace(bytes[index]) }
    guard bytes[index] & 0xC0 != 0x80, let scalar = scalar(at: index) else { return false }
    switch scalar.properties.generalCategory {
    case .initialPunctuation, .finalPunctuation, .openPunctuation, .spaceSeparator, .lineSeparator,
      .paragraphSeparator, .control:
      return true
    default: return scalar == "…"
    }
  }

  // MARK: E-mail

  private func mail(at sign: Int) -> Address? {
    guard text.isLiteral(sign) else { return nil }
    var start = sign
    while start > 0,
      Self.isLetterOrDigit(bytes[start - 1]) || ".+-_".utf8.contains(bytes[start - 1])
    {
      start -= 1
    }
    guard start < sign, start == 0 || bytes[start - 1] != UInt8(ascii: "/") else { return nil }
    var (end, dots) = (sign + 1, 0)
    while end < bytes.count {
      let byte = bytes[end]
      if byte == UInt8(ascii: "@") { return nil }
      if byte == UInt8(ascii: "."), end + 1 < bytes.count, Self.isLetterOrDigit(bytes[end + 1]) {
        dots += 1
      } else if !Self.isLetterOrDigit(byte), byte != UInt8(ascii: "-"), byte != UInt8(ascii: "_") {
        break
      }
      end += 1
    }
    guard dots > 0, end > sign + 2, Self.isLetter(bytes[end - 1]) else { return nil }
    return address(start, end, prefix: "mailto:")
  }

  // MARK: Bytes

  private func has(_ text: String, at index: Int) -> Bool {
    bytes[index...].starts(with: text.utf8)
  }

  private func scalar(at index: Int) -> Unicode.Scalar? {
    String(decoding: bytes[index..<min(index + 4, bytes.count)], as: UTF8.self).unicodeScalars.first
  }

  private static func isOfHosts(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return isLetterOrDigit(UInt8(scalar.value)) }
    return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      || scalar.properties.generalCategory == .nonspacingMark
      || scalar.properties.generalCategory == .spacingMark
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    isLetter(byte) || (0x30...0x39).contains(byte)
  }
}
