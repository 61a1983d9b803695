/// A picture without what nobody sees in it: place, time, camera, names, comments, previews.
///
/// What decides how the picture looks stays as it is: the pixels, the colour profile, transparency,
/// animation, and which side is up.
struct PictureMetadata {
  /// The picture's bytes without its metadata.
  let bytes: [UInt8]
  /// How to turn the picture before showing it, from 1 (not at all) to 8, as Exif numbers it.
  let orientation: Int

  /// Whether it has several pictures, or is of a kind that may.
  let isAnimated: Bool

  /// Whether the picture is shown with width and height exchanged.
  var isTurned: Bool { orientation > 4 }

  /// Nil where the bytes are not a JPEG, PNG, WebP or GIF whose parts are where they belong.
  init?(of bytes: [UInt8]) {
    let reader = PictureReader(bytes)
    let stripped =
      reader.strippedPNG() ?? reader.strippedJPEG() ?? reader.strippedWebP()
      ?? reader.strippedGIF()
    guard let stripped else { return nil }
    self = stripped
  }

  fileprivate init(_ bytes: [UInt8], orientation: Int = 1, isAnimated: Bool = false) {
    self.bytes = bytes
    self.orientation = orientation
    self.isAnimated = isAnimated
  }
}

/// Walks through the parts of a picture's file.
private struct PictureReader {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  func has(_ text: String, at start: Int) -> Bool {
    start <= bytes.count && bytes[start...].starts(with: text.utf8)
  }

  func big(_ start: Int, _ count: Int) -> Int {
    guard start >= 0, start + count <= bytes.count else { return 0 }
    return bytes[start..<start + count].reduce(0) { $0 << 8 | Int($1) }
  }

  func little(_ start: Int, _ count: Int) -> Int {
    guard start >= 0, start + count <= bytes.count else { return 0 }
    return bytes[start..<start + count].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  // MARK: JPEG (ISO/IEC 10918-1, annex B)

  func strippedJPEG() -> PictureMetadata? {
    guard bytes.starts(with: [0xFF, 0xD8]) else { return nil }
    var kept: [UInt8] = []
    var orientation = 1
    var position = 2
    while position + 4 <= bytes.count, bytes[position] == 0xFF {
      let marker = bytes[position + 1]
      // Fill bytes may stand before any marker.
      if marker == 0xFF {
        position += 1
        continue
      }
      if marker == 0xD9 { break }
      let end = position + 2 + big(position + 2, 2)
      guard end > position + 3, end <= bytes.count else { return nil }
      if marker == 0xE1, orientation == 1, has("Exif\0\0", at: position + 4) {
        orientation = Self(Array(bytes[position + 10..<end])).orientation
      }
      if let segment = keptSegment(marker, position..<end) { kept += segment }
      position = end
      if marker == 0xDA {
        let scan = endOfScan(from: position)
        kept += bytes[position..<scan]
        position = scan
      }
    }
    guard !kept.isEmpty else { return nil }
    // What follows the end of the picture, such as a film or a second picture, is left behind.
    return PictureMetadata(
      [0xFF, 0xD8] + Self.jpegOrientation(orientation) + kept + [0xFF, 0xD9],
      orientation: orientation)
  }

  /// A segment of a JPEG as it is published; nil for one that tells of the picture, not of its looks.
  private func keptSegment(_ marker: UInt8, _ range: Range<Int>) -> [UInt8]? {
    switch marker {
    case 0xE0:
      guard has("JFIF\0", at: range.lowerBound + 4), range.count >= 18 else { return nil }
      // Without the preview that may follow the density.
      return [0xFF, 0xE0, 0, 16] + bytes[range.lowerBound + 4..<range.lowerBound + 16] + [0, 0]
    case 0xE2:
      return has("ICC_PROFILE\0", at: range.lowerBound + 4) ? Array(bytes[range]) : nil
    case 0xEE:
      // It says how colours are written.
      return has("Adobe", at: range.lowerBound + 4) ? Array(bytes[range]) : nil
    case 0xE1...0xEF, 0xFE: return nil
    default: return Array(bytes[range])
    }
  }

  /// Where the next marker is that is part of no scan.
  private func endOfScan(from start: Int) -> Int {
    var position = start
    while position + 1 < bytes.count {
      let next = bytes[position + 1]
      if bytes[position] == 0xFF, next != 0, !(0xD0...0xD7).contains(next), next != 0xFF {
        return position
      }
      position += 1
    }
    return bytes.count
  }

  private static func jpegOrientation(_ orientation: Int) -> [UInt8] {
    guard orientation > 1 else { return [] }
    let exif = Array("Exif\0\0".utf8) + orientationTIFF(orientation)
    return [0xFF, 0xE1, 0, UInt8(exif.count + 2)] + exif
  }

  // MARK: Exif (TIFF 6.0, section 2)

  /// A directory with the one entry that says which side is up.
  private static func orientationTIFF(_ orientation: Int) -> [UInt8] {
    Array("MM\0*".utf8) + [0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1]
      + [0, UInt8(orientation), 0, 0, 0, 0, 0, 0]
  }

  /// The orientation in these bytes of a TIFF; 1 where they have none.
  private var orientation: Int {
    let isLittle = has("II", at: 0)
    guard isLittle || has("MM", at: 0) else { return 1 }
    func number(_ position: Int, _ count: Int) -> Int {
      isLittle ? little(position, count) : big(position, count)
    }
    let directory = number(4, 4)
    for index in 0..<min(number(directory, 2), 64) {
      let entry = directory + 2 + index * 12
      guard number(entry, 2) == 0x0112 else { continue }
      let value = number(entry + 8, 2)
      return (1...8).contains(value) ? value : 1
    }
    return 1
  }

  // MARK: PNG (third edition, section 5)

  private static let pngChunks: Set = [
    "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "cICP", "sBIT", "bKGD",
    "pHYs", "acTL", "fcTL", "fdAT",
  ]

  func strippedPNG() -> PictureMetadata? {
    guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
      has("IHDR", at: 12)
    else { return nil }
    var kept = Array(bytes[..<8])
    var orientation = 1
    var isAnimated = false
    var position = 8
    while position + 12 <= bytes.count {
      let name = String(decoding: bytes[position + 4..<position + 8], as: UTF8.self)
      let end = position + 12 + big(position, 4)
      guard end <= bytes.count else { return nil }
      if name == "eXIf" {
        orientation = Self(Array(bytes[position + 8..<end - 4])).orientation
      } else if Self.pngChunks.contains(name) {
        if name == "acTL" { isAnimated = true }
        kept += bytes[position..<end]
      }
      position = end
      guard name == "IEND" else { continue }
      if orientation > 1 {
        // Behind the header, whose length is fixed.
        kept.insert(contentsOf: Self.pngChunk("eXIf", Self.orientationTIFF(orientation)), at: 33)
      }
      return PictureMetadata(kept, orientation: orientation, isAnimated: isAnimated)
    }
    return nil
  }

  private static func pngChunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + data
    return bytes(of: UInt32(data.count)) + body + bytes(of: checksum(body))
  }

