import Theme

/// A rendered page, or a part of one: fixed bytes, and slots between them that are filled as often as need
/// be.
///
/// The designers' template is rendered once, with a private-use character in the place of every slot.
/// Registry text never passes through the template engine, and never holds such a character.
struct SlotTemplate<Slot: Sendable>: Sendable {
  private struct Piece: Sendable {
    /// Where it ends in `text`, beginning where the one before it ends.
    let end: Int
    /// What follows it; nil at the end of the page.
    let slot: Slot?
  }

  /// All that is fixed.
  private let text: [UInt8]
  private let pieces: [Piece]

  /// What stands for a slot while a template is rendered.
  ///
  /// - Parameter position: of the slot among the template's slots.
  static func placeholder(_ position: Int) -> String {
    let scalar = Unicode.Scalar(Placeholder.first + UInt32(position))
    return scalar.map { String(Character($0)) } ?? ""
  }

  /// Splits a rendered text at its placeholders.
  init(_ rendered: String, slots: [Slot]) {
    var pieces: [Piece] = []
    var text: [UInt8] = []
    var rest = Array(rendered.utf8)[...]
    // Placeholders are four bytes each, and begin with one that little else begins with.
    while let start = rest.firstIndex(of: 0xF3) {
      let scalar = String(decoding: rest[start...].prefix(4), as: UTF8.self).unicodeScalars.first
      let position = scalar.flatMap {
        Placeholder.isOne($0) ? Int($0.value - Placeholder.first) : nil
      }
      guard let position, slots.indices.contains(position) else {
        text += rest[...start]
        rest = rest[(start + 1)...]
        continue
      }
      text += rest[..<start]
      pieces.append(Piece(end: text.count, slot: slots[position]))
      rest = rest[(start + 4)...]
    }
    text += rest
    pieces.append(Piece(end: text.count, slot: nil))
    self.text = text
    self.pieces = pieces
  }

  /// The slots in their order, one for each place.
  var slots: [Slot] { pieces.compactMap(\.slot) }

  /// How many bytes are fixed.
  var size: Int { text.count }

  /// The fixed bytes, with the words of each slot at its place.
  func described(_ words: (Slot) -> String) -> [UInt8] {
    var all: [UInt8] = []
    // No text has such a byte.
    append(to: &all) { slot, all in all += [0xFF] + words(slot).utf8 + [0xFF] }
    return all
  }

  /// Adds the filled template to a page.
  ///
  /// - Parameter fill: adds what belongs into a slot.
  @inline(__always)
  func append(to page: inout [UInt8], fill: (Slot, inout [UInt8]) -> Void) {
    text.withUnsafeBufferPointer { text in
      var start = 0
      for piece in pieces {
        page.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<piece.end]))
        start = piece.end
        if let slot = piece.slot { fill(slot, &page) }
      }
    }
  }
}
