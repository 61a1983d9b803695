/// Private-use characters that stand in a rendered template where bytes are filled in later. No
/// template and no text has them.
package enum Placeholder {
  package static let first: UInt32 = 0xF0000

  package static func isOne(_ scalar: Unicode.Scalar) -> Bool {
    (first..<first + 0x1000).contains(scalar.value)
  }
}
