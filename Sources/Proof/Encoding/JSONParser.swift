/// Why some bytes are not JSON that can be made canonical.
public struct JSONFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// Where in the bytes, from 0.
  public let offset: Int
  public let reason: String

  public var description: String { "\(reason) (byte \(offset))" }
}

/// Reads JSON, refusing what RFC 8785 cannot carry or what readers understand differently:
/// floats, duplicate keys, lone surrogates, ill-formed UTF-8, deep nesting, anything behind the end.
public struct JSONParser {
  /// Objects and arrays inside each other at most.
  public static let deepestNesting = 64

  private let bytes: [UInt8]
  private var index = 0

  /// Parses a whole document.
  ///
  /// - Throws: `JSONFailure` naming the first offence.
  public static func parse(_ bytes: [UInt8]) throws(JSONFailure) -> JSONValue {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw JSONFailure(offset: 0, reason: "the text is not UTF-8")
    }
    var parser = JSONParser(bytes: bytes)
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.index == bytes.count else { throw parser.failure("text follows the document") }
    return value
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  private func failure(_ reason: String) -> JSONFailure {
    JSONFailure(offset: index, reason: reason)
  }

  private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
      index += 1
    }
  }

  private mutating func value(depth: Int) throws(JSONFailure) -> JSONValue {
    skipSpace()
    guard depth < Self.deepestNesting else {
      throw failure("more than \(Self.deepestNesting) levels of nesting")
    }
    switch current {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "-"), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return try integer()
    case nil: throw failure("the document ends too early")
    default: throw failure("no value begins here")
    }
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(JSONFailure) -> JSONValue {
    guard bytes[index...].starts(with: word.utf8) else { throw failure("no value begins here") }
    index += word.utf8.count
    return value
  }

  private mutating func expect(_ byte: UInt8) throws(JSONFailure) {
    skipSpace()
    guard current == byte else {
      throw failure("expected `\(Character(Unicode.Scalar(byte)))`")
    }
    index += 1
  }

  private mutating func object(depth: Int) throws(JSONFailure) -> JSONValue {
    index += 1
    var members: [String: JSONValue] = [:]
    skipSpace()
    if current == UInt8(ascii: "}") {
      index += 1
      return .object(members)
    }
    while true {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw failure("a key is a string") }
      let key = try string()
      // Keys that differ only by normalisation are one key to String, hence refused as well.
      guard members[key] == nil else { throw failure("the key `\(key)` stands twice") }
      try expect(UInt8(ascii: ":"))
      members[key] = try value(depth: depth + 1)
      skipSpace()
      if current == UInt8(ascii: ",") {
        index += 1
        continue
      }
      try expect(UInt8(ascii: "}"))
      return .object(members)
    }
  }

  private mutating func array(depth: Int) throws(JSONFailure) -> JSONValue {
    index += 1
    var items: [JSONValue] = []
    skipSpace()
    if current == UInt8(ascii: "]") {
      index += 1
      return .array(items)
    }
    while true {
      items.append(try value(depth: depth + 1))
      skipSpace()
      if current == UInt8(ascii: ",") {
        index += 1
        continue
      }
      try expect(UInt8(ascii: "]"))
      return .array(items)
    }
  }

  private mutating func integer() throws(JSONFailure) -> JSONValue {
    let start = index
    let isNegative = current == UInt8(ascii: "-")
    if isNegative { index += 1 }
    let digits = index
    while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
    if let byte = current, ".eE".utf8.contains(byte) {
      throw failure("numbers here are whole, without fraction or exponent")
    }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    guard index > digits, bytes[digits] != UInt8(ascii: "0") || index == digits + 1,
      let number = Int(text), text != "-0",
      (-JSONValue.largestInteger...JSONValue.largestInteger).contains(number)
    else {
      throw failure("a whole number within 2^53 belongs here")
    }
    return .integer(number)
  }

  private mutating func string() throws(JSONFailure) -> String {
    index += 1
    var content: [UInt8] = []
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        index += 1
        return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "\\"):
        index += 1
        try escape(into: &content)
      case 0x00..<0x20: throw failure("control characters in strings are escaped")
      default:
        content.append(byte)
        index += 1
      }
    }
    throw failure("the string is not closed")
  }

  private mutating func escape(into content: inout [UInt8]) throws(JSONFailure) {
    guard let byte = current else { throw failure("the string is not closed") }
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "u"):
      var units = [try codeUnit()]
      if UTF16.isLeadSurrogate(units[0]), bytes[index...].starts(with: "\\u".utf8) {
        index += 2
        units.append(try codeUnit())
      }
      guard let text = String(validating: units, as: UTF16.self) else {
        throw failure("a surrogate stands alone")
      }
      content.append(contentsOf: text.utf8)
    default: throw failure("no such escape")
    }
  }

  private mutating func codeUnit() throws(JSONFailure) -> UInt16 {
    guard index + 4 <= bytes.count,
      bytes[index..<index + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let unit = UInt16(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
    else { throw failure("four hexadecimal digits follow \\u") }
    index += 4
    return unit
  }
}
