package import Diagnostics
import Files

extension Unicode.Scalar {
  /// Whether print never shows it as itself: a control, invisible, direction-changing, private-use or
  /// unassigned character.
  package var isUnprintable: Bool {
    // Printable ASCII is most of what is asked about, also in other alphabets' texts.
    if (0x20..<0x7F).contains(value) { return false }
    return switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned: true
    // Fillers are letters that nobody sees. A mark changes the letter before it.
    case .otherLetter: properties.isDefaultIgnorableCodePoint
    default: false
    }
  }

  /// Whether a text of several lines may not hold it.
  ///
  /// Joiners, which scripts and emoji are written with, and the marks that give direction to what has none
  /// may stand in it (U+200C to U+200F).
  package var isForbiddenInText: Bool {
    isUnprintable && self != "\n" && self != "\t" && !(0x200C...0x200F).contains(value)
  }

  /// Its number, as in U+200B.
  package var codePoint: String {
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}

/// A character that may not stand where it was found, in words.
package struct ForbiddenCharacter {
  package static let id: DiagnosticID = "forbidden-character"

  package let message: String
  package let hint: String

  package init(_ scalar: Unicode.Scalar) {
    message =
      "\(scalar.codePoint) stands here, and texts have no control, invisible, direction-changing,"
      + " private-use or unassigned characters"
    hint = "remove \(scalar.codePoint); typing the text anew removes what cannot be seen"
  }
}

extension SourceFile {
  /// A finding for the first forbidden character of every line.
  ///
  /// - Parameter linesAbove: lines that are left out.
  package func forbiddenCharacters(
    below linesAbove: Int = 0, where isForbidden: (Unicode.Scalar) -> Bool
  ) -> [Diagnostic] {
    text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      .dropFirst(linesAbove).compactMap { index, line in
        let scalars = line.unicodeScalars
        guard let place = scalars.firstIndex(where: isForbidden) else { return nil }
        let column = scalars.distance(from: scalars.startIndex, to: place) + 1
        let words = ForbiddenCharacter(scalars[place])
        return Diagnostic(
          ForbiddenCharacter.id, at: SourceLocation(path: path, line: index + 1, column: column),
          message: words.message, hint: words.hint,
          excerpt: Excerpt(line: String(line), column: column))
      }
  }
}
