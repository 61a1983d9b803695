import Files
import Output
import Proof
import Testing

@Suite struct CertificateTableTests {
  private static func entries(_ count: Int, _ word: () -> UInt64) -> [CertificateTable.Entry] {
    (0..<count).map { _ in
      CertificateTable.Entry(
        code: CertificateCode(high: word(), low: word()), inputs: word(), template: word(),
        signature: StatSignature(value: word()))
    }
  }

  /// Codes are hashes; the search must find them all the same where they are not spread evenly.
  @Test(arguments: [0, 1, 2, 3, 40, 1000])
  func findsEveryCodeAndNoOther(count: Int) {
    var generator = SystemRandomNumberGenerator()
    let spreads: [() -> UInt64] = [
      { .random(in: 0 ... .max, using: &generator) },
      { .random(in: 0...7, using: &generator) },
      { .max - .random(in: 0...7, using: &generator) },
      { UInt64(1) << UInt64.random(in: 0...63, using: &generator) },
    ]
    for word in spreads {
      let entries = Self.entries(count, word)
      let table = CertificateTable(entries)
      for entry in entries { #expect(table.entry(entry.code)?.code == entry.code) }
      let known = Set(entries.map(\.code))
      for _ in 0..<100 {
        let code = CertificateCode(high: word(), low: word())
        #expect((table.entry(code) != nil) == known.contains(code))
      }
    }
  }
}
