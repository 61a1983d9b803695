public import Diagnostics
import Foundation
import Input
public import Project
import Theme

/// Draws sheets of labels as SVG: QR code, code in groups, number, the site's official domain.
public struct LabelDrawing: Sendable {
  let kind: LabelSheet.Kind
  public let sheet: LabelSheet
  private let host: String
  private let words: (invitation: String, specimen: String?)
  private let qrCodes: CertificateQRCodes

  /// - Throws: `MachineFailure` when the site's address is too long for a QR code.
  public init(
    _ project: Project, kind: LabelSheet.Kind, sheet: LabelSheet, language: String
  ) throws(MachineFailure) {
    self.kind = kind
    self.sheet = sheet
    host = project.configuration.host
    let strings = project.theme.strings[language]
    words = (
      strings?.text("labels.invitation") ?? "",
      project.configuration.isSpecimen ? strings?.text("specimen.word") : nil
    )
    qrCodes = try CertificateQRCodes(site: project.configuration.url)
  }

  /// One sheet as a whole SVG document, in millimetres.
  ///
  /// - Throws: `MachineFailure` when a QR code cannot be made.
  public func page(_ labels: ArraySlice<LabelList.Label>) throws(MachineFailure) -> String {
    var svg =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(Self.text(sheet.width))mm\""
      + " height=\"\(Self.text(sheet.height))mm\""
      + " viewBox=\"0 0 \(Self.text(sheet.width)) \(Self.text(sheet.height))\">\n"
    if sheet.hasCropMarks { svg += cropMarks(labels.count) }
    for (position, label) in labels.enumerated() {
      let corner = sheet.corner(position)
      svg += "<g transform=\"translate(\(Self.text(corner.x)) \(Self.text(corner.y)))\">\n"
      svg += kind == .sticker ? try sticker(label) : try tag(label)
      svg += "</g>\n"
    }
    return svg + "</svg>\n"
  }

  // MARK: Labels

  private func sticker(_ label: LabelList.Label) throws(MachineFailure) -> String {
    let (width, height) = sheet.label
    // The QR code's own quiet zone is the margin on its side.
    let side = min(height - 2, 30)
    let left = side + 2
    let column = width - left - 2.5
    let code = Self.groups(label.code)
    var svg = try qrCode(label.code, x: 1, y: (height - side) / 2, side: side)
    let middle = height / 2
    svg += line(words.invitation, x: left, y: middle - 8.4, width: column, size: 2.3)
    svg += line(host, x: left, y: middle - 4.6, width: column, size: 3, isBold: true)
    svg += line(code[0], x: left, y: middle + 0.9, width: column, size: 3.2, isMono: true)
    svg += line(code[1], x: left, y: middle + 4.7, width: column, size: 3.2, isMono: true)
    svg += line(label.number, x: left, y: middle + 9.3, width: column, size: 2.5)
    if let specimen = words.specimen {
      svg += line(
        specimen.uppercased(), x: left, y: middle + 12.9, width: column, size: 2.3, isBold: true)
    }
    return svg
  }

  private func tag(_ label: LabelList.Label) throws(MachineFailure) -> String {
    let (width, _) = sheet.label
    let column = width - 8
    let code = Self.groups(label.code)
    var svg =
      "<circle cx=\"\(Self.text(width / 2))\" cy=\"6\" r=\"2\" fill=\"none\" stroke=\"#888\""
      + " stroke-width=\"0.15\"/>\n"
    func centred(
      _ text: String, y: Double, size: Double, isBold: Bool = false, isMono: Bool = false
    ) -> String {
      line(
        text, x: width / 2, y: y, width: column, size: size, isBold: isBold, isMono: isMono,
        isCentred: true)
    }
    svg += centred(words.invitation, y: 14, size: 2.6)
    svg += centred(host, y: 18.4, size: 3.4, isBold: true)
    svg += try qrCode(label.code, x: (width - 40) / 2, y: 20.5, side: 40)
    svg += centred(code[0], y: 65, size: 3.8, isMono: true)
    svg += centred(code[1], y: 69.6, size: 3.8, isMono: true)
    svg += centred(label.number, y: 75.6, size: 2.8)
    if let specimen = words.specimen {
      svg += centred(specimen.uppercased(), y: 80.4, size: 2.8, isBold: true)
    }
    return svg
  }

  /// The 32 digits in two lines of four groups.
  private static func groups(_ code: [UInt8]) -> [String] {
    let groups = stride(from: 0, to: 32, by: 4).map {
      String(decoding: code[$0..<$0 + 4], as: UTF8.self)
    }
    return [groups[..<4].joined(separator: " "), groups[4...].joined(separator: " ")]
  }

  // MARK: Parts

  private func qrCode(
    _ code: [UInt8], x: Double, y: Double, side: Double
  ) throws(MachineFailure) -> String {
    var path: [UInt8] = []
    try qrCodes.code(code).appendPath(to: &path)
    return "<svg x=\"\(Self.text(x))\" y=\"\(Self.text(y))\" width=\"\(Self.text(side))\""
      + " height=\"\(Self.text(side))\" viewBox=\"0 0 \(qrCodes.size) \(qrCodes.size)\">"
      + "<path fill=\"none\" stroke=\"#000\" variant-rendering=\"crispEdges\" d=\""
      + String(decoding: path, as: UTF8.self) + "\"/></svg>\n"
  }

  /// A line of text no wider than its column: smaller where it would not fit.
  private func line(
    _ text: String, x: Double, y: Double, width: Double, size: Double, isBold: Bool = false,
    isMono: Bool = false, isCentred: Bool = false
  ) -> String {
    // Wider than the letters of common fonts are on average, so that nothing is cut.
    let letter = isMono ? 0.61 : isBold ? 0.62 : 0.56
    let fitting = min(size, width / (Double(max(1, text.count)) * letter))
    let font = isMono ? "DejaVu Sans Mono, monospace" : "DejaVu Sans, sans-serif"
    return "<text x=\"\(Self.text(x))\" y=\"\(Self.text(y))\" font-size=\"\(Self.text(fitting))\""
      + " font-family=\"\(font)\"" + (isBold ? " font-weight=\"bold\"" : "")
      + (isCentred ? " text-anchor=\"middle\"" : "") + ">"
      + XML.escaped(text) + "</text>\n"
  }

  /// Four marks of 2.5 mm at the corners of every label, 0.5 mm away from it.
  private func cropMarks(_ count: Int) -> String {
    var path = ""
    for position in 0..<count {
      let corner = sheet.corner(position)
      for (x, outwardX) in [(corner.x, -1.0), (corner.x + sheet.label.width, 1.0)] {
        for (y, outwardY) in [(corner.y, -1.0), (corner.y + sheet.label.height, 1.0)] {
          path += "M\(Self.text(x + 0.5 * outwardX)) \(Self.text(y))h\(Self.text(2.5 * outwardX))"
          path += "M\(Self.text(x)) \(Self.text(y + 0.5 * outwardY))v\(Self.text(2.5 * outwardY))"
        }
      }
    }
    return "<path d=\"\(path)\" fill=\"none\" stroke=\"#000\" stroke-width=\"0.1\"/>\n"
  }

  /// A measure with at most three decimals.
  private static func text(_ number: Double) -> String {
    let rounded = (number * 1000).rounded() / 1000
    return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
  }
}
