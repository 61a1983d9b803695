import Input
import Registry

/// What was published under which number: the private side of the ledger.
///
/// The log itself has neither names nor numbers. This index lets the next build say which row no
/// longer agrees with what was published. It holds no names, but it leads to every page: it is
/// part of what the institution backs up and never of the site.
struct PublishedIndex: Sendable {
  struct Line: Sendable {
    /// Position of the issuance in the log.
    let index: Int
    let fingerprint: Fingerprint
    /// Digits that change when the scheme's or the issuer's part of the record does.
    let schemeDigest: String
    let issuerDigest: String
    let revision: Int
    /// Empty once the certificate was erased.
    let number: Text
  }

  /// A line in little room: a million of them stay in memory.
  private struct PackedLine {
    let fingerprint: Fingerprint
    let index: UInt32
    /// Where its number ends in `numbers`.
    let numberEnd: UInt32
    let revision: UInt16
    /// Positions in `digests`.
    let schemeDigest: UInt16
    let issuerDigest: UInt16
  }

  private static let heading = "canting published, version 1"
  private static let newline = UInt8(ascii: "\n")
  private static let tab = UInt8(ascii: "\t")

  /// Digits that change when the registry secret does.
  let secretDigest: String
  /// In the order of the log.
  private var packed: [PackedLine] = []
  private var numbers: [UInt8] = []
  private var digests: [String] = []
  /// The digests in ASCII: a line that is read has one of them, nearly always.
  private var digestBytes: [[UInt8]] = []

  init(secretDigest: String) {
    self.secretDigest = secretDigest
  }

  /// Twelve digits that stand for some bytes.
  static func editionDigest(_ bytes: [UInt8]) -> String {
    String(Digest(hashing: bytes).description.prefix(12))
  }

  /// Makes room for so many lines.
  fileprivate mutating func reserve(_ capacity: Int) {
    packed.reserveCapacity(capacity)
    // Room that is not filled costs nothing; more than this would move what is there.
    numbers.reserveCapacity(capacity * 40)
  }

  /// Adds what was published last.
  mutating func append(_ line: Line) {
    append(
      line.fingerprint, index: line.index, revision: line.revision, number: line.number.bytes,
      schemeDigest: position(of: Array(line.schemeDigest.utf8)[...]),
      issuerDigest: position(of: Array(line.issuerDigest.utf8)[...]))
  }

  private mutating func append(
    _ fingerprint: Fingerprint, index: Int, revision: Int, number: ArraySlice<UInt8>,
    schemeDigest: UInt16, issuerDigest: UInt16
  ) {
    numbers += number
    packed.append(
      PackedLine(
        fingerprint: fingerprint, index: UInt32(index), numberEnd: UInt32(numbers.count),
        revision: UInt16(revision), schemeDigest: schemeDigest, issuerDigest: issuerDigest))
  }

  private mutating func position(of digest: ArraySlice<UInt8>) -> UInt16 {
    if let known = digestBytes.firstIndex(where: { $0[...] == digest }) { return UInt16(known) }
    digests.append(String(decoding: digest, as: UTF8.self))
    digestBytes.append(Array(digest))
    return UInt16(digests.count - 1)
  }

  /// The lines of the log's first entries alone.
  func covered(by size: Int) -> PublishedIndex {
    guard let last = packed.last, last.index >= size else { return self }
    var index = PublishedIndex(secretDigest: secretDigest)
    for line in self where line.index < size { index.append(line) }
    return index
  }

  // MARK: As a file

