import ArgumentParser
import Diagnostics
import Foundation
import Input
import Proof
import Site
import SystemPackage

/// `canting verify`
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check a certificate against a published site.",
    discussion: """
      Takes a code of 32 digits, a fingerprint of 64, the address of a certificate's page, or a \
      saved record.json. Spaces, dashes, capitals and O for 0 or l for 1 are forgiven. The hash is \
      recomputed from the record's bytes and from its fields.

      Examples:
        canting verify 7f3a90c1 4be258d6 0a9fc371 e284b65d
        canting verify https://verify.example.org/c/7f/3a90c14be258d60a9fc371e284b65d/
        canting verify record.json --site public

      Exit codes: 0 genuine and valid, 2 genuine but expired, suspended, revoked or superseded, \
      3 not genuine or not found, 4 could not be checked.
      """)

  @Argument(help: "A code, a fingerprint, an address, or a saved record.json.")
  var certificate: [String]

  @Option(help: "The folder of the published site. (default: public in the project)")
  var site: String?

  @OptionGroup var options: ProjectOptions

  /// What `--format json` prints.
  struct Outcome: Encodable {
    let verdict: Verification.Verdict
    let steps: [Verification.Step]
    let number: String?
    let holder: String?
    let issued: String?
    let expires: String?
    let fingerprint: String?
  }

  func run() throws {
    let folder = site.map(options.absolute) ?? options.rootFolder.appending("public")
    let verification = try Verification.run(
      VerificationTarget(certificate.joined(separator: certificate.count > 1 ? " " : "")),
      site: folder, shownAs: site ?? "public", today: options.todayInIndonesia)
    let outcome = outcome(of: verification)
    if options.format == .json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
      Terminal.standardOutput(String(decoding: try encoder.encode(outcome), as: UTF8.self))
    } else {
      for line in lines(of: verification) { Terminal.standardOutput(line) }
    }
    let status = Self.status(of: verification.verdict)
    if status != .done { throw status.code }
  }

  private func outcome(of verification: Verification) -> Outcome {
    let record = verification.record
    return Outcome(
      verdict: verification.verdict, steps: verification.steps, number: record?.number,
      holder: record?.holder, issued: record?.issued, expires: record?.expires,
      fingerprint: record?.fingerprint.description)
  }

  private func lines(of verification: Verification) -> [String] {
    var lines: [String] = []
    if !options.quiet {
      for step in verification.steps {
        lines.append("\(step.result.rawValue): \(step.name): \(visible(step.reason))")
      }
      if let record = verification.record {
        lines.append("number:  \(visible(record.number))")
        lines.append("holder:  \(visible(record.holder))")
        lines.append(
          "scheme:  \(visible(record.schemeTitle["en"] ?? "")) (\(visible(record.schemeCode)))")
        lines.append("issued:  \(record.issued) by \(visible(record.issuerName))")
        lines.append("expires: \(record.expires)")
      }
    }
    return lines + [Self.sentence(for: verification.verdict)]
  }

  /// The verdict as one sentence.
  private static func sentence(for verdict: Verification.Verdict) -> String {
    switch verdict {
    case .valid: "genuine and valid"
    case .expired: "genuine, but expired"
    case .suspended: "genuine, but suspended: it does not hold at present"
    case .revoked: "genuine, but revoked: it no longer holds"
    case .superseded: "genuine, but superseded: another certificate replaces it"
    case .notGenuine: "not genuine"
    case .notFound: "not found: that is not the same as revoked; look for a misread digit first"
    case .couldNotBeChecked: "could not be checked"
    }
  }

  private static func status(of verdict: Verification.Verdict) -> ExitStatus {
    switch verdict {
    case .valid: .done
    case .expired, .suspended, .revoked, .superseded: .genuineButNotValid
    case .notGenuine, .notFound: .notGenuineOrNotFound
    case .couldNotBeChecked: .couldNotBeChecked
    }
  }
}
