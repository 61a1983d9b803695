/// An integer modulo 2^255 − 19, over which Ed25519 is defined (RFC 8032, section 5.1).
///
/// Not in constant time, since only public keys are computed with.
private struct FieldElement: Equatable {
  /// Five digits to the base 2^51, the lowest first. Those of a sum may be a little above.
  private var a, b, c, d, e: UInt64

  private static let mask: UInt64 = (1 << 51) - 1

  private init(_ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64, _ e: UInt64) {
    (self.a, self.b, self.c, self.d, self.e) = (a, b, c, d, e)
  }

  /// - Parameter small: below 2^51.
  init(_ small: UInt64) {
    self.init(small, 0, 0, 0, 0)
  }

  /// Takes 32 bytes, the lowest first; nil for the prime and what lies above it.
  init?(canonical bytes: [UInt8]) {
    func bits(from start: Int) -> UInt64 {
      var word: UInt64 = 0
      for bit in start..<start + 51 where bytes[bit / 8] >> (bit % 8) & 1 == 1 {
        word |= 1 << (bit - start)
      }
      return word
    }
    self.init(bits(from: 0), bits(from: 51), bits(from: 102), bits(from: 153), bits(from: 204))
    guard bytes[31] < 0x80, digits == [a, b, c, d, e] else { return nil }
  }

  /// With every digit below 2^51, but for the lowest, which may be a little above.
  private var carried: Self {
    var (a, b, c, d, e) = (a, b, c, d, e)
    b += a >> 51
    a &= Self.mask
    c += b >> 51
    b &= Self.mask
    d += c >> 51
    c &= Self.mask
    e += d >> 51
    d &= Self.mask
    // 2^255 is 19 more than a multiple of the prime.
    a += 19 * (e >> 51)
    e &= Self.mask
    return Self(a, b, c, d, e)
  }

  /// The digits of the remainder.
  private var digits: [UInt64] {
    let reduced = carried.carried.carried
    // Adding 19 carries out of the top exactly where the number is not below the prime.
    let more = Self(reduced.a + 19, reduced.b, reduced.c, reduced.d, reduced.e).carriedAway
    return more.isOver
      ? more.digits : [reduced.a, reduced.b, reduced.c, reduced.d, reduced.e]
  }

  private var carriedAway: (digits: [UInt64], isOver: Bool) {
    var carry: UInt64 = 0
    let digits = [a, b, c, d, e].map { digit in
      let sum = digit + carry
      carry = sum >> 51
      return sum & Self.mask
    }
    return (digits, carry > 0)
  }

  var isOdd: Bool { digits[0] & 1 == 1 }

  static func == (left: Self, right: Self) -> Bool { left.digits == right.digits }

  static func + (left: Self, right: Self) -> Self {
    Self(
      left.a + right.a, left.b + right.b, left.c + right.c, left.d + right.d, left.e + right.e
    ).carried
  }

  /// Adds a multiple of the prime first, so that no digit falls below zero.
  static func - (left: Self, right: Self) -> Self {
    let top = mask << 2
    return Self(
      left.a + top - 72 - right.a, left.b + top - right.b, left.c + top - right.c,
      left.d + top - right.d, left.e + top - right.e
    ).carried
  }

  /// No sum overflows: five products of digits, each below 2^52, one of them by 19.
  static func * (left: Self, right: Self) -> Self {
    func by(_ left: UInt64, _ right: UInt64) -> UInt128 { UInt128(left) &* UInt128(right) }
    let (b, c, d, e) = (right.b &* 19, right.c &* 19, right.d &* 19, right.e &* 19)
    var first = by(left.a, right.a) &+ by(left.b, e) &+ by(left.c, d) &+ by(left.d, c)
    first = first &+ by(left.e, b)
    var second = by(left.a, right.b) &+ by(left.b, right.a) &+ by(left.c, e) &+ by(left.d, d)
    second = second &+ by(left.e, c) &+ first >> 51
    var third = by(left.a, right.c) &+ by(left.b, right.b) &+ by(left.c, right.a)
    third = third &+ by(left.d, e) &+ by(left.e, d) &+ second >> 51
    var fourth = by(left.a, right.d) &+ by(left.b, right.c) &+ by(left.c, right.b)
    fourth = fourth &+ by(left.d, right.a) &+ by(left.e, e) &+ third >> 51
    var fifth = by(left.a, right.e) &+ by(left.b, right.d) &+ by(left.c, right.c)
    fifth = fifth &+ by(left.d, right.b) &+ by(left.e, right.a) &+ fourth >> 51
    func low(_ sum: UInt128) -> UInt64 { UInt64(truncatingIfNeeded: sum) & mask }
    let over = UInt64(truncatingIfNeeded: fifth >> 51)
    return Self(
      low(first) &+ 19 &* over, low(second), low(third), low(fourth), low(fifth)
    ).carried
  }

