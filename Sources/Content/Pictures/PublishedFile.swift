public import Diagnostics
import Files

/// A picture whose beginning is as it should be, and whose pixels cannot be read.
public struct DamagedPicture: Error, Hashable {
  /// Relative to the project.
  let path: String

  public var diagnostic: Diagnostic {
    Diagnostic(
      "bad-image", at: SourceLocation(path: path),
      message: "This picture is damaged: libvips cannot read its pixels",
      hint: "open it in an image program and save it again")
  }
}

/// A file of the site that is made of a picture or document beside the texts: the file itself, or a picture
/// with a smaller width.
public struct PublishedFile: Sendable {
  public let source: ContentFile
  /// How it is made smaller; nil for the file itself.
  private let scaling: (scaler: PictureScaler, width: Int, format: PictureScaler.Format)?

  /// The widths in pixels in which phones get a picture.
  private static let phoneWidths = [480, 960]
  /// The largest width in which pages show a picture, twice over for sharp screens.
  private static let largestWidth = 1600
  /// Bytes from which a picture is written anew, whatever its width.
  private static let heavy = 400_000

  /// All that the site has of a file, the smallest first; the last is for whoever loads one alone.
  static func all(of file: ContentFile) -> [PublishedFile] {
    guard let scaler = file.scaler, let size = file.size else { return [PublishedFile(file, nil)] }
    let isScaled =
      file.isHEIC || size.width > largestWidth || file.byteCount > heavy
    let smaller = phoneWidths.filter { $0 < size.width }.map {
      PublishedFile(file, (scaler, $0, .webP))
    }
    let format: PictureScaler.Format = file.isPhotograph ? .jpeg : .webP
    return smaller + [
      PublishedFile(file, isScaled ? (scaler, min(size.width, largestWidth), format) : nil)
    ]
  }

  /// Whether a picture is wider than what phones get.
  static func isWide(_ size: ImageSize?) -> Bool {
    size.map { $0.width > phoneWidths[0] } ?? false
  }

  private init(
    _ source: ContentFile, _ scaling: (PictureScaler, width: Int, PictureScaler.Format)?
  ) {
    self.source = source
    self.scaling = scaling.map { ($0.0, $0.width, $0.2) }
  }

  /// Whether the bytes are not those of its source.
  public var isScaled: Bool { scaling != nil }

  /// Its name on the site: readable, and another one when the bytes of its source change.
  public var name: String {
    guard let scaling else { return "\(source.stem).\(source.hash).\(source.ending)" }
    return "\(source.stem).\(source.hash)-\(scaling.width).\(scaling.format.rawValue)"
  }

  /// Width and height of a picture as it is shown.
  public var size: ImageSize? {
    guard let size = source.size, let scaling else { return source.size }
    return size.scaled(to: scaling.width)
  }

  /// Its bytes, without metadata.
  ///
  /// - Throws: `MachineFailure` when the source changed after it was laid out, or the machine cannot make it
  ///   smaller; `DamagedPicture`.
  public func bytes() throws -> [UInt8] {
    let bytes = try source.bytes()
    guard let scaling else { return bytes }
    let made = try scaling.scaler.scaled(
      bytes, to: scaling.width, as: scaling.format, isDrawn: source.isPNG, of: source.path)
    guard let made else { throw DamagedPicture(path: source.path) }
    return made
  }
}
