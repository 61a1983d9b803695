import Proof
import TestSupport
import Testing

@Suite struct CanonicalJSONTests {
  private func encode(_ value: JSONValue) -> String {
    String(decoding: CanonicalJSON.encode(value), as: UTF8.self)
  }

  /// RFC 8785, section 3.2.3: the order of UTF-16 code units, in which an emoji (D83D) comes
  /// before U+FB33 although its code point is larger.
  @Test func sortsKeysByUTF16CodeUnits() throws {
    let keys = ["\u{20AC}", "\r", "\u{FB33}", "1", "\u{1F600}", "\u{80}", "\u{F6}"]
    let object = JSONValue.object(
      Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, .integer($0)) }))
    #expect(
      encode(object)
        == "{\"\\r\":1,\"1\":3,\"\u{80}\":5,\"\u{F6}\":6,\"\u{20AC}\":0,\"\u{1F600}\":4,\"\u{FB33}\":2}"
    )
  }

  @Test func escapesOnlyWhatItMust() {
    let text = "\u{8}\t\n\u{B}\u{C}\r\u{1F}\"\\/\u{7F}\u{2028}é<"
    #expect(
      encode(.string(text))
        == "\"\\b\\t\\n\\u000b\\f\\r\\u001f\\\"\\\\/\u{7F}\u{2028}é<\"")
  }

  @Test func leavesNormalFormsAlone() {
    #expect(CanonicalJSON.encode(.string("e\u{301}")) == Array("\"e\u{301}\"".utf8))
    #expect(CanonicalJSON.encode(.string("\u{E9}")) == Array("\"\u{E9}\"".utf8))
  }

  @Test(arguments: [
    "1.0", "1e3", "-0", "01", "9007199254740992", "-9007199254740992", "+1", "NaN", "nul", "null",
    "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "[1,]", "{\"a\":1,}", "{a:1}", "'a'",
    "\"\\ud800\"",
    "\"\\udc00\\ud800\"", "\"\\u12\"", "\"\\x41\"", "\"a", "\"\n\"", "[1] 2", "", "{\"a\" 1}",
    "[1 2]",
    "\"\\u+123\"",
  ])
  func refuses(text: String) {
    #expect(throws: JSONFailure.self) { try JSONParser.parse(Array(text.utf8)) }
  }

  @Test func refusesWhatIsNotUTF8() {
    #expect(throws: JSONFailure.self) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
    #expect(throws: JSONFailure.self) { try JSONParser.parse([0x22, 0xED, 0xA0, 0x80, 0x22]) }
  }

  @Test func refusesNestingDeeperThan64() throws {
    let deepest = String(repeating: "[", count: 63) + "1" + String(repeating: "]", count: 63)
    #expect(throws: Never.self) { try JSONParser.parse(Array(deepest.utf8)) }
    let deeper = String(repeating: "[", count: 64) + "1" + String(repeating: "]", count: 64)
    #expect(throws: JSONFailure.self) { try JSONParser.parse(Array(deeper.utf8)) }
    let bomb = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
    #expect(throws: JSONFailure.self) { try JSONParser.parse(bomb) }
  }

  @Test func readsEscapesAndSurrogatePairs() throws {
    #expect(
      try JSONParser.parse(Array(#" ["\u00e9\ud83d\ude00\/", true, false, -12] "#.utf8))
        == .array([.string("é😀/"), .boolean(true), .boolean(false), .integer(-12)]))
  }

  @Test func whatIsWrittenIsReadBackTheSame() throws {
    var generator = SeededGenerator(seed: 2024)
    for _ in 0..<2000 {
      let value = randomValue(depth: 0, using: &generator)
      let bytes = CanonicalJSON.encode(value)
      let read = try JSONParser.parse(bytes)
      #expect(CanonicalJSON.encode(read) == bytes)
    }
  }

  @Test func noBytesWhateverCrashTheParser() {
    var generator = SeededGenerator(seed: 1)
    let alphabet = Array("{}[]\",:\\u0aed8-1tfrue lsn\u{E9}".utf8) + [0, 0xFF, 0xC3]
    for _ in 0..<20_000 {
      let length = Int.random(in: 0...40, using: &generator)
      let bytes = (0..<length).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
      if let value = try? JSONParser.parse(bytes) {
        #expect((try? JSONParser.parse(CanonicalJSON.encode(value))) == value)
      }
    }
  }

  private func randomValue(
    depth: Int, using generator: inout SeededGenerator
  ) -> JSONValue {
    switch Int.random(in: 0...(depth > 3 ? 2 : 4), using: &generator) {
    case 0:
      return .integer(
        Int.random(in: -9_007_199_254_740_991...9_007_199_254_740_991, using: &generator))
    case 1: return .boolean(Bool.random(using: &generator))
    case 2: return .string(randomText(using: &generator))
    case 3:
      return .array(
        (0..<Int.random(in: 0...4, using: &generator)).map { _ in
          randomValue(depth: depth + 1, using: &generator)
        })
    default:
      var members: [String: JSONValue] = [:]
      for _ in 0..<Int.random(in: 0...4, using: &generator) {
        members[randomText(using: &generator)] = randomValue(depth: depth + 1, using: &generator)
      }
      return .object(members)
    }
  }

  private func randomText(using generator: inout SeededGenerator) -> String {
    var text = ""
    for _ in 0..<Int.random(in: 0...8, using: &generator) {
      let value = UInt32.random(in: 0...0x2_FFFF, using: &generator)
      if let scalar = Unicode.Scalar(Bool.random(using: &generator) ? value : value & 0x7F) {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
