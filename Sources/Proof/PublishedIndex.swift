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
    let schemeMark: String
    let issuerMark: String
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
    /// Positions in `marks`.
    let schemeMark: UInt16
    let issuerMark: UInt16
  }

  private static let heading = "canting published, version 1"
  private static let newline = UInt8(ascii: "\n")
  private static let tab = UInt8(ascii: "\t")

  /// Digits that change when the registry secret does.
  let secretMark: String
  /// In the order of the log.
  private var packed: [PackedLine] = []
  private var numbers: [UInt8] = []
  private var marks: [String] = []

  init(secretMark: String) {
    self.secretMark = secretMark
  }

  /// Twelve digits that stand for some bytes.
  static func mark(_ bytes: [UInt8]) -> String {
    String(Digest(hashing: bytes).description.prefix(12))
  }

  /// Adds what was published last.
  mutating func append(_ line: Line) {
    numbers += line.number.bytes
    packed.append(
      PackedLine(
        fingerprint: line.fingerprint, index: UInt32(line.index),
        numberEnd: UInt32(numbers.count), revision: UInt16(line.revision),
        schemeMark: position(of: line.schemeMark), issuerMark: position(of: line.issuerMark)))
  }

  private mutating func position(of mark: String) -> UInt16 {
    if let known = marks.firstIndex(of: mark) { return UInt16(known) }
    marks.append(mark)
    return UInt16(marks.count - 1)
  }

  /// The lines of the log's first entries alone.
  func covered(by size: Int) -> PublishedIndex {
    guard let last = packed.last, last.index >= size else { return self }
    var index = PublishedIndex(secretMark: secretMark)
    for line in self where line.index < size { index.append(line) }
    return index
  }

  // MARK: As a file

  /// The file's bytes: one line a certificate, its fields parted by tabs.
  var bytes: [UInt8] {
    var bytes = Array("\(Self.heading)\nsecret\t\(secretMark)\n".utf8)
    bytes.reserveCapacity(bytes.count + packed.count * 140)
    for line in self {
      bytes += String(line.index).utf8
      bytes.append(Self.tab)
      bytes += line.fingerprint.hex
      bytes.append(Self.tab)
      bytes += line.schemeMark.utf8
      bytes.append(Self.tab)
      bytes += line.issuerMark.utf8
      bytes.append(Self.tab)
      bytes += String(line.revision).utf8
      bytes.append(Self.tab)
      bytes += line.number.bytes
      bytes.append(Self.newline)
    }
    return bytes + Self.sum(of: bytes[...])
  }

  /// The last line, which says when a byte of the others has changed.
  private static func sum(of text: ArraySlice<UInt8>) -> [UInt8] {
    Array("sha256\t\(Digest(hashing: text))\n".utf8)
  }

  private static let sumLength = sum(of: []).count

  /// Reads the file; nil when it was cut or changed.
  init?(_ file: [UInt8]) {
    let bytes = file.dropLast(Self.sumLength)
    guard bytes.last == Self.newline, file.suffix(Self.sumLength) == Self.sum(of: bytes)[...] else {
      return nil
    }
    var rest = bytes
    let start = Array("secret\t".utf8)
    guard let heading = Self.line(&rest), heading.elementsEqual(Self.heading.utf8),
      let second = Self.line(&rest), second.starts(with: start)
    else { return nil }
    self.init(secretMark: String(decoding: second.dropFirst(start.count), as: UTF8.self))
    while let line = Self.line(&rest) {
      guard read(line) else { return nil }
    }
  }

  /// Takes the next line off.
  private static func line(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard let end = rest.firstIndex(of: newline) else { return nil }
    defer { rest = rest[(end + 1)...] }
    return rest[..<end]
  }

  private mutating func read(_ line: ArraySlice<UInt8>) -> Bool {
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
      Line(
        index: index, fingerprint: fingerprint,
        schemeMark: String(decoding: scheme, as: UTF8.self),
        issuerMark: String(decoding: issuer, as: UTF8.self), revision: revision,
        number: Text(rest)))
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
      schemeMark: marks[Int(line.schemeMark)], issuerMark: marks[Int(line.issuerMark)],
      revision: Int(line.revision), number: Text(numbers[start..<Int(line.numberEnd)]))
  }
}
