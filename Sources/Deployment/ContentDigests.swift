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
    let bytes = file.readBytes() ?? []
    let start = Self.heading.count
    guard bytes.starts(with: Self.heading), (bytes.count - start).isMultiple(of: 24) else { return }
    entries = bytes.withUnsafeBytes { buffer in
      stride(from: start, to: buffer.count, by: 24).map { offset in
        func word(_ index: Int) -> UInt64 {
          buffer.loadUnaligned(fromByteOffset: offset + index * 8, as: UInt64.self)
        }
        return Entry(key: word(0), signature: word(1), contentDigest: word(2))
      }
    }
  }

  private static var heading: [UInt8] {
    Array("canting uploads, version 1, rules \(HostHeaders.rulesDigest)\n".utf8)
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
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].key < key { low = middle + 1 } else { high = middle }
    }
    return low < entries.count && entries[low].key == key ? entries[low] : nil
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
    var bytes = Self.heading
    bytes.reserveCapacity(bytes.count + entries.count * 24)
    for entry in entries {
      withUnsafeBytes(of: (entry.key, entry.signature, entry.contentDigest)) {
        bytes.append(contentsOf: $0)
      }
    }
    _ = file.write(bytes)
  }
}
