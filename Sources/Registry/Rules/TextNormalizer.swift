import Foundation
import Input

/// Turns what a spreadsheet wrote into the text that is printed.
enum TextNormalizer {
  /// Something in the text that must not be printed.
  enum Problem: Error, Equatable {
    /// A control, direction-changing or invisible character.
    case forbidden(Unicode.Scalar)
  }

  /// Appends the normal form: NFC, every run of white space one space, none at the ends.
  static func append(
    _ raw: some Collection<UInt8>, to arena: inout [UInt8]
  ) throws(Problem) {
    // Nearly all values are as they are to be printed.
    let isAppended = raw.withContiguousStorageIfAvailable { bytes in
      guard isNormal(bytes) else { return false }
      arena.append(contentsOf: bytes)
      return true
    }
    if isAppended == true { return }
    let start = arena.count
    var pendingSpace = false
    for byte in raw {
      switch byte {
      case 0x20, 0x09...0x0D:
        pendingSpace = arena.count > start
      case 0x21..<0x7F:
        if pendingSpace {
          arena.append(0x20)
          pendingSpace = false
        }
        arena.append(byte)
      case 0x00..<0x20, 0x7F:
        throw .forbidden(Unicode.Scalar(byte))
      default:
        arena.removeSubrange(start...)
        try appendUnicode(raw, to: &arena)
        return
      }
    }
  }

  /// Whether a value is ASCII in its normal form.
  private static func isNormal(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var before = UInt8(ascii: " ")
    for byte in bytes {
      // 0x21 to 0x7E, or one space between two of them.
      guard byte &- 0x21 < 0x5E || (byte == 0x20 && before != 0x20) else { return false }
      before = byte
    }
    return before != 0x20 || bytes.isEmpty
  }

  private static func appendUnicode(
    _ raw: some Collection<UInt8>, to arena: inout [UInt8]
  ) throws(Problem) {
    let composed = String(decoding: raw, as: UTF8.self).precomposedStringWithCanonicalMapping
    let start = arena.count
    var pendingSpace = false
    for scalar in composed.unicodeScalars {
      if scalar.properties.isWhitespace {
        pendingSpace = arena.count > start
        continue
      }
      if scalar.isUnprintable { throw .forbidden(scalar) }
      if pendingSpace {
        arena.append(0x20)
        pendingSpace = false
      }
      arena.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
  }
}
