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
    let words = shortened(slugText(slug ?? title))
    guard !words.isEmpty else {
      throw ValidationError("name the words of the address with --slug, in Latin letters")
    }
    let name = "\(settings.now.day)-\(words).\(lang).md"
    let path = "content/news/\(name)"
    let file = options.rootFolder.appending("content/news").appending(name)
    if try SourceFile.exists(file, displayPath: path) {
      findings.add(
        Diagnostic(
          "file-exists", at: SourceLocation(path: path),
          message: "An announcement is a file of its own, and this one is there already",
          hint: "open it, or choose another title"))
      return try finish(nil, findings)
    }
    do {
      try FileManager.default.createDirectory(
        atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
      try Data(text(settings.now).utf8).write(
        to: URL(fileURLWithPath: file.string), options: .withoutOverwriting)
    } catch {
      throw MachineFailure("write \(path)", reason: error.localizedDescription)
    }
    try finish(Outcome(path: path), findings)
  }

  private func finish(_ outcome: Outcome?, _ findings: Findings) throws {
    try Report<Outcome>(options: options, findings: findings)
      .print(outcome, isOK: outcome != nil, summary: outcome.map { [$0.path] } ?? [])
    if outcome == nil { throw ExitStatus.inputHasErrors.code }
  }

  /// The file's text, its front matter filled in as far as anybody can know it.
  private func text(_ now: SiteMoment) -> String {
    let labels = (tags ?? "").split(separator: ",").map {
      Self.quoted($0.trimmingCharacters(in: .whitespaces))
    }
    return """
      ---
      title: \(Self.quoted(title))
      date: \(now.day)
      draft: true
      summary:
      tags: [\(labels.joined(separator: ", "))]
      ---


      """
  }

  /// A YAML scalar that says the text whatever is in it.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.properties.generalCategory == .control: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// At most sixty letters, cut between words.
  private func shortened(_ slug: String) -> String {
    guard slug.count > 60 else { return slug }
    let start = slug.prefix(61)
    let cut = start.lastIndex(of: "-") ?? start.endIndex
    return String(start[..<cut].prefix(60))
  }
}
