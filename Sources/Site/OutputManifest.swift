import Crypto

/// The paths of a site's files, each as the first 16 bytes of its SHA-256.
///
/// Certificate addresses cannot be guessed, so their hashes tell nobody anything.
package struct OutputManifest: Sendable, Equatable {
  /// One path's hash.
  private struct Entry: Hashable, Comparable {
    let high: UInt64
    let low: UInt64

    init(high: UInt64, low: UInt64) {
      self.high = high
      self.low = low
    }

    init(_ path: String) {
      var words: (UInt64, UInt64) = (0, 0)
      for (index, byte) in SHA256.hash(data: Array(path.utf8)).prefix(16).enumerated() {
        if index < 8 { words.0 = words.0 << 8 | UInt64(byte) }
        if index >= 8 { words.1 = words.1 << 8 | UInt64(byte) }
      }
      self.init(high: words.0, low: words.1)
    }

    static func < (left: Entry, right: Entry) -> Bool {
      (left.high, left.low) < (right.high, right.low)
    }
  }

  private static let heading = Array("canting output, version 1\n".utf8)

  /// Sorted, without repetition.
  private let entries: [Entry]

  private init(sorted entries: [Entry]) {
    self.entries = entries
  }

  package init(paths: some Sequence<String>) {
    self.init(sorted: paths.map { Entry($0) }.sorted())
  }

  /// Reads a manifest file; nil when it was cut or is of another version.
  package init?(_ bytes: [UInt8]) {
    guard bytes.starts(with: Self.heading) else { return nil }
    let body = bytes.dropFirst(Self.heading.count)
    guard body.count.isMultiple(of: 16) else { return nil }
    var entries: [Entry] = []
    entries.reserveCapacity(body.count / 16)
    func word(_ start: Int) -> UInt64 { body[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) } }
    for start in stride(from: body.startIndex, to: body.endIndex, by: 16) {
      entries.append(Entry(high: word(start), low: word(start + 8)))
    }
    guard zip(entries, entries.dropFirst()).allSatisfy({ $0 < $1 }) else { return nil }
    self.init(sorted: entries)
  }

  var isEmpty: Bool { entries.isEmpty }

  /// The file's bytes.
  package var bytes: [UInt8] {
    var bytes = Self.heading
    bytes.reserveCapacity(bytes.count + entries.count * 16)
    for entry in entries {
      for word in [entry.high, entry.low] {
        withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
      }
    }
    return bytes
  }

  package func contains(_ path: String) -> Bool {
    let wanted = Entry(path)
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle] < wanted { low = middle + 1 } else { high = middle }
    }
    return low < entries.count && entries[low] == wanted
  }

  package func union(_ other: OutputManifest) -> OutputManifest {
    OutputManifest(sorted: Set(entries).union(other.entries).sorted())
  }

  package func subtracting(_ other: OutputManifest) -> OutputManifest {
    let others = Set(other.entries)
    return OutputManifest(sorted: entries.filter { !others.contains($0) })
  }
}
