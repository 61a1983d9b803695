import Crypto

/// The paths of a site's files, each as the first 16 bytes of its SHA-256.
///
/// Certificate addresses cannot be guessed, so their hashes tell nobody anything.
package struct OutputManifest: Sendable, Equatable {
  /// One path's hash.
  struct Entry: Hashable, Comparable {
    let high: UInt64
    let low: UInt64

    fileprivate init(high: UInt64, low: UInt64) {
      self.high = high
      self.low = low
    }

    init(_ path: some Collection<UInt8>) {
      var hash = SHA256()
      if path.withContiguousStorageIfAvailable({
        hash.update(bufferPointer: UnsafeRawBufferPointer($0))
      }) == nil {
        hash.update(data: Array(path))
      }
      self = hash.finalize().withUnsafeBytes { Entry(bytes: $0, at: 0) }
    }

    fileprivate init(bytes: UnsafeRawBufferPointer, at offset: Int) {
      high = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
    }

    static func < (left: Entry, right: Entry) -> Bool {
      left.high != right.high ? left.high < right.high : left.low < right.low
    }
  }

  private static let heading = Array("canting output, version 1\n".utf8)

  /// Sorted, without repetition.
  private let entries: [Entry]

  private init(sorted entries: [Entry]) {
    self.entries = entries
  }

  init(_ paths: some Sequence<OutputPath>) {
    self.init(sorted: paths.map { Entry($0.bytes) }.sorted())
  }

  package init(paths: some Sequence<String>) {
    self.init(paths.map { OutputPath($0) })
  }

  /// Reads a manifest file; nil when it was cut or is of another version.
  package init?(_ bytes: [UInt8]) {
    let start = Self.heading.count
    guard bytes.starts(with: Self.heading), (bytes.count - start).isMultiple(of: 16) else {
      return nil
    }
    let entries = bytes.withUnsafeBytes { buffer in
      stride(from: start, to: buffer.count, by: 16).map { Entry(bytes: buffer, at: $0) }
    }
    guard zip(entries, entries.dropFirst()).allSatisfy({ $0 < $1 }) else { return nil }
    self.init(sorted: entries)
  }

  var isEmpty: Bool { entries.isEmpty }

  package var count: Int { entries.count }

  /// The file's bytes.
  package var bytes: [UInt8] {
    var bytes = Self.heading
    bytes.reserveCapacity(bytes.count + entries.count * 16)
    for entry in entries {
      withUnsafeBytes(of: entry.high.bigEndian) { bytes.append(contentsOf: $0) }
      withUnsafeBytes(of: entry.low.bigEndian) { bytes.append(contentsOf: $0) }
    }
    return bytes
  }

  package func contains(_ path: String) -> Bool { contains(OutputPath(path)) }

  func contains(_ path: OutputPath) -> Bool {
    let wanted = Entry(path.bytes)
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle] < wanted { low = middle + 1 } else { high = middle }
    }
    return low < entries.count && entries[low] == wanted
  }

  package func union(_ other: OutputManifest) -> OutputManifest {
    if other.entries == entries { return self }
    var merged: [Entry] = []
    merged.reserveCapacity(entries.count + other.entries.count)
    var rest = other.entries[...]
    for entry in entries {
      while let next = rest.first, next < entry {
        merged.append(next)
        rest.removeFirst()
      }
      if rest.first == entry { rest.removeFirst() }
      merged.append(entry)
    }
    return OutputManifest(sorted: merged + rest)
  }

  package func subtracting(_ other: OutputManifest) -> OutputManifest {
    var rest = other.entries[...]
    return OutputManifest(
      sorted: entries.filter { entry in
        while let next = rest.first, next < entry { rest.removeFirst() }
        return rest.first != entry
      })
  }
}
