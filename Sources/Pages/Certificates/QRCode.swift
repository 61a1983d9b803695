import CQREncode
package import Diagnostics
import Synchronization

/// A QR code: square, error correction M, as libqrencode makes it.
package struct QRCode: Sendable, Equatable {
  /// Free modules on every side; ISO/IEC 18004 wants four.
  package static let quietZone = 4

  /// One word a row, the leftmost module in the lowest bit; a set bit is a dark module.
  package fileprivate(set) var rows: [UInt64]
  /// Set where a module carries no data.
  fileprivate let patterns: [UInt64]

  /// - Throws: `MachineFailure` when the text is too long for 64 modules a side: 251 bytes.
  package init(_ text: String) throws(MachineFailure) {
    let bytes = Array(text.utf8)
    guard let code = QRcode_encodeData(Int32(bytes.count), bytes, 0, QR_ECLEVEL_M) else {
      throw MachineFailure("make a QR code of \(text)", reason: "it is too long")
    }
    defer { QRcode_free(code) }
    let width = Int(code.pointee.width)
    guard width <= 64 else {
      throw MachineFailure("make a QR code of \(text)", reason: "it is longer than 251 bytes")
    }
    let modules = UnsafeBufferPointer(start: code.pointee.data, count: width * width)
    func row(_ row: Int, _ mask: UInt8) -> UInt64 {
      (0..<width).reduce(0) { word, column in
        modules[row * width + column] & mask == 0 ? word : word | 1 << UInt64(column)
      }
    }
    // libqrencode: bit 0 is a dark module, bit 7 one that carries no data.
    rows = (0..<width).map { row($0, 0x01) }
    patterns = (0..<width).map { row($0, 0x80) }
  }

  /// Modules a side, without the quiet zone.
  package var width: Int { rows.count }

  /// Modules a side with the quiet zone: the side of the view box that `path` is drawn in.
  package var size: Int { width + 2 * Self.quietZone }

  package func isDark(row: Int, column: Int) -> Bool { rows[row] >> UInt64(column) & 1 != 0 }

  /// SVG path data: a stroke one unit wide along every run of dark modules.
  package func appendPath(to bytes: inout [UInt8]) {
    // A row has at most half as many runs as modules, and a run takes at most eight bytes, the first
    // one eleven. Eight bytes are written at a time, whatever of them counts.
    let most = rows.count * ((rows.count / 2 + 1) * 8 + 3) + 8
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: most) { path in
      Word.shortRuns.withUnsafeBufferPointer { shortRuns in
        var writer = PathWriter(path: path, shortRuns: shortRuns)
        for (row, modules) in rows.enumerated() where modules != 0 { writer.append(row, modules) }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: path[..<writer.count]))
      }
    }
  }

  /// Writes path data into room that has enough of it.
  private struct PathWriter {
    let path: UnsafeMutableBufferPointer<UInt8>
    let shortRuns: UnsafeBufferPointer<Word>
    var count = 0

    mutating func append(_ row: Int, _ modules: UInt64) {
      var rest = modules
      var (gap, run) = Self.takeRun(from: &rest)
      append(Word("M", gap + QRCode.quietZone))
      append(Word(" ", row + QRCode.quietZone))
      append(Word(".5h", run))
      while rest != 0 {
        (gap, run) = Self.takeRun(from: &rest)
        append(gap < 16 && run < 16 ? shortRuns[gap << 4 | run] : Word(gap: gap, run: run))
      }
    }

    /// Takes the light modules in front, and the dark ones behind them.
    private static func takeRun(from rest: inout UInt64) -> (gap: Int, run: Int) {
      let gap = rest.trailingZeroBitCount
      rest >>= UInt64(gap)
      let run = (~rest).trailingZeroBitCount
      rest = run == 64 ? 0 : rest >> UInt64(run)
      return (gap, run)
    }

    private mutating func append(_ word: Word) {
      UnsafeMutableRawPointer(path.baseAddress)?.storeBytes(
        of: word.bytes.littleEndian, toByteOffset: count, as: UInt64.self)
      count += word.bits / 8
    }
  }

  /// Up to eight ASCII characters, the first in the lowest byte.
  private struct Word {
    private(set) var bytes: UInt64 = 0
    private(set) var bits = 0

    /// Those of gaps and runs below 16, which nearly all are.
    static let shortRuns = (0..<256).map { Word(gap: $0 >> 4, run: $0 & 15) }

    init(_ signs: StaticString, _ number: Int) {
      append(signs, number)
    }

    /// A stroke along a run, from where the last one ends.
    init(gap: Int, run: Int) {
      append("m", gap)
      append(" 0h", run)
    }

    /// Takes a number below 100.
    private mutating func append(_ signs: StaticString, _ number: Int) {
      signs.withUTF8Buffer { for sign in $0 { append(sign) } }
      if number >= 10 { append(UInt8(ascii: "0") + UInt8(number / 10)) }
      append(UInt8(ascii: "0") + UInt8(number % 10))
    }

    private mutating func append(_ byte: UInt8) {
      bytes |= UInt64(byte) << UInt64(bits)
      bits += 8
    }
  }
}

