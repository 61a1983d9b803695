import Pages
import TestSupport
import Testing

@Suite struct QRCodeTests {
  static let site = "https://sertifikat.lsp-batik.example"

  @Test func codesPutTogetherAreThoseOfTheLibraryButForTheMask() throws {
    var generator = SeededGenerator(seed: 18)
    let codes = try CertificateQRCodes(site: Self.site)
    var sameMask = 0
    for _ in 0..<CertificateQRCodes.fewest + 200 {
      let digits = (0..<32).map { _ in
        Array("0123456789abcdef".utf8).randomElement(using: &generator) ?? 0
      }
      let text = String(decoding: digits, as: UTF8.self)
      let library = try QRCode("\(Self.site)/c/\(text.prefix(2))/\(text.dropFirst(2))/")
      let made = try codes.code(digits)
      let alone = try CertificateQRCodes(site: Self.site).code(digits)
      #expect(Self.matrix(of: made) == Self.matrix(of: alone))
      #expect(made.size == library.size)
      if Self.format(of: made) == Self.format(of: library) {
        sameMask += 1
        #expect(Self.matrix(of: made) == Self.matrix(of: library))
      }
    }
    #expect(sameMask > 5)
  }

  /// The format information beside the upper left finder pattern, which names the mask.
  private static func format(of code: QRCode) -> [Bool] {
    (0..<6).map { code.isDark(row: 8, column: $0) }
  }

  private static func matrix(of code: QRCode) -> [[Bool]] {
    (0..<code.width).map { row in (0..<code.width).map { code.isDark(row: row, column: $0) } }
  }

  @Test func theBlackPixelsOfThePictureAreThoseOfTheCode() throws {
    let code = try QRCode("https://a.example/c/00/000000000000000000000000000000/")
    let png = code.png
    let row = (code.size + 7) / 8 + 1
    // Signature, IHDR, and in IDAT the headers of zlib and of its one block.
    let start = 8 + 25 + 8 + 2 + 5
    #expect(png.count == start + row * code.size + 4 + 4 + 12)
    for y in 0..<code.size {
      #expect(png[start + y * row] == 0)
      for x in 0..<code.size {
        let isWhite = png[start + y * row + 1 + x / 8] & (0x80 >> UInt8(x % 8)) != 0
        let (down, across) = (y - QRCode.quietZone, x - QRCode.quietZone)
        let isInside = (0..<code.width).contains(down) && (0..<code.width).contains(across)
        #expect(isWhite == !(isInside && code.isDark(row: down, column: across)))
      }
    }
  }

  @Test func theDarkModulesOfThePathAreThoseOfTheCode() throws {
    let code = try QRCode("canting")
    var path: [UInt8] = []
    code.appendPath(to: &path)
    var drawn = Set<[Int]>()
    var (x, y) = (0, 0)
    for step in String(decoding: path, as: UTF8.self).matches(of: /([Mmh])(\d+)(?: (\d+)(\.5)?)?/) {
      let first = try #require(Int(step.output.2))
      switch step.output.1 {
      case "M": (x, y) = (first, try #require(step.output.3.flatMap { Int($0) }))
      case "m": x += first
      default:
        for column in x..<x + first { drawn.insert([y, column]) }
        x += first
      }
    }
    var expected = Set<[Int]>()
    for row in 0..<code.width {
      for column in 0..<code.width where code.isDark(row: row, column: column) {
        expected.insert([row + QRCode.quietZone, column + QRCode.quietZone])
      }
    }
    #expect(drawn == expected)
  }
}
