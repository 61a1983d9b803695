/// The patterns of damage. Each is made once, since making one takes as long as a hundred matches.
///
/// They match characters one by one, as a browser does: `templates/assets/request/damage.js` has them too.
extension TextDamage {
  private static func scalars(_ pattern: Regex<Substring>) -> Regex<Substring> {
    pattern.matchingSemantics(.unicodeScalar)
  }

  static func isWhole(_ text: String, _ pattern: Regex<Substring>) -> Bool {
    text.wholeMatch(of: pattern) != nil
  }

  static func has(_ text: String, _ pattern: Regex<Substring>) -> Bool {
    text.firstMatch(of: pattern) != nil
  }

  nonisolated(unsafe) static let errorAlone = scalars(
    /#+|#[¡¿]?[\p{L}\/_]{1,20}[0-9\/\p{L}_]{0,12}[!?]?/)
  nonisolated(unsafe) static let errorInside = scalars(
    /#[¡¿]?\p{Lu}[\p{Lu}\/_0-9]{1,20}[!?]|#N\/[A-Z]/)
  nonisolated(unsafe) static let officeError = scalars(
    /err:[0-9]{3}|loading\.{3}/)
  nonisolated(unsafe) static let power = scalars(
    /[+-]?[0-9]+[.,][0-9]+[eE][+-]?[0-9]+|[+-]?[0-9]+[eE]\+[0-9]+/)
  nonisolated(unsafe) static let zeroFraction = scalars(
    /[0-9]+[.,]0+/)
  nonisolated(unsafe) static let textSign = scalars(
    /['’‘`][0-9A-Za-z].*/)
  nonisolated(unsafe) static let thousands = scalars(
    /[0-9]{1,3}(?:,[0-9]{3}){2,}/)
  nonisolated(unsafe) static let entity = scalars(
    /&#[0-9xX]|&[A-Za-z][A-Za-z0-9]{1,30};/)
  nonisolated(unsafe) static let escape = scalars(
    /\\['"\\nrtux]/)
  nonisolated(unsafe) static let code = scalars(
    /%[0-9A-Fa-f]{2}|_x[0-9A-Fa-f]{4}_|=[0-9A-F]{2}/)
  nonisolated(unsafe) static let crosses = scalars(
    /x{2,}/)
  nonisolated(unsafe) static let doubledQuote = scalars(
    /''|""/)
  /// A Greek or Cyrillic letter next to a Latin one; wide letters and digits, mathematical letters, and the
  /// digits of Arabic.
  nonisolated(unsafe) static let lookalike = scalars(
    /[A-Za-z\u{C0}-\u{24F}][\u{370}-\u{52F}]|[\u{370}-\u{52F}][A-Za-z\u{C0}-\u{24F}]|[\u{FF10}-\u{FF19}\u{FF21}-\u{FF3A}\u{FF41}-\u{FF5A}]|[\u{1D400}-\u{1D7FF}]|[\u{660}-\u{669}\u{6F0}-\u{6F9}]/
  )
  /// Greek and Cyrillic, in which a number is not printed.
  nonisolated(unsafe) static let otherAlphabet = scalars(
    /[\u{370}-\u{52F}]/)
  nonisolated(unsafe) static let tag = scalars(
    /<\/?[A-Za-z!][^<>]*>/)

  /// In small letters.
  nonisolated(unsafe) static let dayForm = scalars(
    /[0-9]{4}-[0-9]{2}-[0-9]{2}[ t][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]+)?|[0-9]{1,2}-(?:jan|feb|mar|apr|mei|may|jun|jul|agu|agt|aug|sep|okt|oct|nov|des|dec)(?:-[0-9]{2,4})?|(?:jan|feb|mar|apr|mei|may|jun|jul|agu|agt|aug|sep|okt|oct|nov|des|dec)-[0-9]{2}/
  )

  /// UTF-8 that was taken for Windows-1252, Mac Roman or the character set of a DOS window.
  nonisolated(unsafe) static let wrongEncoding = scalars(
    /[ÂÃÄÅ][\u{A1}-\u{BF}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|[à-ï][\u{A1}-\u{BF}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ðŸ|[a-z][ÂÃ]|Â |ΓÇ|ÔÇ|√[\u{80}-\u{FFFF}]|‚[ÄÅ]|[\u{2500}-\u{257F}]/
  )
}
