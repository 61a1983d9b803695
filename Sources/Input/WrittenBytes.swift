/// Texts that are written as bytes one after the other, without a `String` between.
extension Array<UInt8> {
  /// Appends a text of the program's own.
  @inlinable
  package mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { append(contentsOf: $0) }
  }

  /// Appends a number in decimal digits.
  package mutating func append(decimal number: Int) {
    if number < 0 { append(UInt8(ascii: "-")) }
    if number.magnitude >= 10 { append(decimal: Int(number.magnitude / 10)) }
    append(UInt8(ascii: "0") + UInt8(number.magnitude % 10))
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
