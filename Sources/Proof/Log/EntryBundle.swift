/// The entries of a bundle: each a big-endian length of two bytes, then as many bytes.
package struct EntryBundle {
  package let entries: [ArraySlice<UInt8>]

  /// - Throws: `NoteFailure` when the bundle has other than `count` entries or is cut.
  package init(_ bytes: [UInt8], count: Int) throws(NoteFailure) {
    var entries: [ArraySlice<UInt8>] = []
    entries.reserveCapacity(count)
    var index = 0
    while index < bytes.count {
      guard index + 2 <= bytes.count else { throw NoteFailure("the file was cut") }
      let length = Int(bytes[index]) << 8 | Int(bytes[index + 1])
      index += 2
      guard index + length <= bytes.count else { throw NoteFailure("the file was cut") }
      entries.append(bytes[index..<index + length])
      index += length
    }
    guard entries.count == count else {
      throw NoteFailure("it has \(entries.count) entries instead of \(count)")
    }
    self.entries = entries
  }

  /// The bytes of a bundle's first entries.
  static func prefix(of bytes: [UInt8], count: Int) -> ArraySlice<UInt8> {
    var end = 0
    for _ in 0..<count where end + 2 <= bytes.count {
      end += 2 + (Int(bytes[end]) << 8 | Int(bytes[end + 1]))
    }
    return bytes.prefix(end)
  }
}
