import Diagnostics

/// Looks at a picture before a text shows it.
struct PictureCheck {
  /// Relative to the project.
  let path: String
  let bytes: [UInt8]
  /// Nil where the bytes are not a JPEG, PNG, WebP or GIF.
  let metadata: PictureMetadata?
  let scaler: PictureScaler?

  /// Pixels; the cameras of telephones have up to 200 million.
  private static let largestPicture = 250_000_000

  /// A picture as it is.
  struct Picture {
    /// As it is shown.
    let size: ImageSize
    /// Whether it is one picture of pixels.
    var isScalable = false
    /// Whether it is of the kind that iPhones make, and few browsers show.
    var isHEIC = false
  }

  /// - Returns: nil, with a finding, for what is not the picture that its name says.
  func run(
    findings: inout Findings
  ) throws(MachineFailure) -> Picture? {
    if SVGPicture.isNamed(path) {
      let picture = SVGPicture(bytes, path: path)
      findings.add(contentsOf: picture.findings)
      guard picture.findings.isEmpty else { return nil }
      return picture.size.map { Picture(size: $0) } ?? refuse(&findings)
    }
    if let metadata {
      guard let stored = ImageSize(metadata.bytes),
        let size = metadata.isTurned ? stored.turned : stored
      else { return refuse(&findings) }
      guard size.width * size.height <= Self.largestPicture else {
        findings.add(
          Diagnostic(
            "huge-image", at: SourceLocation(path: path),
            message:
              "A picture has at most \(Self.largestPicture / 1_000_000) million pixels, and this one says"
              + " that it has \(size.width) × \(size.height)",
            hint: "make it smaller in an image program, at most 4000 pixels wide"))
        return nil
      }
      return Picture(size: size, isScalable: !metadata.isAnimated)
    }
    guard isHEIC else { return refuse(&findings) }
    if let size = try scaler?.size(of: bytes, named: path) {
      return Picture(size: size, isScalable: true, isHEIC: true)
    }
    findings.add(
      Diagnostic(
        "bad-image", at: SourceLocation(path: path),
        message: "Few browsers show HEIC, the form in which iPhones keep pictures"
          + (scaler == nil ? "" : ", and libvips cannot read this one"),
        hint:
          "save it as JPEG and name that file (on an iPhone: Settings, Camera, Formats, Most Compatible)"
          + (scaler == nil ? ", or install libvips, which converts it (Debian: libvips-tools)" : "")
      ))
    return nil
  }

  /// Whether the file's first box says that it is HEIF (ISO/IEC 23008-12).
  private var isHEIC: Bool {
    bytes.count > 12 && bytes[4..<8].elementsEqual("ftyp".utf8)
      && ["heic", "heix", "hevc", "heim", "heis", "mif1", "msf1"].contains(
        String(decoding: bytes[8..<12], as: UTF8.self))
  }

  private func refuse(_ findings: inout Findings) -> Picture? {
    findings.add(
      Diagnostic(
        "bad-image", at: SourceLocation(path: path),
        message: "A picture is a PNG, JPEG, GIF, WebP or SVG with a width and a height",
        hint: "open it in an image program and save it again"))
    return nil
  }
}