  /// The power by an exponent below 2^256, the lowest word first.
  func power(_ exponent: [UInt64]) -> Self {
    var result = Self(1)
    for bit in (0..<256).reversed() {
      result = result * result
      if exponent[bit / 64] >> (bit % 64) & 1 == 1 { result = result * self }
    }
    return result
  }

  /// 1 divided by it; 0 for 0. The exponent is the prime less 2.
  var inverse: Self { power([.max - 20, .max, .max, .max >> 1]) }
}

/// A point of the curve of Ed25519, in extended coordinates (RFC 8032, section 5.1.4).
struct EdwardsPoint {
  private let x, y, z, t: FieldElement

  private static let zero = FieldElement(0)
  private static let one = FieldElement(1)
  /// The curve's constant: −121665/121666.
  private static let d = zero - FieldElement(121_665) * FieldElement(121_666).inverse
  private static let rootOfMinusOne = FieldElement(2).power(
    // A quarter of the prime less 1.
    [.max - 4, .max, .max, .max >> 3])
  /// An eighth of the prime less 5.
  private static let eighth: [UInt64] = [.max - 2, .max, .max, .max >> 4]
  private static let neutral = EdwardsPoint(x: zero, y: one)

  /// The number of points in the subgroup that keys are made in, lowest word first.
  private static let order: [UInt64] = [
    0x5812_631A_5CF5_D3ED, 0x14DE_F9DE_A2F7_9CD6, 0, 0x1000_0000_0000_0000,
  ]

  private init(x: FieldElement, y: FieldElement) {
    (self.x, self.y, z, t) = (x, y, Self.one, x * y)
  }

  private init(x: FieldElement, y: FieldElement, z: FieldElement, t: FieldElement) {
    (self.x, self.y, self.z, self.t) = (x, y, z, t)
  }

  /// Decodes 32 bytes (RFC 8032, section 5.1.3).
  ///
  /// - Returns: nil for what is no point, and for a point in another than its one encoding.
  init?(_ bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    let isOdd = bytes[31] >> 7 == 1
    guard let y = FieldElement(canonical: bytes.dropLast() + [bytes[31] & 0x7F]) else { return nil }
    let u = y * y - Self.one
    let v = Self.d * y * y + Self.one
    let cube = v * v * v
    var x = u * cube * (u * cube * cube * v).power(Self.eighth)
    if v * x * x != u { x = x * Self.rootOfMinusOne }
    guard v * x * x == u else { return nil }
    if x == Self.zero, isOdd { return nil }
    self.init(x: x.isOdd == isOdd ? x : Self.zero - x, y: y)
  }

  static func + (left: Self, right: Self) -> Self {
    let a = (left.y - left.x) * (right.y - right.x)
    let b = (left.y + left.x) * (right.y + right.x)
    let c = left.t * right.t * (d + d)
    let e = left.z * right.z * FieldElement(2)
    return Self(
      x: (b - a) * (e - c), y: (e + c) * (b + a), z: (e - c) * (e + c), t: (b - a) * (b + a))
  }

  private var isNeutral: Bool { x == Self.zero && y == z }

  /// Whether the point can be a public key: of the order of the subgroup, neither of a low one nor
  /// of one mixed with it. Anybody can sign for a key of low order.
  var isInPrimeSubgroup: Bool {
    guard !isNeutral else { return false }
    var multiple = Self.neutral
    for bit in (0..<253).reversed() {
      multiple = multiple + multiple
      if Self.order[bit / 64] >> (bit % 64) & 1 == 1 { multiple = multiple + self }
    }
    return multiple.isNeutral
  }
}
