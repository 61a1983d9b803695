/// A file of the generated site, relative to its root, as in `schemes/index.html`.
public struct OutputPath: Sendable, Hashable, Comparable {
  /// The folder in which the program keeps what it knows of the site; nothing in it is served.
  package static let stateFolder = ".canting"

  /// Whether it lies there.
  package var isPrivate: Bool { bytes.starts(with: "\(Self.stateFolder)/".utf8) }

  /// UTF-8 without a leading slash; never empty, absolute or leading upwards.
  package let bytes: [UInt8]

  /// Takes a path that the program makes itself out of slugs and hexadecimal digits.
  package init(_ text: String) {
    bytes = Array(text.utf8)
  }

  /// A file in a folder that was made the same way.
  package init(folder: [UInt8], name: String) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(folder.count + 1 + name.utf8.count)
    bytes += folder
    bytes.append(UInt8(ascii: "/"))
    bytes += name.utf8
    self.bytes = bytes
  }

  /// The file behind an address such as `/schemes/`.
  package init(page address: String) {
    self.init(address.dropFirst() + (address.hasSuffix("/") ? "index.html" : ""))
  }

  public var text: String { String(decoding: bytes, as: UTF8.self) }

  public static func < (left: OutputPath, right: OutputPath) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

extension OutputPath: CustomStringConvertible {
  public var description: String { text }
}
