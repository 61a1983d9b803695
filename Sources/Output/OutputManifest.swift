package import Layout
import Proof

/// The paths of a site's files, each as the first 16 bytes of its SHA-256; the files of a
/// certificate's folder together, under the hash of the folder's path.
///
/// Certificate addresses cannot be guessed, so their hashes tell nobody anything.
package struct OutputManifest: Sendable, Equatable {
  /// A file by its path's hash, or a certificate's folder and which of its files there are.
  package struct Entry: Hashable, Comparable {
    fileprivate let high: UInt64
    /// The last six bits are the folder's `CertificateFiles`, none for a file by itself.
    private let low: UInt64

    private static let flags: UInt64 = 63

    fileprivate init(high: UInt64, low: UInt64) {
      self.high = high
      self.low = low
    }

    /// A file; one of a certificate's is its folder with that file alone.
    package init(_ path: OutputPath) {
      if let (code, file) = CertificateFiles.parts(of: path) {
        self.init(code.folderBytes, files: file)
      } else {
        self.init(path.bytes)
      }
    }

    /// - Parameter files: of the folder; none for the path of a file.
    package init(_ path: some Collection<UInt8>, files: CertificateFiles = []) {
      let digest = Digest(hashing: path)
      high = digest.high
      low = digest.low & ~Self.flags | UInt64(files.rawValue)
    }

    /// An entry of an earlier version as one of this version.
    ///
    /// - Parameter bits: how many of the last bits are files there; the others are digits of the hash.
    fileprivate func reading(bits: UInt64) -> Entry {
      Entry(high: high, low: low & ~Self.flags | low & ((1 << bits) - 1))
    }

    fileprivate var words: [UInt64] { [high, low] }

    package var files: CertificateFiles { CertificateFiles(rawValue: UInt8(low & Self.flags)) }

    /// The same path with other files; nil for a folder without any.
    fileprivate func with(_ files: CertificateFiles) -> Entry? {
      files.isEmpty ? nil : Entry(high: high, low: low & ~Self.flags | UInt64(files.rawValue))
    }

    fileprivate var isFolder: Bool { !files.isEmpty }

    /// Whether two entries are of one path.
    fileprivate func isSamePath(_ other: Entry) -> Bool {
      high == other.high && low & ~Self.flags == other.low & ~Self.flags
        && isFolder == other.isFolder
    }

    package static func < (left: Entry, right: Entry) -> Bool {
      left.high != right.high ? left.high < right.high : left.low < right.low
    }
  }

  private static let heading = Array("canting output, version 5\n".utf8)
  /// Earlier versions: how many bits are files, and whether there is SHA-256 at the end.
  private static let earlier: [(heading: [UInt8], bits: UInt64, hasDigest: Bool)] = [
    (Array("canting output, version 4\n".utf8), 5, true),
    (Array("canting output, version 3\n".utf8), 5, false),
    (Array("canting output, version 2\n".utf8), 3, false),
  ]

  /// Sorted, each path once.
  private let entries: [Entry]

  private init(sorted entries: [Entry]) {
    self.entries = entries
  }

  package init(_ entries: [Entry]) {
    var entries = entries
    entries.sort()
    // Two entries of one path would be a manifest that the next build takes for a damaged one.
    var last = 0
    for position in entries.indices.dropFirst() {
      let entry = entries[position]
      if entries[last].isSamePath(entry) {
        entries[last] = entries[last].with(entries[last].files.union(entry.files)) ?? entry
      } else {
        last += 1
        entries[last] = entry
      }
    }
    if !entries.isEmpty { entries.removeSubrange((last + 1)...) }
    self.init(sorted: entries)
  }

  /// - Parameter folders: of certificates, with the files that they have.
  package init(
    paths: some Sequence<String>, folders: [(path: String, files: CertificateFiles)] = []
  ) {
    self.init(
      paths.map { Entry(OutputPath($0)) } + folders.map { Entry($0.path.utf8, files: $0.files) })
  }

  /// Reads a manifest file; nil when it was cut or changed, or is of another version.
  package init?(_ file: [UInt8]) {
    let version = Self.earlier.first { file.starts(with: $0.heading) }
    let heading = version?.heading ?? Self.heading
    let content =
      version?.hasDigest ?? true
      ? DigestedFile.content(file, heading) : file.dropFirst(heading.count)
    guard let content, content.count.isMultiple(of: 8),
      let entries = DigestedFile.records(
        DigestedFile.words(content)[...], of: 2,
        { words in
          let entry = Entry(high: words[words.startIndex], low: words[words.startIndex + 1])
          return version.map { entry.reading(bits: $0.bits) } ?? entry
        })
    else { return nil }
    for position in entries.indices.dropFirst() {
      guard entries[position - 1] < entries[position],
        !entries[position - 1].isSamePath(entries[position])
      else { return nil }
    }
    self.init(sorted: entries)
  }

  package var isEmpty: Bool { entries.isEmpty }

  /// How many files.
  package var count: Int {
    entries.reduce(0) { $0 + max(1, $1.files.count) }
  }

  /// The file's bytes.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    forEachPiece { bytes += $0 }
    return bytes
  }

  /// Gives the file's bytes in pieces.
  func forEachPiece(_ visit: ([UInt8]) throws -> Void) rethrows {
    try DigestedFile.forEachPiece(Self.heading, entries.lazy.flatMap(\.words), [], visit)
  }

  package func contains(_ path: String) -> Bool { contains(OutputPath(path)) }

  package func contains(_ path: OutputPath) -> Bool {
    if find(Entry(path.bytes)) != nil { return true }
    guard let slash = path.bytes.lastIndex(of: UInt8(ascii: "/")),
      let file = CertificateFiles(name: path.bytes[(slash + 1)...]),
      let folder = find(Entry(path.bytes[..<slash], files: file))
    else { return false }
    return folder.files.contains(file)
  }

  package func contains(_ entry: Entry) -> Bool { find(entry) != nil }

  /// Which of a certificate's files are among them.
  func files(ofFolder folder: [UInt8]) -> CertificateFiles {
    find(Entry(folder, files: .page))?.files ?? []
  }

  private func find(_ wanted: Entry) -> Entry? {
    let place = entries.sortedPosition { $0 < wanted }
    // Of one folder, there is one entry: with fewer files before the place, or with more behind it.
    for position in [place, place - 1] where entries.indices.contains(position) {
      if entries[position].isSamePath(wanted) { return entries[position] }
    }
    return nil
  }

  package func union(_ other: OutputManifest) -> OutputManifest {
    if other.entries == entries { return self }
    var merged: [Entry] = []
    merged.reserveCapacity(max(entries.count, other.entries.count) + 1024)
    walk(with: other) { own, others in
      if let own, let others {
        merged.append(own.with(own.files.union(others.files)) ?? own)
      } else if let only = own ?? others {
        merged.append(only)
      }
    }
    return OutputManifest(sorted: merged)
  }

  package func subtracting(_ other: OutputManifest) -> OutputManifest {
    if other.entries == entries { return OutputManifest(sorted: []) }
    var rest: [Entry] = []
    walk(with: other) { own, others in
      guard let own else { return }
      guard let others else { return rest.append(own) }
      if let left = own.with(own.files.subtracting(others.files)) { rest.append(left) }
    }
    return OutputManifest(sorted: rest)
  }

  /// Visits the entries of both in their order, those of one path together.
  private func walk(
    with other: OutputManifest, visit: (_ own: Entry?, _ others: Entry?) -> Void
  ) {
    var (left, right) = (0, 0)
    while left < entries.count, right < other.entries.count {
      let (own, others) = (entries[left], other.entries[right])
      if own.isSamePath(others) {
        visit(own, others)
        left += 1
        right += 1
      } else if own < others {
        visit(own, nil)
        left += 1
      } else {
        visit(nil, others)
        right += 1
      }
    }
    for own in entries[left...] { visit(own, nil) }
    for others in other.entries[right...] { visit(nil, others) }
  }
}
