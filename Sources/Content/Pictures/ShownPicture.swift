/// A picture of the site as a page shows it.
public struct ShownPicture: Sendable, Hashable {
  /// One that is smaller, for narrower or coarser screens.
  struct Smaller: Sendable, Hashable {
    let address: String
    /// Pixels.
    let width: Int
  }

  public let address: String
  /// Keeps the text in place while the picture loads.
  public let size: ImageSize?
  private let smaller: [Smaller]

  /// How wide pages show a picture, as the attribute `sizes` has it.
  ///
  /// A phone of 360 to 440 px is told 320 px: with its two or three dots a pixel it then takes the picture of
  /// 960, whose 2.5 dots nobody tells from three, and not that of 1600, which has three times the bytes.
  public static let widths = "(min-width: 45rem) 42rem, 20rem"

  /// - Parameter address: of the site, before those of its files; empty for addresses without a host.
  public init(_ file: ContentFile, address: (String) -> String) {
    let files = file.published
    self.address = address(file.publicName)
    size = files.last?.size
    smaller = files.dropLast().compactMap { file in
      file.size.map { Smaller(address: address(file.name), width: $0.width) }
    }
  }

  public init(address: String, size: ImageSize? = nil) {
    self.address = address
    self.size = size
    smaller = []
  }

  /// Alone, at an address of the whole web.
  public func absolute(_ site: String) -> ShownPicture {
    ShownPicture(address: site + address, size: size)
  }

  /// What the attribute `srcset` names; nil where there is one size.
  public var sources: String? {
    guard !smaller.isEmpty, let size else { return nil }
    return (smaller + [Smaller(address: address, width: size.width)])
      .map { "\($0.address) \($0.width)w" }.joined(separator: ", ")
  }
}
