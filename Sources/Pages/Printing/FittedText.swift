/// A text in the largest letters with which it fits between two edges: in one line, smaller where it must be,
/// or in two. It is never cut.
struct FittedText: Equatable {
  /// The height of letters, in the unit of the room.
  let size: Double
  let lines: [String]

  /// How small one line may become before two are tried.
  private static let smallestOfOneLine = 0.75
  /// The size of two lines where they have room enough.
  private static let sizeOfTwoLines = 0.8

  /// - Parameters:
  ///   - width: the room for a line.
  ///   - size: the size of a text that is short enough.
  ///   - maximum: how many lines there is room for, one or two.
  ///   - isMono: whether all letters are as wide as each other.
  init(_ text: String, width: Double, size: Double, maximum: Int = 1, isMono: Bool = false) {
    func fitting(_ lines: [String]) -> Double {
      let widest = lines.map { Self.width($0, isMono: isMono) }.max() ?? 0
      return widest > 0 ? min(size, width / widest) : size
    }
    let single = fitting([text])
    let halves = Self.halves(text, isMono: isMono)
    let double = min(size * Self.sizeOfTwoLines, fitting(halves))
    if maximum < 2 || single >= size * Self.smallestOfOneLine || single >= double {
      self.size = single
      lines = [text]
    } else {
      self.size = double
      lines = halves
    }
  }

  /// A text broken at the space that leaves two lines as even as they can be; whole where it has no space.
  private static func halves(_ text: String, isMono: Bool) -> [String] {
    let words = text.split(separator: " ")
    let pairs = words.indices.dropFirst().map { index in
      [words[..<index], words[index...]].map { $0.joined(separator: " ") }
    }
    func widest(_ pair: [String]) -> Double {
      pair.map { width($0, isMono: isMono) }.max() ?? 0
    }
    return pairs.min { widest($0) < widest($1) } ?? [text]
  }

  /// The width of a text by its size, in letters at least as wide as those of common fonts.
  private static func width(_ text: String, isMono: Bool) -> Double {
    isMono ? Double(text.count) * 0.61 : Double(TitleLayout.width(text)) / 1000
  }
}
