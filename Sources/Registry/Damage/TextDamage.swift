import Diagnostics

/// A trace that a spreadsheet, a database or a wrong encoding left in a value.
///
/// The page `/request/` looks for the same in lists of candidates (`templates/assets/request/damage.js`).
struct TextDamage: Equatable {
  /// What a column holds, which decides what counts as damage in it.
  enum Kind {
    /// The name of a person.
    case name
    /// A regency, a province, a group, a place of assessment.
    case place
    /// A certificate number and the like: what is compared letter by letter.
    case identifier
    /// One of a few known words.
    case word
    /// Free text for the office.
    case note
  }

  let id: DiagnosticID
  /// A warning where it may be what is printed.
  var severity = Severity.error
  /// What is wrong, as a sentence without its full stop.
  let message: String
  let hint: String

  /// The first trace in a value in normal form; nil where there is none.
  static func find(in bytes: ArraySlice<UInt8>, as kind: Kind) -> TextDamage? {
    guard !bytes.isEmpty, isSuspicious(bytes, as: kind) else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    return errorValue(text) ?? wordForNothing(text, as: kind) ?? longText(text, as: kind)
      ?? (kind == .identifier ? changedNumber(text) : nil) ?? brokenText(text, as: kind)
      ?? replacementCharacter(text)
  }

  /// A dash alone, or a few of them, which offices write where there is nothing.
  static func isDash(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let first = bytes.first, first == UInt8(ascii: "-") || first >= 0x80, bytes.count <= 36
    else { return false }
    let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
    return scalars.count <= 9
      && scalars.allSatisfy { $0.properties.generalCategory == .dashPunctuation }
  }

  // MARK: A first look, since nearly every value is whole

  private static func isSuspicious(_ bytes: ArraySlice<UInt8>, as kind: Kind) -> Bool {
    if bytes.count > longestIdentifier || isWord(bytes) { return true }
    var digits = 0
    var last: UInt8 = 0
    for byte in bytes {
      if marks[Int(byte)] || byte == last && quotes[Int(byte)] { return true }
      if byte &- UInt8(ascii: "0") < 10 { digits += 1 }
      last = byte
    }
    if kind == .name { return !bytes.contains { ($0 | 0x20) &- 0x61 < 26 } }
    guard kind == .identifier else { return false }
    return bytes.first == UInt8(ascii: "'") || bytes.first == UInt8(ascii: "`")
      || digits == bytes.count && digits > 15
      || mayBeChanged(bytes, digits: digits)
  }

  /// Whether a number may have `.0`, an exponent or thousands in groups, or may be a day.
  private static func mayBeChanged(_ bytes: ArraySlice<UInt8>, digits: Int) -> Bool {
    guard digits > 0, let first = bytes.first else { return false }
    if signs[Int(first)] {
      return bytes.allSatisfy { signs[Int($0)] }
        && bytes.contains { $0 == 0x2E || $0 == 0x2C || $0 == 0x3A || $0 == 0x2B }
        || isMonth(bytes.dropFirst(bytes.dropFirst().first == UInt8(ascii: "-") ? 2 : 3))
    }
    return isMonth(bytes)
  }

  /// Whether three letters and a dash, or the end, stand here, as in `15-Okt-24` and `Jan-23`.
  private static func isMonth(_ bytes: ArraySlice<UInt8>) -> Bool {
    let letters = bytes.prefix(3)
    return letters.count == 3 && letters.allSatisfy { ($0 | 0x20) &- 0x61 < 26 }
      && (bytes.count == 3 || bytes[bytes.startIndex + 3] == UInt8(ascii: "-"))
  }

  private static let signs = table("0123456789.,eE+-: Tt".utf8)

  private static func table(_ bytes: some Sequence<UInt8>) -> [Bool] {
    var table = [Bool](repeating: false, count: 256)
    for byte in bytes { table[Int(byte)] = true }
    return table
  }

  private static let marks = table(Array("#&<\\?%_=".utf8) + Array(0x80...0xFF))
  private static let quotes = table("'\"".utf8)

  /// Whether a value may be a word of an error or for nothing, whatever its capitals.
  private static func isWord(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count <= 16, let first = bytes.first else { return false }
    let start = small(first)
    if start == UInt8(ascii: "x") { return bytes.allSatisfy { small($0) == start } }
    if start == UInt8(ascii: "e"), bytes.starts(with: "Err:".utf8, by: { small($0) == small($1) }) {
      return true
    }
    return wordsByStart[start]?.contains {
      $0.count == bytes.count && zip($0, bytes).allSatisfy { $0 == small($1) }
    } ?? false
  }

  private static func small(_ byte: UInt8) -> UInt8 {
    (65...90).contains(byte) ? byte | 0x20 : byte
  }

  private static let wordsByStart = Dictionary(
    grouping: (Array(wordsForNothing) + Array(booleans) + ["loading..."]).map { Array($0.utf8) },
    by: { $0[0] })

  // MARK: Words of errors and of nothing

  /// Whatever language a spreadsheet speaks, its errors are a `#`, capital letters, and often `!` or `?`.
  private static func errorValue(_ text: String) -> TextDamage? {
    guard
      isWhole(text, errorAlone)
        || has(text, errorInside)
        || isWhole(asciiLowercased(text), officeError)
    else { return nil }
    return TextDamage(
      id: "spreadsheet-error-value",
      message:
        "`\(text)` is what a spreadsheet shows where a formula failed or a column is too narrow",
      hint: "correct the cell in the spreadsheet, and export again")
  }

