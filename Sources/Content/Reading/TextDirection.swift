/// Which way a text is written.
public enum TextDirection {
  /// How far a text is looked at; one that changes its mind later is rare.
  private static let length = 4000

  /// Whether most letters at the beginning of a text belong to scripts that run from right to left.
  public static func isRightToLeft(_ text: String) -> Bool {
    // In UTF-8, what begins with a smaller byte is no letter of such a script.
    guard text.utf8.contains(where: { $0 >= 0xD6 }) else { return false }
    var balance = 0
    for scalar in text.unicodeScalars.prefix(length) where scalar.properties.isAlphabetic {
      balance += isOfRight(scalar.value) ? 1 : -1
    }
    return balance > 0
  }

  /// Hebrew, Arabic, Syriac, Thaana, N'Ko and their neighbours, with their presentation forms.
  private static func isOfRight(_ value: UInt32) -> Bool {
    (0x0590...0x08FF).contains(value) || (0xFB1D...0xFDFF).contains(value)
      || (0xFE70...0xFEFC).contains(value) || (0x10800...0x10FFF).contains(value)
      || (0x1E800...0x1EFFF).contains(value)
  }
}
