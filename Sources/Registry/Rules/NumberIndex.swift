/// Finds rows by certificate number in a few dozen bytes a row.
///
/// An open-addressing table of ordinals over the numbers' own bytes: exact, no hash is trusted.
struct NumberIndex: Sendable {
  private var bytes: [UInt8] = []
  /// Where each ordinal's number ends in `bytes`.
  private var ends: [UInt32] = []
  /// Ordinal + 1 of the last row with a number, 0 for an empty slot; a power of two of them.
  private var slots = [UInt32](repeating: 0, count: 1024)
  private var distinct = 0
  /// Nobody knows it beforehand who might want numbers to meet.
  private let seed = UInt64.random(in: 1 ... .max)
  /// The row before with the same number, for numbers that stand more than once.
  private(set) var previous: [Int: Int] = [:]

  var count: Int { ends.count }

  /// Adds the next row's number.
  mutating func append(_ number: ArraySlice<UInt8>) {
    if (distinct + 1) * 2 > slots.count { grow() }
    let ordinal = ends.count
    bytes.append(contentsOf: number)
    ends.append(UInt32(bytes.count))
    let slot = slot(of: number)
    if slots[slot] == 0 {
      distinct += 1
    } else {
      previous[ordinal] = Int(slots[slot]) - 1
    }
    slots[slot] = UInt32(ordinal + 1)
  }

  /// The last row with a number.
  func last(_ number: ArraySlice<UInt8>) -> Int? {
    let found = slots[slot(of: number)]
    return found == 0 ? nil : Int(found) - 1
  }

  /// The number of a row.
  subscript(ordinal: Int) -> ArraySlice<UInt8> {
    let start = ordinal == 0 ? 0 : Int(ends[ordinal - 1])
    return bytes[start..<Int(ends[ordinal])]
  }

  /// The slot that holds the number, or the empty one where it would go.
  private func slot(of number: ArraySlice<UInt8>) -> Int {
    var slot = number.withUnsafeBytes(hash) & (slots.count - 1)
    while slots[slot] != 0, !self[Int(slots[slot]) - 1].elementsEqual(number) {
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  /// Spreads numbers over the table; two that meet cost a comparison and nothing else.
  private func hash(_ number: UnsafeRawBufferPointer) -> Int {
    var sum = seed ^ UInt64(number.count)
    func mix(_ word: UInt64) {
      let product = (sum ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
      sum = product.high ^ product.low
    }
    var offset = 0
    while offset + 8 <= number.count {
      mix(number.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset += 8
    }
    var rest: UInt64 = 0
    while offset < number.count {
      rest = rest << 8 | UInt64(number[offset])
      offset += 1
    }
    mix(rest)
    mix(seed)
    return Int(truncatingIfNeeded: sum)
  }

  private mutating func grow() {
    let old = slots
    slots = [UInt32](repeating: 0, count: old.count * 2)
    for entry in old where entry != 0 {
      slots[slot(of: self[Int(entry) - 1])] = entry
    }
  }
}