/// QR codes of addresses that differ in nothing but the 32 digits of a certificate's code.
///
/// Within one mask, a QR code is linear in its text's bits: Reed-Solomon codes are, and the mask is
/// added to them. So the code of any address is that of one address plus, for each digit that
/// differs, the sum of patterns that libqrencode made once. Every code has the mask of the first; a
/// reader takes any. Making a code this way costs a hundredth of making it anew.
///
/// The patterns cost as much as 160 codes, and most builds change few pages: the first codes are made
/// one by one, with the same modules.
package final class CertificateQRCodes: Sendable {
  private let address: String
  private let base: QRCode
  /// How many codes were made one by one.
  private let made = Mutex(0)
  private let differences = AtomicLazyReference<Differences>()

  /// By digit's position and value, the modules that differ from `base`, row by row, all behind one
  /// another.
  private final class Differences: Sendable {
    let rows: [UInt64]

    init(_ rows: [UInt64]) {
      self.rows = rows
    }
  }

  private static let baseDigits = Array("0123456789abcdef0123456789abcdef".utf8)
  /// How many codes are made one by one.
  package static let fewest = 64

  /// - Parameter address: the site's, without a slash at its end.
  /// - Throws: `MachineFailure` when the address is too long for a QR code.
  package init(site address: String) throws(MachineFailure) {
    self.address = address
    base = try QRCode(Self.text(address, Self.baseDigits))
  }

  private static func text(_ address: String, _ digits: [UInt8]) -> String {
    let code = String(decoding: digits, as: UTF8.self)
    return "\(address)/c/\(code.prefix(2))/\(code.dropFirst(2))/"
  }

  package var size: Int { base.size }

  /// The QR code of the certificate whose code has these 32 hexadecimal digits.
  ///
  /// - Throws: `MachineFailure` when the machine has no room for it.
  package func code(_ digits: some Sequence<UInt8>) throws(MachineFailure) -> QRCode {
    guard let differences = try whatDiffers() else { return try made(Array(digits.prefix(32))) }
    var code = base
    code.rows.withUnsafeMutableBufferPointer { rows in
      differences.rows.withUnsafeBufferPointer { differences in
        for (position, digit) in digits.prefix(32).enumerated() {
          let value = digit < UInt8(ascii: "a") ? digit & 0x0F : digit - UInt8(ascii: "a") + 10
          let start = (position * 16 + Int(value)) * rows.count
          let pattern = UnsafeBufferPointer(rebasing: differences[start..<start + rows.count])
          for row in 0..<rows.count { rows[row] ^= pattern[row] }
        }
      }
    }
    return code
  }

  /// The code of one address, by the library.
  private func made(_ digits: [UInt8]) throws(MachineFailure) -> QRCode {
    var code = try QRCode(Self.text(address, digits))
    code.changeMask(to: base)
    return code
  }

  /// Counts a code; the patterns once there were enough.
  private func whatDiffers() throws(MachineFailure) -> Differences? {
    if let differences = differences.load() { return differences }
    return try made.withLock { made throws(MachineFailure) in
      if let differences = differences.load() { return differences }
      made += 1
      guard made > Self.fewest else { return nil }
      return differences.storeIfNil(Differences(try allDifferences()))
    }
  }

  /// The bits in which digits differ from each other: those of their values, and two that tell letters
  /// from numbers.
  private static let flips: [UInt8] = [0x01, 0x02, 0x04, 0x08, 0x50]

  private func allDifferences() throws(MachineFailure) -> [UInt64] {
    var differences: [UInt64] = []
    for position in 0..<32 {
      var patterns: [(flip: UInt8, rows: [UInt64])] = []
      for flip in Self.flips {
        var digits = Self.baseDigits
        digits[position] ^= flip
        patterns.append((flip, zip(base.rows, try made(digits).rows).map { $0 ^ $1 }))
      }
      for digit in "0123456789abcdef".utf8 {
        let change = digit ^ Self.baseDigits[position]
        var rows = [UInt64](repeating: 0, count: base.rows.count)
        for pattern in patterns where change & pattern.flip != 0 {
          for row in rows.indices { rows[row] ^= pattern.rows[row] }
        }
        differences += rows
      }
    }
    return differences
  }
}

extension QRCode {
  /// The mask, 0 to 7, from the format information beside the upper left finder pattern.
  private var mask: Int {
    // ISO/IEC 18004, 7.9.1: bits 12 to 10 of the format information, which is masked with 10101…
    let bits = [2, 3, 4].map { isDark(row: 8, column: $0) ? 1 : 0 }
    return (bits[0] << 2 | bits[1] << 1 | bits[2]) ^ 0b101
  }

  /// Puts the mask of another code of the same size in place of this one's.
  fileprivate mutating func changeMask(to other: QRCode) {
    let (from, to) = (mask, other.mask)
    for row in rows.indices {
      var changed: UInt64 = 0
      for column in 0..<width
      where Self.isMasked(from, row, column) != Self.isMasked(to, row, column) {
        changed |= 1 << UInt64(column)
      }
      rows[row] = (rows[row] ^ changed) & ~patterns[row] | other.rows[row] & patterns[row]
    }
  }

  /// ISO/IEC 18004, table 10.
  private static func isMasked(_ mask: Int, _ row: Int, _ column: Int) -> Bool {
    switch mask {
    case 0: (row + column) % 2 == 0
    case 1: row % 2 == 0
    case 2: column % 3 == 0
    case 3: (row + column) % 3 == 0
    case 4: (row / 2 + column / 3) % 2 == 0
    case 5: row * column % 2 + row * column % 3 == 0
    case 6: (row * column % 2 + row * column % 3) % 2 == 0
    default: ((row + column) % 2 + row * column % 3) % 2 == 0
    }
  }
}
