public import Diagnostics
import Input
public import Project
public import Proof
package import Registry
import Theme

/// Draws sheets of labels as SVG: QR code, code in groups, number, the site's official domain.
public struct LabelDrawing: Sendable {
  let kind: LabelSheet.Kind
  public let sheet: LabelSheet
  private let host: String
  private let words: (invitation: String, specimen: String?)
  private let parts: PrintParts
  private let hasCropMarks: Bool

  /// - Parameter hasCropMarks: whether there are marks to cut by; nil for what the sheet needs.
  /// - Throws: `MachineFailure` when the site's address is too long for a QR code.
  public init(
    _ project: Project, fingerprints: Fingerprints, kind: LabelSheet.Kind, sheet: LabelSheet,
    language: String, hasCropMarks: Bool? = nil
  ) throws(MachineFailure) {
    self.hasCropMarks = hasCropMarks ?? sheet.isPlain
    self.kind = kind
    self.sheet = sheet
    host = project.configuration.host
    let strings = project.theme.strings[language]
    words = (
      strings?.text("labels.invitation") ?? "",
      project.configuration.isSpecimen ? strings?.text("specimen.word") : nil
    )
    parts = try PrintParts(site: project.configuration.url, fingerprints: fingerprints)
  }

  /// One sheet as a whole SVG document, in millimetres.
  ///
  /// - Throws: `MachineFailure` when a QR code cannot be made.
  package func page(_ certificates: ArraySlice<Certificate>) throws(MachineFailure) -> String {
    var svg =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(PrintParts.text(sheet.width))mm\""
      + " height=\"\(PrintParts.text(sheet.height))mm\""
      + " viewBox=\"0 0 \(PrintParts.text(sheet.width)) \(PrintParts.text(sheet.height))\">\n"
    if hasCropMarks { svg += cropMarks(certificates.count) }
    for (position, certificate) in certificates.enumerated() {
      let corner = sheet.corner(position)
      svg +=
        "<g transform=\"translate(\(PrintParts.text(corner.x)) \(PrintParts.text(corner.y)))\">\n"
      svg += kind == .sticker ? try sticker(certificate) : try tag(certificate)
      svg += "</g>\n"
    }
    return svg + "</svg>\n"
  }

  // MARK: Labels

  private func sticker(_ certificate: Certificate) throws(MachineFailure) -> String {
    let (width, height) = sheet.label
    // The QR code's own quiet zone is the margin on its side.
    let side = min(height - 2, 30)
    let left = side + 2
    let column = width - left - 2.5
    let code = lines(of: certificate)
    var svg = try qrCode(certificate, x: 1, y: (height - side) / 2, side: side)
    let middle = height / 2
    svg += line(words.invitation, x: left, y: middle - 8.4, width: column, size: 2.3)
    svg += line(host, x: left, y: middle - 4.6, width: column, size: 3, isBold: true)
    svg += line(code[0], x: left, y: middle + 0.9, width: column, size: 3.2, isMono: true)
    svg += line(code[1], x: left, y: middle + 4.7, width: column, size: 3.2, isMono: true)
    svg += line(certificate.number.string, x: left, y: middle + 9.3, width: column, size: 2.5)
    if let specimen = words.specimen {
      svg += line(
        specimen.uppercased(), x: left, y: middle + 12.9, width: column, size: 2.3, isBold: true)
    }
    return svg
  }

  private func tag(_ certificate: Certificate) throws(MachineFailure) -> String {
    let (width, _) = sheet.label
    let column = width - 8
    let code = lines(of: certificate)
    var svg =
      "<circle cx=\"\(PrintParts.text(width / 2))\" cy=\"6\" r=\"2\" fill=\"none\" stroke=\"#888\""
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
    svg += try qrCode(certificate, x: (width - 40) / 2, y: 20.5, side: 40)
    svg += centred(code[0], y: 65, size: 3.8, isMono: true)
    svg += centred(code[1], y: 69.6, size: 3.8, isMono: true)
    svg += centred(certificate.number.string, y: 75.6, size: 2.8)
    if let specimen = words.specimen {
      svg += centred(specimen.uppercased(), y: 80.4, size: 2.8, isBold: true)
    }
    return svg
  }

  /// The code in two lines of four groups.
  private func lines(of certificate: Certificate) -> [String] {
    let groups = parts.codeGroups(certificate)
    return [groups[..<4].joined(separator: " "), groups[4...].joined(separator: " ")]
  }

  // MARK: Parts

  private func qrCode(
    _ certificate: Certificate, x: Double, y: Double, side: Double
  ) throws(MachineFailure) -> String {
    let code = try parts.qrCode(certificate)
    return
      "<svg x=\"\(PrintParts.text(x))\" y=\"\(PrintParts.text(y))\" width=\"\(PrintParts.text(side))\""
      + " height=\"\(PrintParts.text(side))\" viewBox=\"0 0 \(code.size) \(code.size)\">"
      + "<path fill=\"none\" stroke=\"#000\" shape-rendering=\"crispEdges\" d=\""
      + code.path + "\"/></svg>\n"
  }

  /// A line of text no wider than its column: smaller where it would not fit.
  private func line(
    _ text: String, x: Double, y: Double, width: Double, size: Double, isBold: Bool = false,
    isMono: Bool = false, isCentred: Bool = false
  ) -> String {
    let fitted = FittedText(text, width: width, size: size, isMono: isMono)
    let font = isMono ? "DejaVu Sans Mono, monospace" : "DejaVu Sans, sans-serif"
    return
      "<text x=\"\(PrintParts.text(x))\" y=\"\(PrintParts.text(y))\" font-size=\"\(PrintParts.text(fitted.size))\""
      + " font-family=\"\(font)\"" + (isBold ? " font-weight=\"bold\"" : "")
      + (isCentred ? " text-anchor=\"middle\"" : "") + ">"
      + XML.escaped(text) + "</text>\n"
  }

  /// Four marks of 2.5 mm at the corners of every label, 0.5 mm away from it.
  private func cropMarks(_ count: Int) -> String {
    var path = ""
    for position in 0..<count {
      let corner = sheet.corner(position)
      path += PrintParts.cropMarks(
        x: corner.x, y: corner.y, width: sheet.label.width, height: sheet.label.height,
        distance: 0.5, length: 2.5)
    }
    return "<path d=\"\(path)\" fill=\"none\" stroke=\"#000\" stroke-width=\"0.1\"/>\n"
  }
}
