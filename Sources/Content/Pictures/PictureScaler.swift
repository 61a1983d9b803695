import Diagnostics
package import Files

/// Makes pictures smaller with libvips' programs, a process for each picture and size.
public struct PictureScaler: Sendable {
  package let thumbnailer: ExternalProgram
  /// Tells how large a picture is that this program cannot read itself; nil where it is not installed.
  private let header: ExternalProgram?
  private let environment: [String: String]

  /// In which form a smaller picture is written.
  enum Format: String, Sendable {
    case jpeg = "jpg"
    case webP = "webp"
  }

  /// - Parameters:
  ///   - thumbnailer: the program `vipsthumbnail`.
  ///   - header: the program `vipsheader`, if there is one.
  ///   - environment: what both run in, besides their locale.
  package init(
    thumbnailer: ExternalProgram, header: ExternalProgram?, environment: [String: String]
  ) {
    self.thumbnailer = thumbnailer
    self.header = header
    // libvips knows which of its readers were never tested with hostile files.
    self.environment = environment.filter { !$0.key.hasPrefix("LC_") && $0.key != "LANGUAGE" }
      .merging(["LANG": "C.UTF-8", "VIPS_BLOCK_UNTRUSTED": "1"]) { $1 }
  }

  /// How many bytes a picture may have that a phone loads, and one that a desktop does. A picture that has
  /// more, even at the lowest quality, has as many as it then has.
  private static func limit(_ width: Int) -> Int { width > 960 ? 400_000 : 110_000 }

  private static let qualities = [75, 60, 45, 30]

  /// A picture with a smaller width, upright, without metadata, in its own colours.
  ///
  /// - Parameters:
  ///   - width: pixels; at most the picture's.
  ///   - isDrawn: whether its edges are to stay sharp where there is room for that.
  ///   - name: of the picture, for the failure.
  /// - Returns: nil where libvips cannot read the picture.
  /// - Throws: `MachineFailure` when the program cannot be run.
  func scaled(
    _ bytes: [UInt8], to width: Int, as format: Format, isDrawn: Bool, of name: String
  ) throws(MachineFailure) -> [UInt8]? {
    var options = Self.qualities.map { "Q=\($0)" }
    if isDrawn, format == .webP { options.insert("lossless", at: 0) }
    var smallest: [UInt8] = []
    for option in options {
      let outcome = try run(
        thumbnailer,
        ["stdin", "--size", "\(width)x", "-o", ".\(format.rawValue)[\(option)]"], bytes, of: name)
      guard outcome.status == 0, let clean = PictureMetadata(of: outcome.output) else { return nil }
      if smallest.isEmpty || clean.bytes.count < smallest.count { smallest = clean.bytes }
      if smallest.count <= Self.limit(width) { break }
    }
    return smallest
  }

  /// The size of a picture as it is shown; nil where libvips cannot read it.
  func size(of bytes: [UInt8], named name: String) throws(MachineFailure) -> ImageSize? {
    guard let header else { return nil }
    let outcome = try run(header, ["stdin"], bytes, of: name)
    let said = String(decoding: outcome.output, as: UTF8.self)
    guard outcome.status == 0, let size = said.prefixMatch(of: /(\d+)x(\d+)\s/),
      let width = Int(size.1), let height = Int(size.2)
    else { return nil }
    return ImageSize(width: width, height: height)
  }

  private func run(
    _ program: ExternalProgram, _ arguments: [String], _ bytes: [UInt8], of name: String
  ) throws(MachineFailure) -> ExternalProgram.Outcome {
    do {
      return try program.run(arguments, environment: environment, input: bytes)
    } catch {
      throw MachineFailure("make \(name) smaller", reason: error.reason)
    }
  }
}
