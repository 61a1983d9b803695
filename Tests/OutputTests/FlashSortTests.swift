import Output
import Testing

@Suite struct SpreadSortTests {
  /// It is made for keys that are spread evenly, and must be right for all.
  @Test(arguments: [0, 1, 2, 5, 300, 5000])
  func sortsAsTheLibraryDoes(count: Int) {
    var generator = SystemRandomNumberGenerator()
    let keys: [() -> UInt64] = [
      { .random(in: 0 ... .max, using: &generator) }, { .random(in: 0...3, using: &generator) },
      { .max }, { UInt64(1) << UInt64.random(in: 0...63, using: &generator) },
    ]
    for key in keys {
      let pairs = (0..<count).map { _ in
        (key: key(), more: Int.random(in: 0...9, using: &generator))
      }
      var sorted = pairs
      sorted.flashSort(by: \.key) { ($0.key, $0.more) < ($1.key, $1.more) }
      let expected = pairs.sorted { ($0.key, $0.more) < ($1.key, $1.more) }
      #expect(sorted.elementsEqual(expected) { $0 == $1 })
    }
  }
}
