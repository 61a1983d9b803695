/// Base58 with Bitcoin's alphabet, as Multibase names it by the letter `z`.
public enum Base58 {
  private static let alphabet = Array(
    "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)

  public static func encode(_ bytes: [UInt8]) -> String {
    // A big number in 32-bit limbs, divided by 58^5 for five digits at a time.
    let padding = (4 - bytes.count % 4) % 4
    var limbs: [UInt32] = []
    var limb: UInt32 = 0
    for (index, byte) in bytes.enumerated() {
      limb = limb << 8 | UInt32(byte)
      if (index + padding) % 4 == 3 {
        limbs.append(limb)
        limb = 0
      }
    }
    var reversed: [UInt8] = []
    reversed.reserveCapacity(bytes.count * 7 / 5 + 5)
    var start = limbs.prefix { $0 == 0 }.count
    while start < limbs.count {
      var remainder: UInt64 = 0
      for index in start..<limbs.count {
        let value = remainder << 32 | UInt64(limbs[index])
        limbs[index] = UInt32(value / 656_356_768)
        remainder = value % 656_356_768
      }
      while start < limbs.count, limbs[start] == 0 { start += 1 }
      for _ in 0..<5 {
        reversed.append(alphabet[Int(remainder % 58)])
        remainder /= 58
      }
    }
    // The highest five digits may begin with zeros; each zero byte in front is one zero digit.
    while reversed.last == alphabet[0] { reversed.removeLast() }
    for _ in 0..<bytes.prefix(while: { $0 == 0 }).count { reversed.append(alphabet[0]) }
    return String(decoding: reversed.reversed(), as: UTF8.self)
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
