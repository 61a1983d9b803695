/// Base58 with Bitcoin's alphabet, as Multibase names it by the letter `z`.
public enum Base58 {
  private static let alphabet = Array(
    "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)

  public static func encode(_ bytes: [UInt8]) -> String {
    String(decoding: digits(of: bytes), as: UTF8.self)
  }

  /// The same in ASCII.
  static func digits(of bytes: [UInt8]) -> [UInt8] {
    let limbCount = (bytes.count + 3) / 4
    // Five digits for 29 bits and more, and the zeros in front.
    let most = limbCount * 6 + 5 + bytes.count
    return [UInt8](unsafeUninitializedCapacity: most) { digits, count in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: limbCount) { limbs in
        limbs.initialize(repeating: 0)
        for (index, byte) in bytes.enumerated() {
          let limb = limbCount - 1 - (bytes.count - 1 - index) / 4
          limbs[limb] = limbs[limb] << 8 | UInt32(byte)
        }
        count = reversedDigits(of: limbs, to: digits)
      }
      // The highest five digits may begin with zeros; each zero byte in front is one zero digit.
      while count > 0, digits[count - 1] == alphabet[0] { count -= 1 }
      for _ in 0..<bytes.prefix(while: { $0 == 0 }).count {
        digits[count] = alphabet[0]
        count += 1
      }
      digits[..<count].reverse()
    }
  }

  /// A big number in 32-bit limbs, divided by 58^5 for five digits at a time, the lowest first.
  ///
  /// - Returns: how many digits there are.
  private static func reversedDigits(
    of limbs: UnsafeMutableBufferPointer<UInt32>, to digits: UnsafeMutableBufferPointer<UInt8>
  ) -> Int {
    var count = 0
    var start = 0
    alphabet.withUnsafeBufferPointer { alphabet in
      while true {
        while start < limbs.count, limbs[start] == 0 { start += 1 }
        guard start < limbs.count else { return }
        var remainder: UInt64 = 0
        for index in start..<limbs.count {
          let value = remainder << 32 | UInt64(limbs[index])
          limbs[index] = UInt32(truncatingIfNeeded: value / 656_356_768)
          remainder = value % 656_356_768
        }
        for _ in 0..<5 {
          digits[count] = alphabet[Int(remainder % 58)]
          remainder /= 58
          count += 1
        }
      }
    }
    return count
  }

  /// The bytes behind a text; nil when it has other characters, or more than 256 of them.
  public static func decode(_ text: some StringProtocol) -> [UInt8]? {
    guard text.utf8.count <= 256 else { return nil }
    var bytes: [UInt8] = []
    for character in text.utf8 {
      guard var carry = alphabet.firstIndex(of: character) else { return nil }
      for index in bytes.indices {
        carry += Int(bytes[index]) * 58
        bytes[index] = UInt8(carry & 0xFF)
        carry >>= 8
      }
      while carry > 0 {
        bytes.append(UInt8(carry & 0xFF))
        carry >>= 8
      }
    }
    let zeros = text.utf8.prefix { $0 == alphabet[0] }.count
    return Array(repeating: 0, count: zeros) + bytes.reversed()
  }
}
