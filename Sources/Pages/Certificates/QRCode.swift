import CQREncode
package import Diagnostics
import Proof
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
    for (row, modules) in rows.enumerated() where modules != 0 {
      var rest = modules
      var isFirst = true
      while rest != 0 {
        let gap = rest.trailingZeroBitCount
        rest >>= UInt64(gap)
        let run = (~rest).trailingZeroBitCount
        rest = run == 64 ? 0 : rest >> UInt64(run)
        bytes +=
          isFirst
          ? "M\(gap + Self.quietZone) \(row + Self.quietZone).5h\(run)".utf8
          : "m\(gap) 0h\(run)".utf8
        isFirst = false
      }
    }
  }

  /// A PNG picture with the quiet zone, one pixel a module, black on white, not compressed: 450 bytes for the
  /// address of a site (W3C PNG, third edition).
  package var png: [UInt8] {
    let (size, bytes) = (size, (size + 7) / 8)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(size * (bytes + 1))
    for row in -Self.quietZone..<(width + Self.quietZone) {
      // Filter 0: as they are. A set bit is white, the leftmost the highest.
      pixels.append(0)
      let dark = rows.indices.contains(row) ? rows[row] : 0
      for byte in 0..<bytes {
        var packed: UInt8 = 0
        for bit in 0..<8 {
          let column = byte * 8 + bit - Self.quietZone
          let isDark = column >= 0 && column < width && dark >> UInt64(column) & 1 != 0
          packed = packed << 1 | (isDark ? 0 : 1)
        }
        pixels.append(packed)
      }
    }
    // zlib's header, and one block that is stored (RFC 1950, RFC 1951).
    let count = UInt16(pixels.count)
    var data: [UInt8] = [0x78, 0x01, 0x01]
    for number in [count, ~count] { data += [UInt8(number & 0xFF), UInt8(number >> 8)] }
    data += pixels + Checksum.adler32(pixels).bytes
    // One bit of grey, no interlacing.
    let header = UInt32(size).bytes + UInt32(size).bytes + [1, 0, 0, 0, 0]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Self.chunk("IHDR", header)
      + Self.chunk("IDAT", data) + Self.chunk("IEND", [])
  }

  private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let content = Array(type.utf8) + data
    return UInt32(data.count).bytes + content + Checksum.crc32(content).bytes
  }
}

extension UInt32 {
  /// The highest byte first.
  fileprivate var bytes: [UInt8] {
    [UInt8(self >> 24), UInt8(self >> 16 & 0xFF), UInt8(self >> 8 & 0xFF), UInt8(self & 0xFF)]
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
