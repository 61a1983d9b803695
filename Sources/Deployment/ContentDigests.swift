import Files
import Layout
import Output
public import SystemPackage

/// The digests of a site's files by their signatures, so that the next deploy need not read them again.
///
/// Like all that lies in `.canting-cache`, it saves time and nothing else.
public struct ContentDigests: Sendable {
  private struct Entry {
    let key, signature, contentDigest: UInt64
  }

  private let file: BuildCacheFile
  private var entries: [Entry] = []

  /// Reads what is known of the files of a site.
  public init(root: FilePath, output: FilePath) {
    file = BuildCacheFile(root: root, output: output, kind: "uploads")
    entries =
      file.readBytes().flatMap { DigestedFile.content($0, Self.heading) }
      .flatMap { content in
        DigestedFile.records(DigestedFile.words(content)[...], of: 3) { words in
          let start = words.startIndex
          return Entry(
            key: words[start], signature: words[start + 1], contentDigest: words[start + 2])
        }
      } ?? []
  }

  private static var heading: [UInt8] {
    Array("canting uploads, version 2, rules \(HostHeaders.rulesDigest)\n".utf8)
  }

  func contentDigest(_ path: OutputPath, _ signature: StatSignature) -> UInt64? {
    guard let entry = entry(TargetState.key(path)), entry.signature == signature.value else {
      return nil
    }
    return entry.contentDigest
  }

  /// Whether there is a file of this key.
  func knows(_ key: UInt64) -> Bool { entry(key) != nil }

  private func entry(_ key: UInt64) -> Entry? {
    let position = entries.sortedPosition { $0.key < key }
    return position < entries.count && entries[position].key == key ? entries[position] : nil
  }

  /// Forgets what it knew and takes other files.
  func replaced(by files: [(key: UInt64, signature: UInt64, contentDigest: UInt64)])
    -> ContentDigests
  {
    var digests = self
    digests.entries = files.map {
      Entry(key: $0.key, signature: $0.signature, contentDigest: $0.contentDigest)
    }
    digests.entries.sort { $0.key < $1.key }
    return digests
  }

  /// Stores them for the next deploy, which takes longer where that fails.
  public func remember() {
    let words = entries.flatMap { [$0.key, $0.signature, $0.contentDigest] }
    _ = file.write(DigestedFile.bytes(Self.heading, words))
  }
}