  /// The CRC-32 of a chunk (PNG, annex D).
  private static func checksum(_ body: [UInt8]) -> UInt32 {
    var crc = UInt32.max
    for byte in body {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB8_8320 }
    }
    return ~crc
  }

  private static func bytes(of number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  // MARK: WebP (RFC 9649, section 2)

  private static let webPChunks: Set = ["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"]

  func strippedWebP() -> PictureMetadata? {
    guard has("RIFF", at: 0), has("WEBP", at: 8) else { return nil }
    let whole = min(bytes.count, 8 + little(4, 4))
    var kept = Array("WEBP".utf8)
    var isAnimated = false
    var position = 12
    while position + 8 <= whole {
      let name = String(decoding: bytes[position..<position + 4], as: UTF8.self)
      let length = little(position + 4, 4)
      // A chunk of odd length has a byte behind it.
      let end = position + 8 + length + length % 2
      guard position + 8 + length <= whole else { return nil }
      if Self.webPChunks.contains(name) {
        var chunk = Array(bytes[position..<min(end, whole)])
        if name == "ANIM" { isAnimated = true }
        // Neither Exif nor XMP follows any more.
        if name == "VP8X", length > 0 { chunk[8] &= ~0x0C }
        kept += chunk
      }
      position = end
    }
    guard kept.count > 4 else { return nil }
    let size = [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: UInt32(kept.count) >> $0) }
    return PictureMetadata(Array("RIFF".utf8) + size + kept, isAnimated: isAnimated)
  }

  // MARK: GIF (version 89a)

  func strippedGIF() -> PictureMetadata? {
    guard has("GIF87a", at: 0) || has("GIF89a", at: 0), bytes.count > 13 else { return nil }
    func colours(_ flags: UInt8) -> Int { flags & 0x80 == 0 ? 0 : 3 << (Int(flags & 7) + 1) }
    var position = 13 + colours(bytes[10])
    guard position < bytes.count else { return nil }
    var kept = Array(bytes[..<position])
    while position < bytes.count {
      let start = position
      switch bytes[position] {
      case 0x3B: return PictureMetadata(kept + [0x3B], isAnimated: true)
      case 0x2C:
        guard position + 10 < bytes.count else { return nil }
        position += 11 + colours(bytes[position + 9])
        guard let end = endOfBlocks(from: position) else { return nil }
        position = end
        kept += bytes[start..<position]
      case 0x21:
        guard let end = endOfBlocks(from: position + 2) else { return nil }
        position = end
        // How long a picture is shown, and how often all of them are.
        let isOfAnimation =
          bytes[start + 1] == 0xF9 || has("NETSCAPE2.0", at: start + 3)
          || has("ANIMEXTS1.0", at: start + 3)
        if isOfAnimation { kept += bytes[start..<position] }
      default: return nil
      }
    }
    // Browsers show a GIF without its last byte.
    return PictureMetadata(kept + [0x3B], isAnimated: true)
  }

  /// The end of a row of blocks, each with its length before it, the last of none.
  private func endOfBlocks(from start: Int) -> Int? {
    var position = start
    while position < bytes.count {
      let length = Int(bytes[position])
      position += 1 + length
      if length == 0 { return position }
    }
    return nil
  }
}
