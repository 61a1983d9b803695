import Input
import Testing

@Suite struct FixedTextsTests {
  @Test func givesEachTextOfRowsOfDifferentLengths() {
    let rows = [["one", "", "three"], [], ["", "batik"]].map { $0.map { Array($0.utf8) } }
    let texts = FixedTexts(rows)
    #expect(texts.rowCount == 3)
    for row in 0..<3 {
      for column in 0..<3 {
        let wanted = column < rows[row].count ? rows[row][column] : []
        var bytes = Array("before ".utf8)
        bytes.append(texts, row, column)
        #expect(texts[row, column] == wanted)
        #expect(bytes == Array("before ".utf8) + wanted)
      }
    }
    #expect(texts.all.joined().elementsEqual(rows.joined().joined()))
  }

  @Test(arguments: [[], [[]]] as [[[[UInt8]]]])
  func isEmptyWithoutTexts(rows: [[[UInt8]]]) {
    #expect(FixedTexts(rows).all.isEmpty)
  }
}
