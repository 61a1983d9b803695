extension String {
  /// Whether the text comes before another in the order of UTF-16 code units, in which JavaScript
  /// and RFC 8785 compare.
  ///
  /// It is the order of UTF-8 bytes, but for characters above U+FFFF (which begin with F0 or more):
  /// surrogates stand before U+E000 to U+FFFF (which begin with EE or EF).
  public func precedesInUTF16(_ other: String) -> Bool {
    var rest = other.utf8.makeIterator()
    for byte in utf8 {
      guard let counterpart = rest.next() else { return false }
      if byte == counterpart { continue }
      let isHigh = byte >= 0xF0
      let isTurned = min(byte, counterpart) >= 0xEE && isHigh != (counterpart >= 0xF0)
      return isTurned ? isHigh : byte < counterpart
    }
    return rest.next() != nil
  }
}
