import ArgumentParser
import Diagnostics
import Files
import Foundation
import Registry
import SystemPackage

/// `canting import`
struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take an office's workbook into the project, as drafts for review.",
    discussion: """
      Copies the workbook into seeds/, and writes what it says of columns, schemes and batches: registry in \
      content/site.yml, seeds/schemes.yml and seeds/batches.csv. What it cannot tell is marked with TODO, \
      which check finds. A file that says something already is left alone; its draft lies beside it. \
      Nothing is sealed.

      Examples:
        canting import register.xlsx
        canting import ~/Documents/register.csv --root sertifikat
      """)

  @Argument(help: "The workbook (.xlsx) or the delimited text.")
  var file: String

  @OptionGroup var options: ProjectOptions

  /// What `--format json` prints.
  struct Outcome: Encodable {
    let certificates: Int
    let schemes: Int
    let batches: Int
    let written: [String]
    /// What somebody has to look at, in sentences.
    let open: [String]
  }

  func run() throws {
    var findings = Findings()
    guard options.hasProject else {
      findings.add(
        Diagnostic(
          "missing-file", at: SourceLocation(path: "content/site.yml"),
          message: "A workbook is taken into a project, and there is none here",
          hint: "begin one with `canting init`, or name it with --root"))
      return try finish(nil, findings)
    }
    let source = options.absolute(file)
    guard try SourceFile.exists(source, displayPath: file) else {
      findings.add(
        Diagnostic(
          "missing-file", at: SourceLocation(path: file), message: "There is no such file",
          hint: "name the workbook, as in `canting import register.xlsx`"))
      return try finish(nil, findings)
    }
    let name = source.lastComponent?.string ?? ""
    if ImportedFiles.taken.contains(name)
      || name.unicodeScalars.contains(where: { $0.value < 0x20 })
    {
      throw ValidationError("rename the file first: \(visible(name)) is no name for a register")
    }
    let draft = try RegisterDraft.read(source, displayPath: file, findings: &findings)
    guard let draft, !findings.hasErrors else { return try finish(nil, findings) }
    let files = ImportedFiles(root: options.rootFolder, draft: draft, source: source)
    let (written, byHand) = try files.write()
    try finish(
      Outcome(
        certificates: draft.certificates, schemes: draft.schemes.count,
        batches: draft.batches.count, written: written, open: byHand + files.open), findings)
  }

  private func finish(_ outcome: Outcome?, _ findings: Findings) throws {
    var summary: [String] = []
    if let outcome {
      summary.append(
        "read   \(grouped(outcome.certificates)) certificates, \(outcome.schemes) schemes,"
          + " \(outcome.batches) batches")
      summary += outcome.written.map { "wrote  \(visible($0))" }
      summary += outcome.open.map { "look   \(visible($0))" }
      summary.append("next   fill in what is marked TODO, and run: canting check")
    }
    try Report<Outcome>(options: options, findings: findings)
      .print(outcome, isOK: outcome != nil, summary: summary)
    if outcome == nil { throw ExitStatus.inputHasErrors.code }
  }
}
