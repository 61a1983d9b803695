/// A file of the generated site, relative to its root, as in `schemes/index.html`.
public struct OutputPath: Sendable, Hashable, Comparable {
  /// Without a leading slash; never empty, absolute or leading upwards.
  public let text: String

  /// Takes a path that the program makes itself out of slugs and hexadecimal digits.
  init(_ text: String) {
    self.text = text
  }

  /// The file behind an address such as `/schemes/`.
  init(page address: String) {
    text = address.dropFirst() + (address.hasSuffix("/") ? "index.html" : "")
  }

  public static func < (left: OutputPath, right: OutputPath) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }
}

extension OutputPath: CustomStringConvertible {
  public var description: String { text }
}
