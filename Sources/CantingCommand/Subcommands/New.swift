import ArgumentParser
import Content
import Diagnostics
import Files
import Foundation
import Input
import Project
import SystemPackage

/// `canting new`
struct New: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Begin an announcement.",
    discussion: """
      Makes a file in content/news/, named after the day and the title, and prints its path. It \
      is a draft: take the line away when it is ready.

      Examples:
        canting new "Jadwal uji kompetensi"
        canting new "Assessment dates" --lang en --tags assessment,schedule
      """)

  @Argument(help: "The title.")
  var title: String

  @Option(help: "The language: en or id.")
  var lang: String = "id"

  @Option(help: ArgumentHelp("Tags, with commas between them.", valueName: "tags"))
  var tags: String?

  @Option(help: "The words of the address. (default: the title's)")
  var slug: String?

  @OptionGroup var options: ProjectOptions

  /// What `--format json` prints.
  struct Outcome: Encodable {
    let path: String
  }

  func run() throws {
    var findings = Findings()
    let site = try SiteConfiguration.load(root: options.rootFolder, findings: &findings)
    let settings = options.environment.contentSettings(for: site)
    guard site != nil else { return try finish(nil, findings) }
    guard settings.languages.contains(lang) else {
      throw ValidationError("--lang is one of \(settings.languages.joined(separator: ", "))")
    }
    let file = AnnouncementFile(
      title: title, language: lang, tags: tags ?? "", slug: slug, on: settings.now.day)
    guard let file else {
      throw ValidationError("name the words of the address with --slug, in Latin letters")
    }
    if try file.write(root: options.rootFolder) {
      return try finish(Outcome(path: file.path), findings)
    }
    findings.add(
      Diagnostic(
        "file-exists", at: SourceLocation(path: file.path),
        message: "An announcement is a file of its own, and this one is there already",
        hint: "open it, or choose another title"))
    try finish(nil, findings)
  }

  private func finish(_ outcome: Outcome?, _ findings: Findings) throws {
    try Report<Outcome>(options: options, findings: findings)
      .print(outcome, isOK: outcome != nil, summary: outcome.map { [$0.path] } ?? [])
    if outcome == nil { throw ExitStatus.inputHasErrors.code }
  }
}
