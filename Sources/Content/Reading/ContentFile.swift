import Crypto
public import Diagnostics
import Files
import Foundation
public import SystemPackage

/// A picture or document beside the texts, which the site gets a copy of.
public struct ContentFile: Sendable {
  /// Relative to the project.
  public let path: String
  public let file: FilePath
  public let byteCount: Int
  /// The first hexadecimal digits of the SHA-256 of its bytes.
  public let hash: String
  /// Width and height of a picture, as it is shown.
  public let size: ImageSize?
  /// Makes it smaller; nil for what keeps its size: drawings, animations, documents, and all pictures where
  /// the machine has no libvips.
  let scaler: PictureScaler?
  /// Whether it is of the kind that iPhones make, and few browsers show.
  let isHEIC: Bool

  /// What a picture may be, by the ending of its name.
  static let pictures = ["png", "jpg", "jpeg", "gif", "webp", "svg", "heic", "heif"]

  /// All that the site has of it, the smallest first; the last is for whoever loads one alone.
  public var published: [PublishedFile] { PublishedFile.all(of: self) }

  /// Whether phones would get a smaller picture, were there a program that makes it.
  public var lacksSmallerSizes: Bool {
    ["jpg", "jpeg", "png", "webp"].contains(ending) && scaler == nil
      && PublishedFile.isWide(size)
  }

  /// The name on the site of what it has for whoever loads one file alone.
  public var publicName: String { published.last?.name ?? stem }

  /// The words of its name that addresses may have.
  var stem: String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let stem = slugText(String(name.dropLast(ending.count + 1)))
    return stem.isEmpty ? "file" : stem
  }

  var ending: String { Self.ending(of: path).lowercased() }
  var isPicture: Bool { Self.isPicture(path) }
  var isPNG: Bool { ending == "png" }
  /// Whether it can have nothing that is seen through.
  var isPhotograph: Bool { isHEIC || ["jpg", "jpeg"].contains(ending) }

  /// Whether a path is that of a picture.
  public static func isPicture(_ path: String) -> Bool {
    pictures.contains(ending(of: path).lowercased())
  }

  /// The endings of documents that readers may fetch.
  public static var documentEndings: [String] { DocumentKind.endings }

  /// Whether a file may be copied to the site at all.
  public static func isPublishable(_ path: String) -> Bool {
    isPicture(path) || DocumentKind(ending(of: path)) != nil
  }

  /// What readers are told of a document before they fetch it, as in `PDF, 24 kB`.
  ///
  /// - Parameter language: decides how a fraction is written.
  public func details(in language: String) -> String {
    let kilobytes = max(1, (byteCount + 999) / 1000)
    let kind = Self.ending(of: path).uppercased()
    guard kilobytes >= 1000 else { return "\(kind), \(kilobytes)\u{A0}kB" }
    let tenths = (byteCount + 50_000) / 100_000
    let sign = language == "en" ? "." : ","
    let size = tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10)\(sign)\(tenths % 10)"
    return "\(kind), \(size)\u{A0}MB"
  }

  private static func ending(of path: String) -> String {
    guard let dot = path.lastIndex(of: ".") else { return "" }
    return String(path[path.index(after: dot)...])
  }

  /// Its bytes as they are published, a picture's without metadata; they must still be those that were laid
  /// out.
  ///
  /// - Throws: `MachineFailure` when they changed in between.
  public func bytes() throws(MachineFailure) -> [UInt8] {
    if let read = try SourceFile.readBytes(file, displayPath: path) {
      let bytes = PictureMetadata(of: read)?.bytes ?? read
      if Self.hash(of: bytes) == hash { return bytes }
    }
    throw MachineFailure("read \(path)", reason: "the file changed while the site was being made")
  }

  /// Where a file of the content folder lies; nil for one that lies outside of it.
  static func place(of path: String, content: FilePath, displayPath root: String) -> FilePath? {
    let file = content.appending(String(path.dropFirst(root.count + 1)))
    // A symbolic link must not carry anything from elsewhere on the machine to the web.
    let real = URL(fileURLWithPath: file.string).resolvingSymlinksInPath().path
    let home = URL(fileURLWithPath: content.string).resolvingSymlinksInPath().path
    return real.hasPrefix(home + "/") ? file : nil
  }

  /// Looks at a file; nil where there is none, or, with a finding, where it is not what it seems.
  ///
  /// - Parameter scaler: makes pictures smaller, where the machine can.
  static func read(
    _ path: String, content: FilePath, displayPath root: String, scaler: PictureScaler?,
    findings: inout Findings
  ) throws(MachineFailure) -> ContentFile? {
    let limit = InputFile.Limit.media
    guard isPublishable(path), let file = place(of: path, content: content, displayPath: root),
      try InputFile.isFit(file, displayPath: path, limit: limit, findings: &findings),
      let bytes = try SourceFile.readBytes(file, displayPath: path, limit: limit)
    else { return nil }
    guard isPicture(path) else {
      guard let kind = DocumentKind(ending(of: path)), !kind.isOne(bytes) else {
        return ContentFile(
          path: path, file: file, byteCount: bytes.count, hash: hash(of: bytes), size: nil,
          scaler: nil, isHEIC: false)
      }
      findings.add(
        Diagnostic(
          "bad-document", at: SourceLocation(path: path),
          message: "This file is no \(kind.name), though its name says so",
          hint: "save it again as \(kind.name), or give it the ending of what it is"))
      return nil
    }
    let clean = PictureMetadata(of: bytes)
    let picture = try PictureCheck(
      path: path, bytes: bytes, metadata: clean, scaler: scaler
    ).run(findings: &findings)
    return picture.map {
      ContentFile(
        path: path, file: file, byteCount: bytes.count, hash: hash(of: clean?.bytes ?? bytes),
        size: $0.size, scaler: $0.isScalable ? scaler : nil,
        isHEIC: $0.isHEIC)
    }
  }

  /// The first ten hexadecimal digits of the SHA-256 of some bytes.
  static func hash(of bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).prefix(5).map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }
}
