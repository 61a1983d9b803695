/// A text that all badges of an edition share, with gaps for what each says by itself.
///
/// A class, since workers share it: see `SharedByteTable`.
final class BadgeTemplate: Sendable {
  enum Slot: UInt8, CaseIterable {
    case folder, number, holder, issuer, issued, expires, created, list, bit, digest, signature

    /// Stands for the slot until the text is cut: one of U+FDD0 to U+FDEF, which Unicode assigns to no
    /// character, so registries and settings that hold one are refused.
    var placeholder: String {
      String(decoding: Self.start + [0x90 + rawValue], as: UTF8.self)
    }

    /// How all placeholders begin in UTF-8.
    static let start: [UInt8] = [0xEF, 0xB7]
  }

  /// Everything that is fixed.
  let text: [UInt8]
  /// The slots, each with the number of fixed bytes that stand before it.
  let slots: [(place: Int, slot: Slot)]

  init(_ text: some StringProtocol) {
    var fixed: [UInt8] = []
    var slots: [(place: Int, slot: Slot)] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.first {
      if rest.starts(with: Slot.start), let last = rest.dropFirst(2).first, last >= 0x90,
        let slot = Slot(rawValue: last - 0x90)
      {
        slots.append((fixed.count, slot))
        rest = rest.dropFirst(3)
      } else {
        fixed.append(byte)
        rest = rest.dropFirst()
      }
    }
    self.text = fixed
    self.slots = slots
  }

  /// The sorted lines of N-Quads. What fills a slot before which two lines are equal are digits, so they
  /// are sorted as if a digit stood there.
  convenience init(lines: [String]) {
    let placeholders = Slot.allCases.map(\.placeholder)
    let keyed = lines.map { line in
      (key: placeholders.reduce(line) { $0.replacing($1, with: "0") }, line: line)
    }
    let sorted = keyed.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    self.init(sorted.map(\.line).joined())
  }

  /// Adds the text with its slots filled.
  func append(to bytes: inout [UInt8], fill: (Slot, inout [UInt8]) -> Void) {
    text.withUnsafeBufferPointer { text in
      var start = 0
      for (place, slot) in slots {
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<place]))
        fill(slot, &bytes)
        start = place
      }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
    }
  }
}