  private static let wordsForNothing: Set<String> = [
    "null", "(null)", "<null>", "[null]", "\\n", "nil", "nan", "none", "undefined", "n/a", "n.a.",
    "n.a", "nat", "<na>", "<nan>", "<none>", "empty", "(empty)", "(kosong)", "kosong", "(blank)",
    "blank", "missing", "(none)", "tidak ada", "tidak diketahui", "belum ada", "unknown",
    "tba", "tbd", "nihil", "idem", "sda", "s.d.a.", "test", "testing", "dummy", "asdf",
  ]
  /// Some lists say yes and no in these words.
  private static let booleans: Set<String> = ["true", "false", "wahr", "falsch"]

  private static func wordForNothing(_ text: String, as kind: Kind) -> TextDamage? {
    let word = asciiLowercased(text)
    guard kind != .note,
      wordsForNothing.contains(word)
        || kind != .word && (booleans.contains(word) || isWhole(word, crosses)),
      kind != .name || !["Nan", "Nat", "Nil"].contains(text)
    else { return nil }
    return TextDamage(
      id: "word-for-nothing",
      message: "`\(text)` is a word for nothing, and would be printed as it is",
      hint: "write what belongs there, or empty the field")
  }

  private static let longestIdentifier = 100
  private static let longestText = 200

  private static func longText(_ text: String, as kind: Kind) -> TextDamage? {
    let limit: Int
    switch kind {
    case .name, .place: limit = longestText
    case .identifier: limit = longestIdentifier
    case .word, .note: return nil
    }
    let count = text.unicodeScalars.count
    guard count > limit else { return nil }
    return TextDamage(
      id: "long-text",
      message: "No name or number has more than \(limit) characters, and this has \(count)",
      hint: "see whether other cells have come into this one")
  }

  // MARK: Numbers that a spreadsheet changed

  private static func changedNumber(_ text: String) -> TextDamage? {
    if isWhole(text, power) { return rounded }
    if losesDigits(text) {
      // Every thousandth number of sixteen to eighteen digits may end so.
      var found = rounded
      if text.utf8.count < 19 { found.severity = .warning }
      return found
    }
    func changed(_ what: String, _ hint: String) -> TextDamage {
      TextDamage(id: "number-changed", message: "A spreadsheet or a database \(what)", hint: hint)
    }
    if isWhole(text, zeroFraction) {
      return changed("put `.0` behind this number", "take it away, and format the column as text")
    }
    if isWhole(text, textSign) {
      return changed(
        "left its sign for text, an apostrophe, before this number", "take the apostrophe away")
    }
    if isWhole(text, thousands) {
      return changed("grouped the digits of this number", "write it as printed")
    }
    return isWhole(asciiLowercased(text), dayForm) ? day : nil
  }

  static let day = TextDamage(
    id: "number-changed", message: "A spreadsheet or a database made a day of this value",
    hint: "write it as it was, and format the column as text")

  static let rounded = TextDamage(
    id: "rounded-number",
    message: "A spreadsheet kept fifteen digits of this number and lost the rest",
    hint: "format the column as text in the spreadsheet, enter the number again, and export")

  /// Whether a long number has nothing but zeros where a spreadsheet has no digits left.
  private static func losesDigits(_ text: String) -> Bool {
    let digits = Array(text.utf8)
    guard digits.count > 15, digits.allSatisfy({ (48...57).contains($0) }) else { return false }
    let zeros = digits.reversed().prefix { $0 == 48 }.count
    return zeros >= 3 && zeros >= digits.count - 15
  }

  // MARK: Texts that went through the wrong encoding or through HTML

  private static func brokenText(_ text: String, as kind: Kind) -> TextDamage? {
    guard kind != .word, kind != .note else { return nil }
    func broken(_ how: String, _ severity: Severity = .error) -> TextDamage {
      TextDamage(
        id: "damaged-text", severity: severity, message: "This text \(how)",
        hint: "write it as it is printed")
    }
    if has(text, entity) {
      return broken("has characters in it as HTML writes them")
    }
    // Some institutions number with backslashes.
    if kind != .identifier, has(text, escape) {
      return broken("has a backslash before a character, as a database or a program writes it")
    }
    if has(text, code) {
      return broken("has characters in it that are written as their numbers")
    }
    if has(text, wrongEncoding) {
      return broken("was read in the wrong encoding: letters became pairs of signs")
    }
    if has(text, lookalike) || kind == .identifier && has(text, otherAlphabet) {
      return broken("has letters or digits in it that look like others and are not the same")
    }
    if has(text, tag) { return broken("has a tag of HTML in it", .warning) }
    // One that begins as a formula is told that.
    if kind == .name, !"=+-@".contains(text.first ?? "="),
      !text.unicodeScalars.contains(where: \.properties.isAlphabetic)
    {
      return broken("has no letter in it, which no name is without")
    }
    if kind == .identifier { return nil }
    if has(text, doubledQuote) {
      return broken("has a quote twice, as a database or a table writes one", .warning)
    }
    if text.unicodeScalars.contains("\\") { return broken("has a backslash in it", .warning) }
    if text.unicodeScalars.contains("?") {
      return broken(
        "has a question mark in it, which often stands for a letter that was lost", .warning)
    }
    return nil
  }

  private static func replacementCharacter(_ text: String) -> TextDamage? {
    guard text.unicodeScalars.contains("\u{FFFD}") else { return nil }
    return TextDamage(
      id: "damaged-text", message: "A letter of this text was lost, and a � stands for it",
      hint: "write it as it is printed")
  }
}

extension Column {
  /// What the column holds. Days have rules of their own; words of errors stand among them too.
  var damageKind: TextDamage.Kind {
    switch self {
    case .number, .registration, .supersededBy, .batch, .assessor: .identifier
    case .holder: .name
    case .regency, .province: .place
    case .scheme, .status, .listed, .revision, .issued, .expires, .statusDate: .word
    case .statusReason: .note
    }
  }
}
