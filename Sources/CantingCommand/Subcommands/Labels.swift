public import ArgumentParser
import Diagnostics
import Foundation
import Layout
public import Pages
import Project
import SystemPackage

/// `canting labels`
struct Labels: AsyncParsableCommand {
  /// The form of the sheets.
  enum Form: String, EnumerableFlag {
    case pdf, svg, html
  }

  static let configuration = CommandConfiguration(
    abstract: "Make print-ready sheets of labels with QR codes.",
    discussion: """
      A sticker is for the paper certificate, a tag for the cloth. Both carry the QR code of the \
      certificate's page, its code, its number and the official domain, and nobody's name. \
      Certificates that are not in force get none. QR codes can be scanned from 18 mm a side up; \
      these are larger.

      Sheets: \(Self.sheetNames)

      --pdf needs the program rsvg-convert (Debian: librsvg2-bin, brew: librsvg).

      Examples:
        canting labels --batch YOG-2024-10 --pdf --output labels.pdf
        canting labels --kind tag --sheet a3 --select scheme=PBT --select issued=2025 --svg \
      --output tags/
      """)

  private static let sheetNames = LabelSheet.sheets(for: .sticker)
    .map { "\($0.name) (\($0.summary))" }.joined(separator: ", ")

  @Flag(help: "One PDF, one HTML file to print from a browser, or a folder of SVG files.")
  var form: Form

  @Option(help: "What to print: sticker or tag.")
  var kind: LabelSheet.Kind = .sticker

  @Option(help: "The sheet, by its name; tags come on a4 and a3.")
  var sheet: String = "a4"

  @OptionGroup var choice: CertificateChoiceOptions

  @Flag(
    inversion: .prefixedNo,
    help: "Draw marks to cut by. (default: on plain paper)")
  var crop: Bool?

  @Option(help: "The language of the invitation on the labels. (default: the site's first)")
  var language: String?

  @Option(name: .shortAndLong, help: "The file, or for --svg the folder, to write.")
  var output: String

  @OptionGroup var options: ProjectOptions

  func validate() throws {
    guard chosenSheet != nil else {
      let names = LabelSheet.sheets(for: kind).map(\.name).joined(separator: ", ")
      throw ValidationError("--sheet is one of \(names) for a \(kind.rawValue)")
    }
  }

  private var chosenSheet: LabelSheet? {
    LabelSheet.sheets(for: kind).first { $0.name == sheet }
  }

  func run() async throws {
    let (project, fingerprints) = try await options.projectWithFingerprints()
    guard let sheet = chosenSheet else { return }
    let language = self.language ?? project.configuration.languages[0]
    guard SiteLanguages.whole.contains(language) else {
      throw ValidationError(
        "--language is one of \(SiteLanguages.whole.joined(separator: ", "))")
    }
    let list = try choice.certificates(project, fingerprints)
    let drawing = try LabelDrawing(
      project, fingerprints: fingerprints, kind: kind, sheet: sheet, language: language,
      hasCropMarks: crop)
    let pages = stride(from: 0, to: list.count, by: sheet.count).map { start in
      { try drawing.page(list.certificates[start..<min(start + sheet.count, list.count)]) }
    }
    switch form {
    case .svg:
      try PrintFiles.writeFolder(
        pages, named: "sheet", at: options.absolute(output), displayPath: output)
    case .html:
      try PrintFiles.writeHTML(
        pages, sheet: sheet, at: options.absolute(output), displayPath: output)
    case .pdf: try PrintFiles.writePDF(pages, at: options.absolute(output), displayPath: output)
    }
    guard !options.quiet else { return }
    let sheets = (list.count + sheet.count - 1) / sheet.count
    Terminal.standardOutput(
      "wrote  \(visible(output)): \(grouped(list.count)) \(kind.rawValue)s on"
        + " \(grouped(sheets)) sheet\(sheets == 1 ? "" : "s")")
    if list.notInForce > 0 {
      Terminal.standardOutput(
        "       \(grouped(list.notInForce)) certificates that are not in force got none")
    }
  }
}

extension LabelSheet.Kind: ExpressibleByArgument {}
