import Output
import Testing

@Suite struct DigestedFileTests {
  private let heading = Array("canting test, version 1\n".utf8)

  @Test func isReadBackAsWrittenAndNotWhenItWasCutOrChanged() {
    let words: [UInt64] = [0, 1, .max, 1 << 63]
    let file = DigestedFile.bytes(heading, words, [7, 8])
    let content = DigestedFile.content(file, heading)
    #expect(content.map { DigestedFile.words($0) } == words)
    #expect(content.map { Array($0.suffix(2)) } == [7, 8])
    #expect(DigestedFile.content(file, Array("canting test, version 2\n".utf8)) == nil)
    for position in file.indices {
      #expect(DigestedFile.content(Array(file[..<position]), heading) == nil)
      var changed = file
      changed[position] ^= 0x10
      #expect(DigestedFile.content(changed, heading) == nil)
    }
  }

  @Test func isTheSameInPieces() {
    let words = (0..<100_000).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 }
    var pieces: [[UInt8]] = []
    DigestedFile.forEachPiece(heading, words, [1]) { pieces.append($0) }
    #expect(pieces.count > 1)
    #expect(Array(pieces.joined()) == DigestedFile.bytes(heading, words, [1]))
  }

  @Test func partsWordsIntoRecords() {
    let words: [UInt64] = [1, 2, 3, 4]
    #expect(DigestedFile.records(words[...], of: 2) { Array($0) } == [[1, 2], [3, 4]])
    #expect(DigestedFile.records(words.dropFirst(), of: 2) { Array($0) } == nil)
  }

  @Test func findsPlacesInSortedArrays() {
    let numbers = [2, 4, 4, 8]
    for wanted in 0...9 {
      #expect(
        numbers.sortedPosition { $0 < wanted } == numbers.firstIndex { $0 >= wanted } ?? 4)
    }
    #expect([Int]().sortedPosition { $0 < 1 } == 0)
  }
}
