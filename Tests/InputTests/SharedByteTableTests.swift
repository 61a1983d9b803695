import Input
import Testing

@Suite struct FixedTextsTests {
  @Test func givesEachTextOfRowsOfDifferentLengths() {
    let rows = [["one", "", "three"], [], ["", "batik"]].map { $0.map { Array($0.utf8) } }
    let texts = SharedByteTable(rows)
    #expect(texts.rowCount == 3)
    for row in rows.indices {
      for column in rows[row].indices {
        var bytes = Array("before ".utf8)
        bytes.append(texts, row, column)
        #expect(texts[row, column] == rows[row][column])
        #expect(bytes == Array("before ".utf8) + rows[row][column])
      }
    }
    #expect(texts.all == Array(rows.joined()))
  }

  @Test(arguments: [[], [[]]] as [[[[UInt8]]]])
  func isEmptyWithoutTexts(rows: [[[UInt8]]]) {
    #expect(SharedByteTable(rows).all.isEmpty)
  }
}
