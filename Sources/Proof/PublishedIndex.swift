import Crypto
import Registry

/// What was published under which number: the private side of the ledger.
///
/// The log itself has neither names nor numbers. This index lets the next build say which row no
/// longer agrees with what was published. It holds no names, but it leads to every page: it is
/// part of what the institution backs up and never of the site.
struct PublishedIndex: Sendable, Equatable {
  struct Line: Sendable, Equatable {
    /// Position of the issuance in the log.
    let index: Int
    let fingerprint: Fingerprint
    /// Digits that change when the scheme's or the issuer's part of the record does.
    let schemeMark: String
    let issuerMark: String
    let revision: Int
    /// Empty once the certificate was erased.
    let number: String
  }

  private static let heading = "canting published, version 1"

  /// Digits that change when the registry secret does.
  let secretMark: String
  /// In the order of the log.
  var lines: [Line]

  init(secretMark: String, lines: [Line] = []) {
    self.secretMark = secretMark
    self.lines = lines
  }

  /// Twelve digits that stand for some bytes.
  static func mark(_ bytes: [UInt8]) -> String {
    String(Digest(hashing: bytes).description.prefix(12))
  }

  /// The file's bytes: one line a certificate, its fields parted by tabs.
  var bytes: [UInt8] {
    var text = "\(Self.heading)\nsecret\t\(secretMark)\n"
    for line in lines {
      text +=
        "\(line.index)\t\(line.fingerprint)\t\(line.schemeMark)\t\(line.issuerMark)"
        + "\t\(line.revision)\t\(line.number)\n"
    }
    return Array((text + Self.sum(of: text.utf8)).utf8)
  }

  /// The last line, which says when a byte of the others has changed.
  private static func sum(of text: some Collection<UInt8>) -> String {
    "sha256\t\(Digest(hashing: Array(text)))\n"
  }

  private static let sumLength = sum(of: []).utf8.count

  /// Reads the file; nil when it was cut or changed.
  init?(_ file: [UInt8]) {
    let bytes = file.dropLast(Self.sumLength)
    guard bytes.last == 0x0A,
      file.suffix(Self.sumLength).elementsEqual(Self.sum(of: bytes).utf8)
    else { return nil }
    var rows = bytes.dropLast().split(separator: 0x0A, omittingEmptySubsequences: false)[...]
    func fields(_ row: ArraySlice<UInt8>) -> [String] {
      row.split(separator: 0x09, omittingEmptySubsequences: false).map {
        String(decoding: $0, as: UTF8.self)
      }
    }
    guard rows.popFirst().map(fields) == [Self.heading], let second = rows.popFirst().map(fields),
      second.count == 2, second[0] == "secret"
    else { return nil }
    var lines: [Line] = []
    lines.reserveCapacity(rows.count)
    for row in rows {
      let parts = fields(row)
      guard parts.count == 6, let index = Int(parts[0]), let revision = Int(parts[4]),
        let fingerprint = Fingerprint(hex: parts[1]), index > (lines.last?.index ?? -1)
      else { return nil }
      lines.append(
        Line(
          index: index, fingerprint: fingerprint, schemeMark: parts[2], issuerMark: parts[3],
          revision: revision, number: parts[5]))
    }
    self.init(secretMark: second[1], lines: lines)
  }
}
