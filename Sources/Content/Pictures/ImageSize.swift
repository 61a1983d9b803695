import Foundation

/// Width and height of a picture in pixels, read from the beginning of its bytes.
public struct ImageSize: Sendable, Hashable {
  public let width: Int
  public let height: Int

  init?(width: Int, height: Int) {
    guard (1...100_000).contains(width), (1...100_000).contains(height) else { return nil }
    self.width = width
    self.height = height
  }

  /// Nil unless the bytes are a PNG, JPEG, GIF or WebP that says how large it is.
  init?(_ bytes: [UInt8]) {
    let size = Self.png(bytes) ?? Self.gif(bytes) ?? Self.webP(bytes) ?? Self.jpeg(bytes)
    guard let size else { return nil }
    self = size
  }

  /// With another width and the same shape.
  func scaled(to width: Int) -> ImageSize? {
    ImageSize(width: width, height: max(1, (height * width * 2 + self.width) / (self.width * 2)))
  }

  /// As it is shown when the picture is turned by a quarter.
  var turned: ImageSize? { ImageSize(width: height, height: width) }

  private static func big(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int {
    guard start + count <= bytes.count else { return 0 }
    return bytes[start..<start + count].reduce(0) { $0 << 8 | Int($1) }
  }

  private static func little(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int {
    guard start + count <= bytes.count else { return 0 }
    return bytes[start..<start + count].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private static func has(_ text: String, in bytes: [UInt8], at start: Int) -> Bool {
    bytes.dropFirst(start).starts(with: text.utf8)
  }

  private static func png(_ bytes: [UInt8]) -> ImageSize? {
    guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
      has("IHDR", in: bytes, at: 12)
    else { return nil }
    return ImageSize(width: big(bytes, 16, 4), height: big(bytes, 20, 4))
  }

  private static func gif(_ bytes: [UInt8]) -> ImageSize? {
    guard has("GIF87a", in: bytes, at: 0) || has("GIF89a", in: bytes, at: 0) else { return nil }
    return ImageSize(width: little(bytes, 6, 2), height: little(bytes, 8, 2))
  }

  private static func webP(_ bytes: [UInt8]) -> ImageSize? {
    guard has("RIFF", in: bytes, at: 0), has("WEBP", in: bytes, at: 8) else { return nil }
    if has("VP8X", in: bytes, at: 12) {
      return ImageSize(width: little(bytes, 24, 3) + 1, height: little(bytes, 27, 3) + 1)
    }
    if has("VP8L", in: bytes, at: 12) {
      let packed = little(bytes, 21, 4)
      return ImageSize(width: packed & 0x3FFF + 1, height: packed >> 14 & 0x3FFF + 1)
    }
    guard has("VP8 ", in: bytes, at: 12) else { return nil }
    return ImageSize(
      width: little(bytes, 26, 2) & 0x3FFF, height: little(bytes, 28, 2) & 0x3FFF)
  }

  /// The size in the frame's header.
  private static func jpeg(_ bytes: [UInt8]) -> ImageSize? {
    guard bytes.starts(with: [0xFF, 0xD8]) else { return nil }
    var position = 2
    while position + 9 < bytes.count {
      guard bytes[position] == 0xFF else { return nil }
      let marker = bytes[position + 1]
      if marker == 0xFF || marker == 0x01 || (0xD0...0xD7).contains(marker) {
        position += marker == 0xFF ? 1 : 2
        continue
      }
      let length = big(bytes, position + 2, 2)
      guard length >= 2 else { return nil }
      if (0xC0...0xCF).contains(marker), ![0xC4, 0xC8, 0xCC].contains(marker) {
        return ImageSize(width: big(bytes, position + 7, 2), height: big(bytes, position + 5, 2))
      }
      position += 2 + length
    }
    return nil
  }

  /// The size that the outermost element of an SVG states, or that of its view box.
  init?(svgWidth width: String?, height: String?, viewBox: String?) {
    if let width = width.flatMap(Self.pixels), let height = height.flatMap(Self.pixels) {
      self.init(width: width, height: height)
      return
    }
    let box = viewBox?.split { $0.isWhitespace || $0 == "," } ?? []
    guard box.count == 4, let width = Self.pixels(box[2]), let height = Self.pixels(box[3]) else {
      return nil
    }
    self.init(width: width, height: height)
  }

  private static func pixels(_ text: some StringProtocol) -> Int? {
    let plain = String(text.filter { !$0.isWhitespace })
    let number = plain.hasSuffix("px") ? String(plain.dropLast(2)) : plain
    guard let value = Double(number), value >= 0.5, value < 100_000 else { return nil }
    return Int(value.rounded())
  }
}
