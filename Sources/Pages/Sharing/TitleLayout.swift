import Foundation

/// A title broken into lines for a picture, in the largest size in which it fits.
///
/// Widths are those of DejaVu Serif Bold, the widest of the fonts that are likely to be used, so a
/// line that fits here fits in the others too.
package struct TitleLayout: Sendable, Hashable {
  /// The height of letters, in pixels.
  package let size: Int
  package let lines: [String]

  /// Sizes to try, with the number of lines that each has room for.
  private static let sizes = [(86, 3), (72, 3), (62, 4), (52, 5), (44, 6)]

  /// - Parameters:
  ///   - title: plain text.
  ///   - width: room for a line, in pixels.
  package init(_ title: String, width: Int) {
    let pieces = Self.pieces(title)
    for (size, room) in Self.sizes {
      let limit = width * 1000 / size
      let lines = Self.lines(pieces, limit: limit)
      // A word that has to be broken asks for smaller letters first.
      let isWhole = pieces.allSatisfy { Self.width($0.text) <= limit }
      if lines.count <= room, isWhole || size == Self.sizes.last?.0 {
        self.size = size
        self.lines = Self.balanced(pieces, count: lines.count, limit: limit)
        return
      }
    }
    let (size, room) = Self.sizes[Self.sizes.count - 1]
    let limit = width * 1000 / size
    let lines = Self.lines(pieces, limit: limit)
    self.size = size
    let last = Self.cut(lines[room - 1] + " " + lines[room], limit: limit)
    self.lines = lines.prefix(room - 1) + [last]
  }

  /// A text that is cut, with an ellipsis, where it is wider than some pixels.
  static func cut(_ text: String, width: Int, size: Int) -> String {
    let limit = width * 1000 / size
    return Self.width(text) <= limit ? text : cut(text, limit: limit)
  }

  private static func cut(_ text: String, limit: Int) -> String {
    var text = text
    while !text.isEmpty, width(text + "…") > limit { text.removeLast() }
    // Not within a word, unless that would lose much.
    if let space = text.lastIndex(where: \.isWhitespace), text[space...].count < 20 {
      text = String(text[..<space])
    }
    while let last = text.last, last.isWhitespace || last.isPunctuation { text.removeLast() }
    return text + "…"
  }

  // MARK: Lines

  /// What is not broken if it can be helped.
  private struct Piece {
    let text: String
    /// Whether a space stands before it where it does not begin a line.
    let isSpaced: Bool
  }

  /// Words; a text written without spaces may be broken between any two of its signs, but not
  /// before those that end something.
  private static func pieces(_ title: String) -> [Piece] {
    var pieces: [Piece] = []
    for word in title.split(whereSeparator: \.isWhitespace) {
      var current = ""
      var isSpaced = !pieces.isEmpty
      for character in word {
        let isBreak =
          !current.isEmpty && !neverFirst.contains(character)
          && (isIdeographic(character) || current.last.map(isIdeographic) == true)
        if isBreak {
          pieces.append(Piece(text: current, isSpaced: isSpaced))
          isSpaced = false
          current = ""
        }
        current.append(character)
      }
      if !current.isEmpty { pieces.append(Piece(text: current, isSpaced: isSpaced)) }
    }
    return pieces.isEmpty ? [Piece(text: "", isSpaced: false)] : pieces
  }

  private static let neverFirst: Set<Character> = Set("、。，．・：；？！ー）」』】〉》々ゝっゃゅょッャュョ,.:;?!)]”’")

  private static func lines(_ pieces: [Piece], limit: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for piece in pieces {
      let longer = line.isEmpty ? piece.text : line + (piece.isSpaced ? " " : "") + piece.text
      if width(longer) <= limit {
        line = longer
        continue
      }
      if !line.isEmpty { lines.append(line) }
      line = ""
      for character in piece.text {
        if !line.isEmpty, width(line + String(character)) > limit {
          lines.append(line)
          line = ""
        }
        line.append(character)
      }
    }
    return lines + [line]
  }

  /// The same number of lines, as even as they can be.
  private static func balanced(_ pieces: [Piece], count: Int, limit: Int) -> [String] {
    var narrow = 0
    var wide = limit
    while wide - narrow > 100 {
      let middle = (narrow + wide) / 2
      let isWhole = pieces.allSatisfy { width($0.text) <= middle }
      if isWhole, lines(pieces, limit: middle).count <= count {
        wide = middle
      } else {
        narrow = middle
      }
    }
    return lines(pieces, limit: wide)
  }

  // MARK: Widths

  /// The width of a text in thousandths of its size.
  package static func width(_ text: String) -> Int {
    text.decomposedStringWithCanonicalMapping.unicodeScalars.reduce(0) { $0 + width($1) }
  }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x20...0x7E: return latin[Int(scalar.value) - 0x20]
    case _ where isMark(scalar): return 0
    case _ where isWide(scalar): return 1000
    case 0x0590...0x08FF: return 700
    // Buginese, Balinese, Sundanese, Batak, Rejang, Javanese: their letters are wide.
    case 0x1A00...0x1A1F, 0x1B00...0x1BFF, 0xA930...0xA95F, 0xA980...0xA9DF: return 1400
    case 0x2010...0x2027: return scalar == "…" || scalar == "—" ? 1000 : 560
    default: return 900
    }
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: true
    default: false
    }
  }

  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x11FF, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F,
      0xFF00...0xFF60, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }

  private static func isIdeographic(_ character: Character) -> Bool {
    character.unicodeScalars.first.map {
      switch $0.value {
      case 0x3000...0x30FF, 0x3400...0x9FFF, 0xF900...0xFAFF, 0xFF00...0xFF60, 0x20000...0x3FFFD:
        true
      default: false
      }
    } ?? false
  }

  /// From the space to the tilde.
  private static let latin = [
    348, 439, 521, 838, 696, 950, 903, 306, 473, 473, 523, 838, 348, 415, 348, 365, 696, 696, 696,
    696, 696, 696, 696, 696, 696, 696, 369, 369, 838, 838, 838, 586, 1000, 776, 845, 796, 867, 762,
    710, 854, 945, 468, 473, 869, 703, 1107, 914, 871, 752, 871, 831, 722, 744, 872, 776, 1123, 776,
    714, 730, 473, 365, 473, 838, 500, 500, 648, 699, 609, 699, 636, 430, 699, 727, 380, 362, 693,
    380, 1058, 727, 667, 699, 699, 527, 563, 462, 727, 581, 861, 596, 581, 568, 643, 364, 643, 838,
  ]
}
