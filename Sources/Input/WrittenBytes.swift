/// Texts that are written as bytes one after the other, without a `String` between.
extension Array<UInt8> {
  /// Appends a text of the program's own.
  @inlinable
  package mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { append(contentsOf: $0) }
  }

  /// Appends a part of other bytes, without a slice that would have to be counted.
  package mutating func append(_ bytes: [UInt8], _ part: Range<Int>) {
    precondition(bytes.indices.contains(part), "no such part")
    bytes.withUnsafeBufferPointer { append(contentsOf: UnsafeBufferPointer(rebasing: $0[part])) }
  }

  /// Appends a number in decimal digits.
  package mutating func append(decimal number: Int) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var start = digits.count
      var rest = number.magnitude
      repeat {
        start -= 1
        digits[start] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
      } while rest > 0
      if number < 0 {
        start -= 1
        digits[start] = UInt8(ascii: "-")
      }
      append(contentsOf: UnsafeBufferPointer(rebasing: digits[start...]))
    }
  }

  /// Appends a day as `YYYY-MM-DD`.
  package mutating func append(_ date: CalendarDate) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 10) { digits in
      func put(_ number: Int, _ position: Int) {
        digits[position] = UInt8(ascii: "0") + UInt8(number / 10 % 10)
        digits[position + 1] = UInt8(ascii: "0") + UInt8(number % 10)
      }
      put(date.year / 100, 0)
      put(date.year, 2)
      put(date.month, 5)
      put(date.day, 8)
      digits[4] = UInt8(ascii: "-")
      digits[7] = UInt8(ascii: "-")
      append(contentsOf: digits)
    }
  }
}
