import Testing
import Verification

@Suite struct TextRecordsTests {
  private let header: [UInt8] = [0, 1, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]
  private let question: [UInt8] = [1, 0x61, 0, 0, 16, 0, 1]

  private func record(_ data: [UInt8], kind: UInt8 = 16) -> [UInt8] {
    [0xC0, 12, 0, kind, 0, 1, 0, 0, 0, 60, UInt8(data.count >> 8), UInt8(data.count & 0xFF)] + data
  }

  @Test func theStringsOfARecordArePutTogether() {
    let message = header + question + record([2, 0x61, 0x62, 0, 1, 0x63])
    #expect(TextRecords.texts(in: message) == ["abc"])
    #expect(TextRecords.texts(in: header + question + record([1, 0x61], kind: 5)) == [])
  }

  @Test func noCutOrBrokenAnswerIsBelievedOrStumbledOver() {
    let whole = header + question + record([3, 0x61, 0x62, 0x63])
    for count in whole.indices { #expect(TextRecords.texts(in: Array(whole[..<count])) == nil) }
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<5000 {
      var message = whole
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        message[Int.random(in: message.indices, using: &generator)] =
          UInt8.random(in: .min ... .max, using: &generator)
      }
      _ = TextRecords.texts(in: message)
    }
  }
}
