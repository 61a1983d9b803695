/// A certificate number without what offices write now one way and now another: spaces, dashes and other signs
/// between letters and digits, and the case of letters.
struct NumberSpelling {
  private let bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
  }

  /// The same for all spellings of a number.
  var hash: UInt64 {
    var sum: UInt64 = 0xCBF2_9CE4_8422_2325
    forEach { byte, _ in sum = (sum ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return sum
  }

  enum Likeness {
    /// The same parts, or one of them without signs between the parts: one number.
    case same
    /// The same letters and digits, parted elsewhere.
    case partedElsewhere
  }

  /// How like two numbers are that are written differently; nil where letters or digits differ.
  func likeness(to other: NumberSpelling) -> Likeness? {
    let own = parts
    let others = other.parts
    if own == others { return .same }
    guard own.joined().elementsEqual(others.joined()) else { return nil }
    return own.count == 1 || others.count == 1 ? .same : .partedElsewhere
  }

  private var parts: [[UInt8]] {
    var parts: [[UInt8]] = []
    forEach { byte, isFirst in
      if isFirst { parts.append([]) }
      parts[parts.count - 1].append(byte)
    }
    return parts
  }

  /// Goes through letters and digits; the second value says whether a part begins.
  private func forEach(_ body: (UInt8, Bool) -> Void) {
    var isFirst = true
    var index = bytes.startIndex
    while index < bytes.endIndex {
      if let length = separatorLength(at: index) {
        isFirst = true
        index += length
        continue
      }
      let byte = bytes[index]
      body((65...90).contains(byte) ? byte + 32 : byte, isFirst)
      isFirst = false
      index += 1
    }
  }

  private func separatorLength(at index: Int) -> Int? {
    let byte = bytes[index]
    switch byte {
    case 0x00..<0x80: return (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 ? nil : 1
    case 0xC2: return bytes[index...].starts(with: [0xC2, 0xB7]) ? 2 : nil  // ·
    case 0xE2, 0xEF, 0xE3:
      return Self.dashes.contains { bytes[index...].starts(with: $0) } ? 3 : nil
    default: return nil
    }
  }

  /// In UTF-8: every dash but `-`, the minus sign, and dots that look like a full stop.
  private static let dashes: [[UInt8]] =
    "‐‑‒–—―⁃−﹘﹣－․‧・．／⁄".unicodeScalars.map { Array(String($0).utf8) }
}
