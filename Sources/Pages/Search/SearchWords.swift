import Foundation

/// How texts and questions are taken apart into words. `search.js` does the same in the browser, and
/// a test compares the two.
package enum SearchWords {
  /// Longer words are cut, here and there.
  static let longest = 40

  /// The words of a text in its order: letters and digits, without case and accents.
  package static func words(_ text: String) -> [String] {
    // What stands between two of these bytes has nothing to do with what stands beyond them.
    text.utf8.split { $0 < 0x80 && !isLetterOrDigit($0) }.flatMap { part in
      part.allSatisfy { $0 < 0x80 }
        ? [plainWord(part)] : words(ofAnyLetters: String(Substring(part)))
    }
  }

  /// A word that has neither accents nor letters of other alphabets.
  private static func plainWord(_ word: Substring.UTF8View) -> String {
    // Small letters and digits have this bit, capital letters have not.
    String(decoding: word.prefix(longest).map { $0 | 0x20 }, as: UTF8.self)
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }

  /// The same letter by letter, which takes longer.
  package static func words(ofAnyLetters text: String) -> [String] {
    var words: [String] = []
    var word = String.UnicodeScalarView()
    func take() {
      if !word.isEmpty { words.append(String(String.UnicodeScalarView(word.prefix(longest)))) }
      word = String.UnicodeScalarView()
    }
    for scalar in text.decomposedStringWithCompatibilityMapping.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .spacingMark, .enclosingMark: continue
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
        .decimalNumber, .letterNumber, .otherNumber:
        // One letter may have two small ones, or one with a mark of its own.
        for small in scalar.properties.lowercaseMapping.unicodeScalars
        where small.properties.generalCategory != .nonspacingMark {
          word.append(small)
        }
      default: take()
      }
    }
    take()
    return words
  }
}
