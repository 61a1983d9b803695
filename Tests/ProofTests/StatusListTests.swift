import Foundation
import Proof
import TestSupport
import Testing

@Suite struct StatusListTests {
  @Test func readsTheDesignsVector() throws {
    let list = try #require(
      StatusList(
        encoded: "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"))
    #expect(list == StatusList())
    #expect(list.bytes == [UInt8](repeating: 0, count: 16_384))
  }

  @Test func indexZeroIsTheHighestBitOfTheFirstByte() {
    var list = StatusList()
    list[0] = true
    list[9] = true
    #expect(list.bytes.prefix(2) == [0x80, 0x40])
    #expect(list[0] && list[9] && !list[1] && !list[8])
    list[0] = false
    #expect(!list[0])
    #expect(!list[StatusList.length])
  }

  @Test func isReadBackAsWritten() throws {
    var generator = SeededGenerator(seed: 3)
    var list = StatusList()
    for _ in 0..<5000 { list[Int.random(in: 0..<StatusList.length, using: &generator)] = true }
    #expect(StatusList(encoded: try list.encoded()) == list)
  }

  @Test func refusesDamagedShortAndEnormousLists() throws {
    let encoded = try StatusList().encoded()
    for text in [
      "", "u", "z" + encoded.dropFirst(), String(encoded.dropLast(4)), encoded + "AAAA",
      encoded + "=",
    ] {
      #expect(StatusList(encoded: text) == nil)
    }
    let bytes = Array(encoded.utf8)
    for index in bytes.indices {
      var changed = bytes
      changed[index] = bytes[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
      if let read = StatusList(encoded: String(decoding: changed, as: UTF8.self)) {
        // Header bytes and codes that are never used do not touch the content; gzip's own
        // checksum guards everything else.
        #expect(read == StatusList())
      }
    }
  }

  @Test func refusesWhatInflatesToMoreThan8MiB() throws {
    // 9 MiB of zeros, packed by another program.
    let bomb = try #require(Self.packedZeros(count: 9 << 20))
    #expect(StatusList(encoded: bomb) == nil)
    let large = try #require(Self.packedZeros(count: 8 << 20))
    #expect(StatusList(encoded: large) != nil)
  }

  /// `u` and base64url of what gzip makes of zeros.
  private static func packedZeros(count: Int) -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "head -c \(count) /dev/zero | gzip -9n | base64 -w0 | tr '+/' '-_' | tr -d =",
    ]
    let output = Pipe()
    process.standardOutput = output
    do {
      try process.run()
    } catch {
      return nil
    }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return "u" + String(decoding: data, as: UTF8.self)
  }
}
