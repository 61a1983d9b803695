import Diagnostics
import Input
import Proof
import Registry

/// What labels and printed certificates are drawn from: QR codes, codes in groups, measures, crop marks.
struct PrintParts: Sendable {
  private let qrCodes: CertificateQRCodes
  private let fingerprints: Fingerprints

  /// - Throws: `MachineFailure` when the site's address is too long for a QR code.
  init(site address: String, fingerprints: Fingerprints) throws(MachineFailure) {
    qrCodes = try CertificateQRCodes(site: address)
    self.fingerprints = fingerprints
  }

  /// The 32 digits of a certificate's code in eight groups of four.
  func codeGroups(_ certificate: Certificate) -> [String] {
    let digits = fingerprints[certificate.ordinal].code.hex
    return stride(from: 0, to: 32, by: 4).map {
      String(decoding: digits[$0..<$0 + 4], as: UTF8.self)
    }
  }

  /// A QR code as a path of strokes one unit wide, in a square view box of `size` units with its quiet zone.
  struct QRPath {
    let path: String
    let size: Int
  }

  /// The QR code of a certificate's address.
  ///
  /// - Throws: `MachineFailure` when it cannot be made.
  func qrCode(_ certificate: Certificate) throws(MachineFailure) -> QRPath {
    var path: [UInt8] = []
    let code = try qrCodes.code(fingerprints[certificate.ordinal].code.hex)
    code.appendPath(to: &path)
    return QRPath(path: String(decoding: path, as: UTF8.self), size: code.size)
  }

  /// Marks at the corners of a rectangle, each `distance` away from it and `length` long, as path data.
  static func cropMarks(
    x: Double, y: Double, width: Double, height: Double, distance: Double, length: Double
  ) -> String {
    var path = ""
    for (x, outwardX) in [(x, -1.0), (x + width, 1.0)] {
      for (y, outwardY) in [(y, -1.0), (y + height, 1.0)] {
        path += "M\(text(x + distance * outwardX)) \(text(y))h\(text(length * outwardX))"
        path += "M\(text(x)) \(text(y + distance * outwardY))v\(text(length * outwardY))"
      }
    }
    return path
  }

  /// A measure with at most three decimals.
  static func text(_ number: Double) -> String {
    let rounded = (number * 1000).rounded() / 1000
    return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
  }
}
