import ArgumentParser
import Diagnostics
import Files
import Foundation
import Proof
import Verification

/// `canting audit`
struct Audit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Walk the whole public log, and hold statuses and certificates against it.",
    discussion: """
      What an outside auditor runs: every entry and tile against the signed checkpoint, every bit \
      of the status lists against the log, and every certificate's page, record and credential \
      against its entry. A site in a folder is checked whole; on the web, where nothing lists the \
      certificates, those in a given list. With --against, it also compares the log with what somebody \
      else is shown: a copy of the site, or a folder with a checkpoint, such as a witness publishes.

      Examples:
        canting audit
        canting audit --site https://verify.example.org --since checkpoint --list codes.txt
        canting audit --site https://verify.example.org --against colleague/ --policy witnesses.policy

      Exit codes: 0 everything agrees, 3 something contradicts the log, 4 something could not be \
      checked.
      """)

  @Option(
    help: "The published site: a folder or a web address. (default: public in the project)")
  var site: String?

  @Option(help: ArgumentHelp("A checkpoint of the log that you saved earlier.", valueName: "file"))
  var since: String?

  @Option(
    help: ArgumentHelp(
      "A file with a code, fingerprint or address on each line.", valueName: "file"))
  var list: String?

  @Option(
    help: ArgumentHelp(
      "A public key to trust instead of the site's word; again for the log's key.",
      valueName: "key"))
  var key: [String] = []

  @Option(
    help: ArgumentHelp(
      "Compare the log with the one that somebody else is shown.", valueName: "folder or site"))
  var against: String?

  @OptionGroup var witnesses: PolicyOption

  @OptionGroup var options: ProjectOptions

  func run() async throws {
    let audit = LogAudit(
      site: options.publishedSite(site), codes: try codes(),
      earlier: try since.map(options.readNote), named: try key.map(options.publicKey),
      policy: try await witnesses.policy(options, site: site),
      against: against.map(options.publishedSite), today: options.todayInIndonesia)
    let progress = ProgressLine(isShown: !options.quiet && options.format == .text)
    let outcome: LogAudit.Outcome
    do {
      outcome = try await audit.run { what, count in
        progress.show("auditing: \(grouped(count)) \(what)")
      }
    } catch let failure as MachineFailure {
      progress.clear()
      Terminal.standardError("canting: \(failure)")
      throw ExitStatus.couldNotBeChecked.code
    }
    progress.clear()
    if options.format == .json {
      try Terminal.printJSON(outcome)
    } else {
      for step in outcome.steps where !options.quiet || step.result != .passed {
        Terminal.standardOutput("\(step.result.rawValue): \(step.name): \(visible(step.reason))")
      }
      Terminal.standardOutput(
        outcome.isClean
          ? "the log and everything published agree" : "not everything agrees with the log")
    }
    if outcome.isContradicted { throw ExitStatus.notGenuineOrNotFound.code }
    if !outcome.isClean { throw ExitStatus.couldNotBeChecked.code }
  }

  private func codes() throws -> [CertificateCode] {
    guard let list else { return [] }
    let text = String(decoding: try options.read(list, limit: InputFile.Limit.list), as: UTF8.self)
    return try text.split(whereSeparator: \.isNewline).compactMap { line in
      let written = line.trimmingCharacters(in: .whitespaces)
      if written.isEmpty { return nil }
      switch VerificationTarget(written) {
      case .code(let code), .address(let code, fingerprint: _, host: _): return code
      case .fingerprint(let fingerprint): return fingerprint.code
      case .file, .unreadable:
        throw ValidationError("\(list) has a line that is no code: \(visible(written))")
      }
    }
  }
}
