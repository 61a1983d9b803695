import CBrotli
import Diagnostics
import Proof

/// How files are compressed beforehand, for hosts that send such a file in place of the plain one.
public enum Compression: String, Sendable, CaseIterable {
  /// The versions of the libraries in use: others may compress to other bytes.
  public static var libraries: String { "zlib \(Gzip.library) brotli \(BrotliEncoderVersion())" }

  case gzip, brotli

  /// What the compressed file's name ends in, behind the plain one's.
  package var suffix: String {
    switch self {
    case .gzip: ".gz"
    case .brotli: ".br"
    }
  }

  package var certificateFile: CertificateFiles {
    switch self {
    case .gzip: .pageGzip
    case .brotli: .pageBrotli
    }
  }

  /// The same bytes give the same, as long as the system's library stays the same.
  package func compress(_ bytes: [UInt8]) throws -> [UInt8] {
    switch self {
    case .gzip: return try Gzip.compress(bytes)
    case .brotli: return try brotli(bytes)
    }
  }

  /// Larger files are compressed less closely: a sitemap would take longer than all else together.
  private static let large = 1 << 18

  private func brotli(_ bytes: [UInt8]) throws -> [UInt8] {
    let bound = max(1024, BrotliEncoderMaxCompressedSize(bytes.count))
    var size = bound
    let result = [UInt8](unsafeUninitializedCapacity: bound) { target, count in
      let isDone = bytes.withUnsafeBufferPointer { source in
        BrotliEncoderCompress(
          bytes.count > Self.large ? 5 : 9, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, bytes.count,
          source.baseAddress, &size, target.baseAddress)
      }
      count = isDone == BROTLI_TRUE ? size : 0
    }
    guard !result.isEmpty else {
      throw MachineFailure("compress a file", reason: "the brotli library could not do it")
    }
    return result
  }

  /// Whether compressed bytes are those of a plain file, however closely they were compressed.
  package func isCompressed(_ bytes: [UInt8], of plain: [UInt8]) -> Bool {
    switch self {
    case .gzip:
      do {
        return try Gzip.decompress(bytes, limit: plain.count) == plain
      } catch {
        return false
      }
    case .brotli: return decompressed(bytes, limit: plain.count) == plain
    }
  }

  /// The content of one brotli stream; nil when it is damaged, followed by anything, or longer than
  /// `limit`.
  private func decompressed(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
    guard let decoder = BrotliDecoderCreateInstance(nil, nil, nil) else { return nil }
    defer { BrotliDecoderDestroyInstance(decoder) }
    var isWhole = false
    let content = [UInt8](unsafeUninitializedCapacity: limit + 1) { target, count in
      bytes.withUnsafeBufferPointer { source in
        var (waiting, room) = (source.count, limit + 1)
        var (next, end) = (source.baseAddress, target.baseAddress)
        let result = BrotliDecoderDecompressStream(decoder, &waiting, &next, &room, &end, nil)
        isWhole = result == BROTLI_DECODER_RESULT_SUCCESS && waiting == 0
        count = limit + 1 - room
      }
    }
    return isWhole ? content : nil
  }

  private static let textTypes: Set<Substring> = [
    "html", "css", "js", "mjs", "json", "jsonld", "svg", "xml", "txt", "csv", "webmanifest",
  ]

  /// Whether the site has a file in compressed forms too. The path tells, since paths are decided before
  /// there are bytes.
  package static func isCompressible(for path: OutputPath) -> Bool {
    let text = path.text
    guard SiteFolder.of(path)?.isCompressible ?? !path.isPrivate, let dot = text.lastIndex(of: ".")
    else { return false }
    return textTypes.contains(text[text.index(after: dot)...])
  }

  /// The path of a compressed file beside the plain one.
  package func path(of plain: OutputPath) -> OutputPath { OutputPath(plain.text + suffix) }

  /// The path of the plain file that a path may stand for in a compressed form, and that form.
  package static func parts(of path: OutputPath) -> (plain: OutputPath, compression: Compression?) {
    let text = path.text
    guard let kind = allCases.first(where: { text.hasSuffix($0.suffix) }) else {
      return (path, nil)
    }
    return (OutputPath(String(text.dropLast(kind.suffix.count))), kind)
  }
}
