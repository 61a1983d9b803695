import Input
import Testing

@Suite struct UTF16OrderTests {
  @Test func isTheOrderOfTheCodeUnitsThemselves() {
    // Both sides of every length of UTF-8, and of the surrogates.
    let scalars: [Unicode.Scalar] = [
      "\u{0}", "a", "b", "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{D7FF}", "\u{E000}",
      "\u{FFFD}",
      "\u{FFFF}", "\u{10000}", "\u{103FF}", "\u{10400}", "\u{10FFFF}",
    ]
    let texts = (0..<300).map { _ in
      var text = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0...3) { text.append(scalars.randomElement() ?? "a") }
      return String(text)
    }
    for one in texts {
      for other in texts {
        let expected = one.utf16.lexicographicallyPrecedes(other.utf16)
        #expect(one.precedesInUTF16(other) == expected, "\(one.utf16) \(other.utf16)")
      }
    }
  }
}
