import ArgumentParser
import Diagnostics
import Foundation
import Pages
import Project
import Proof
import SystemPackage

/// `canting print`
struct Print: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make print-ready certificates with QR codes.",
    discussion: """
      Draws each certificate in force by templates/print/certificate.svg.mustache, and the list of its units \
      by certificate-back.svg.mustache, for the back of the paper. A name that is long becomes smaller, then \
      has two lines; it is never cut.

      Without --pdf, --output is a folder of SVG files. With it, one PDF, with an outline by name. That needs \
      the programs rsvg-convert and qpdf (Debian: librsvg2-bin and qpdf, brew: librsvg and qpdf).

      Examples:
        canting print --pdf --output certificates.pdf --batch YOG-2024-10
        canting print --pdf --output certificates.pdf --new
        canting print --pdf --output on-forms.pdf --overlay --offset 1.5,-0.8
        canting print --output pages/ --select number='13134 7318 2 0001234 2025'
      """)

  @Flag(help: "Write one PDF; without it, a folder of SVG files.")
  var pdf = false

  @OptionGroup var choice: CertificateChoiceOptions

  @Flag(help: "Only those that no print with --new has printed yet.")
  var new = false

  @Flag(help: "Print what differs between certificates alone, onto forms that are printed already.")
  var overlay = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Move everything right and down by millimetres; less than 0 is left and up.",
      valueName: "x,y"))
  var offset: String = "0,0"

  @Flag(help: "Make the paper 10 mm larger on each side, with marks to cut by.")
  var crop = false

  @Option(name: .shortAndLong, help: "The folder, or for --pdf the file, to write.")
  var output: String

  @OptionGroup var options: ProjectOptions

  private var move: (x: Double, y: Double)? {
    let numbers = offset.split(separator: ",", omittingEmptySubsequences: false).map {
      Double($0.trimmingCharacters(in: .whitespaces))
    }
    guard numbers.count == 2, let x = numbers[0], let y = numbers[1],
      abs(x) <= 100, abs(y) <= 100
    else { return nil }
    return (x, y)
  }

  func validate() throws {
    guard move != nil else {
      throw ValidationError("--offset is two numbers from -100 to 100, as in 1.5,-0.8")
    }
  }

  func run() async throws {
    let (project, fingerprints) = try await options.projectWithFingerprints()
    let memory = CodeList("printed", root: options.rootFolder)
    let known = new ? try memory.read() : []
    let list = try choice.certificates(project, fingerprints, known: Set(known))
    var form = CertificateDrawing.Form()
    form.isOverlay = overlay
    form.offset = move ?? form.offset
    form.hasCropMarks = crop
    var findings = Findings()
    let drawing = try CertificateDrawing(
      project, fingerprints: fingerprints, form: form, findings: &findings)
    guard let drawing else { throw try failed(findings) }
    let count: Int
    do {
      count = try pdf ? writePDF(list, drawing) : writeFolder(list, drawing)
    } catch let bad as CertificateDrawing.BadTemplate {
      findings.add(bad.diagnostic)
      throw try failed(findings)
    }
    if new { try memory.write(known + list.codes(fingerprints)) }
    guard !options.quiet else { return }
    Terminal.standardOutput(
      "wrote  \(visible(output)): \(grouped(list.count)) certificate\(list.count == 1 ? "" : "s")"
        + " on \(grouped(count)) page\(count == 1 ? "" : "s")")
    if list.notInForce > 0 {
      Terminal.standardOutput(
        "       \(grouped(list.notInForce)) that are not in force were left out")
    }
  }

  /// Says what is wrong, and gives what to end with.
  private func failed(_ findings: Findings) throws -> ExitCode {
    try Report<Check.Outcome>(options: options, findings: findings)
      .print(nil, isOK: false, summary: [])
    return ExitStatus.inputHasErrors.code
  }

  /// - Returns: how many pages were written.
  private func writeFolder(
    _ list: CertificateChoice, _ drawing: CertificateDrawing
  ) throws -> Int {
    let pages = try drawing.book(of: list).pages
    try PrintFiles.writeFolder(
      pages, named: "page", at: options.absolute(output), displayPath: output)
    return pages.count
  }

  private func writePDF(_ list: CertificateChoice, _ drawing: CertificateDrawing) throws -> Int {
    if let maker = PictureMaker.ofThisMachine, let number = list.unwritable(maker) {
      throw MachineFailure(
        "print the certificate \(number)",
        reason: "no font of this machine has all letters of its holder's name;"
          + " install one (Debian: fonts-noto-core)")
    }
    let book = try drawing.book(of: list)
    let document = PrintedDocument(
      title: drawing.title, language: CertificateDrawing.language,
      outline: book.outline.map { PrintedDocument.Entry(title: $0.title, page: $0.page) },
      pages: book.pages)
    try document.write(to: options.absolute(output), displayPath: output)
    return book.pages.count
  }
}
