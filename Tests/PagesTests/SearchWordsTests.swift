import Pages
import Testing

@Suite struct SearchWordsTests {
  @Test(arguments: [
    ("Hari Batik Nasional", ["hari", "batik", "nasional"]),
    ("Élévation, l’ÉTÉ – œuvre", ["elevation", "l", "ete", "œuvre"]),
    ("C.13BTK01.001.2 (2026)", ["c", "13btk01", "001", "2", "2026"]),
    ("ﬁle ½ Ⅳ", ["file", "1", "2", "iv"]), ("İstanbul STRASSE ß", ["istanbul", "strasse", "ß"]),
    ("e\u{301}\u{301}x", ["ex"]), ("バティック 職人", ["ハティック", "職人"]),
    ("<script>alert('x')</script>", ["script", "alert", "x", "script"]), ("— … !", []), ("", []),
  ])
  func wordsAreLettersAndDigitsWithoutCaseAndAccents(text: String, words: [String]) {
    #expect(SearchWords.words(text) == words)
  }

  @Test func aLongWordIsCut() {
    #expect(
      SearchWords.words(String(repeating: "a", count: 99)) == [String(repeating: "a", count: 40)])
  }

  @Test func partsOfATextHaveTheWordsOfTheWhole() {
    let parts = [
      "a", "Z", "0", " ", "-", "\n", "é", "e\u{301}", "\u{301}", "ß", "İ", "½", "ﬁ", "—", "“", "職",
      "バ", "ﷺ", "\u{1F9F5}", "𝔅",
    ]
    for _ in 0..<2000 {
      let text = (0..<Int.random(in: 0...12)).map { _ in parts.randomElement() ?? "" }.joined()
      #expect(SearchWords.words(text) == SearchWords.words(ofAnyLetters: text))
    }
  }
}
