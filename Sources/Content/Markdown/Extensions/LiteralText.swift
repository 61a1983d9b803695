import CCMark

/// The bytes of a text node, and which of them stand in the source as they are, without a backslash or as a
/// reference. What is written `\~` or `&#126;` is meant as a character and never as a sign.
struct LiteralText {
  let bytes: [UInt8]
  /// Nil where all stand as they are.
  private let escaped: [Bool]?

  init(_ node: MarkdownNode, lines: [Substring]) {
    bytes = Array(node.literal.utf8)
    let isWhole =
      node.lines.first > 0 && node.columns.last - node.columns.first + 1 == bytes.count
    // HTML has no backslashes.
    if isWhole || node.isOfKind(.htmlText) {
      escaped = nil
      return
    }
    guard let place = node.ownPlace, place.line <= lines.count else {
      escaped = Array(repeating: true, count: bytes.count)
      return
    }
    let line = Array(lines[place.line - 1].utf8)
    let guardian = Array(MarkdownSource.guardian.utf8)
    let content = line.prefix { " >\t".utf8.contains($0) }.count
    // Where lines of a paragraph are indented differently, libcmark's columns are those of its first line.
    let starts = [
      place.column - 1, content, line.starts(with: guardian) ? guardian.count : content,
    ]
    escaped =
      starts.lazy.compactMap { [bytes] in Self.escapes(bytes, in: line, from: $0) }.first
      ?? Array(repeating: true, count: bytes.count)
  }

  func isLiteral(_ index: Int) -> Bool { escaped.map { !$0[index] } ?? true }

  func isLiteral(_ range: Range<Int>) -> Bool { escaped == nil || range.allSatisfy(isLiteral) }

  /// Goes along the source and the text that was made of it; nil where they differ.
  private static func escapes(_ bytes: [UInt8], in line: [UInt8], from start: Int) -> [Bool]? {
    guard start >= 0 else { return nil }
    var escaped = [Bool](repeating: false, count: bytes.count)
    var (place, index) = (start, 0)
    while index < bytes.count {
      guard place < line.count else { return nil }
      if line[place] == UInt8(ascii: "\\"), place + 1 < line.count, line[place + 1] == bytes[index],
        isPunctuation(line[place + 1])
      {
        escaped[index] = true
        place += 2
        index += 1
      } else if line[place] == UInt8(ascii: "&"),
        let (length, decoded) = CharacterReference.first(in: line[place...]),
        bytes[index...].starts(with: decoded)
      {
        for offset in decoded.indices { escaped[index + offset] = true }
        place += length
        index += decoded.count
      } else if line[place] == bytes[index] {
        place += 1
        index += 1
      } else {
        return nil
      }
    }
    return escaped
  }

  static func isPunctuation(_ byte: UInt8) -> Bool {
    (0x21...0x2F).contains(byte) || (0x3A...0x40).contains(byte) || (0x5B...0x60).contains(byte)
      || (0x7B...0x7E).contains(byte)
  }
}

/// References to characters, such as `&amp;` and `&#8212;`, as libcmark knows them.
enum CharacterReference {
  /// The reference that bytes begin with, how long it is, and what it stands for; nil where it stands for itself.
  static func first(in bytes: ArraySlice<UInt8>) -> (length: Int, decoded: [UInt8])? {
    guard let end = bytes.prefix(34).firstIndex(of: UInt8(ascii: ";")) else { return nil }
    let written = bytes[bytes.startIndex...end]
    let name = written.dropFirst().dropLast()
    guard !name.isEmpty,
      name.allSatisfy({ $0 == UInt8(ascii: "#") || isLetterOrDigit($0) })
    else { return nil }
    let text = String(decoding: written, as: UTF8.self)
    var decoded = ""
    MarkdownTree(unread: text).walk { node in
      if node.type == CMARK_NODE_TEXT { decoded += node.literal }
      return .goInside
    }
    return decoded == text || decoded.isEmpty ? nil : (written.count, Array(decoded.utf8))
  }

  /// A text with every reference as what it stands for.
  static func decoded(_ text: some StringProtocol) -> String {
    guard text.utf8.contains(UInt8(ascii: "&")) else { return String(text) }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "&"), let (length, decoded) = first(in: bytes[index...]) {
        result += decoded
        index += length
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}
