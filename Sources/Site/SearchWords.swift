import Foundation

/// How texts and questions are taken apart into words. `search.js` does the same in the browser, and
/// a test compares the two.
package enum SearchWords {
  /// Longer words are cut, here and there.
  static let longest = 40

  /// The words of a text in its order: letters and digits, without case and accents.
  package static func words(_ text: String) -> [String] {
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