  /// Gives the file's bytes in pieces: one line a certificate, its fields parted by tabs, and a last
  /// line that says when a byte of the others has changed.
  func forEachPiece(_ visit: ([UInt8]) throws -> Void) rethrows {
    var hash = Digest.Hash()
    var piece = Array("\(Self.heading)\nsecret\t\(secretDigest)\n".utf8)
    for line in self {
      piece += String(line.index).utf8
      piece.append(Self.tab)
      piece += line.fingerprint.hex
      piece.append(Self.tab)
      piece += line.schemeDigest.utf8
      piece.append(Self.tab)
      piece += line.issuerDigest.utf8
      piece.append(Self.tab)
      piece += String(line.revision).utf8
      piece.append(Self.tab)
      piece += line.number.bytes
      piece.append(Self.newline)
      if piece.count > 1 << 16 {
        hash.add(piece)
        try visit(piece)
        piece.removeAll(keepingCapacity: true)
      }
    }
    hash.add(piece)
    try visit(piece + Self.sum(hash.digest))
  }

  private static func sum(_ digest: Digest) -> [UInt8] {
    Array("sha256\t\(digest)\n".utf8)
  }

  /// Reads a file a piece at a time.
  struct Reader {
    private var index: PublishedIndex?
    private var hash = Digest.Hash()
    private var waiting: [UInt8] = []
    private var lines = 0
    private var isWhole = true

    private static let sumLength = sum(Digest(hashing: [])).count
    private let capacity: Int

    /// - Parameter capacity: how many lines there may be; more are read as well.
    init(capacity: Int) {
      self.capacity = capacity
    }

    mutating func take(_ piece: ArraySlice<UInt8>) {
      waiting += piece
      // The last bytes may be the sum's, which is no part of what it sums up.
      let lines = waiting.dropLast(Self.sumLength)
      guard let end = lines.lastIndex(of: newline) else { return }
      hash.add(waiting[...end])
      read(waiting[...end])
      waiting.removeSubrange(...end)
    }

    /// The index; nil when the file was cut or changed.
    mutating func finish() -> PublishedIndex? {
      guard isWhole, waiting == sum(hash.digest) else { return nil }
      return index
    }

    private mutating func read(_ text: ArraySlice<UInt8>) {
      var rest = text
      while isWhole, let end = rest.firstIndex(of: newline) {
        isWhole = read(line: rest[..<end])
        rest = rest[(end + 1)...]
      }
    }

    private mutating func read(line: ArraySlice<UInt8>) -> Bool {
      defer { lines += 1 }
      switch lines {
      case 0: return line.elementsEqual(heading.utf8)
      case 1:
        let start = "secret\t"
        guard line.starts(with: start.utf8) else { return false }
        index = PublishedIndex(
          secretDigest: String(decoding: line.dropFirst(start.utf8.count), as: UTF8.self))
        index?.reserve(capacity)
        return true
      default: return index?.read(line) ?? false
      }
    }
  }

  fileprivate mutating func read(_ line: ArraySlice<UInt8>) -> Bool {
    var rest = line
    func field() -> ArraySlice<UInt8>? {
      guard let end = rest.firstIndex(of: Self.tab) else { return nil }
      defer { rest = rest[(end + 1)...] }
      return rest[..<end]
    }
    guard let index = field().flatMap({ Int(digits: $0) }),
      let fingerprint = field().flatMap({ Fingerprint(hexDigits: $0) }),
      let scheme = field(), let issuer = field(),
      let revision = field().flatMap({ Int(digits: $0) }), revision <= UInt16.max,
      !rest.contains(Self.tab), index > (packed.last.map { Int($0.index) } ?? -1)
    else { return false }
    append(
      fingerprint, index: index, revision: revision, number: rest,
      schemeDigest: position(of: scheme), issuerDigest: position(of: issuer))
    return true
  }
}

extension PublishedIndex: RandomAccessCollection {
  var startIndex: Int { 0 }
  var endIndex: Int { packed.count }

  subscript(position: Int) -> Line {
    let line = packed[position]
    let start = position == 0 ? 0 : Int(packed[position - 1].numberEnd)
    return Line(
      index: Int(line.index), fingerprint: line.fingerprint,
      schemeDigest: digests[Int(line.schemeDigest)], issuerDigest: digests[Int(line.issuerDigest)],
      revision: Int(line.revision), number: Text(numbers[start..<Int(line.numberEnd)]))
  }
}
