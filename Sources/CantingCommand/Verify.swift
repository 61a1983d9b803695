import ArgumentParser
import Diagnostics
import Foundation
import Input
import Proof
import Site
import SystemPackage

/// `canting verify`
struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check a certificate against a published site.",
    discussion: """
      Takes a code of 32 digits, a fingerprint of 64, the address of a certificate's page, or a \
      saved file: record.json, credential.json, a page, or a proof of the log. Spaces, dashes, \
      capitals and O for 0 or l for 1 are forgiven.

      Each step is printed with its result: the record's hash, recomputed from its bytes and its \
      fields; the issuer's signature and key; inclusion in the log; consistency with a checkpoint \
      saved earlier; the signed status lists; the dates. A step that could not run is never taken \
      for passed.

      Examples:
        canting verify 7f3a90c1 4be258d6 0a9fc371 e284b65d
        canting verify 7f3a90c1… --site https://verify.example.org --since checkpoint
        canting verify record.json --site public
        canting verify credential.json --proof certificate.tlog-proof --key z6Mk…

      Exit codes: 0 genuine and valid, 2 genuine but expired, suspended, revoked or superseded, \
      3 not genuine, not found or erased, 4 could not be checked.
      """)

  @Argument(help: "A code, a fingerprint, an address, or a saved file.")
  var certificate: [String]

  @Option(
    help: "The published site: a folder or a web address. (default: public in the project)")
  var site: String?

  @Option(
    help: ArgumentHelp(
      "A public key to trust instead of the site's word: a Multikey (z6Mk…) or a verifier key.",
      valueName: "key"))
  var key: String?

  @Option(help: ArgumentHelp("A checkpoint of the log that you saved earlier.", valueName: "file"))
  var since: String?

  @Option(
    help: ArgumentHelp("A saved proof of the log, for a saved credential.", valueName: "file"))
  var proof: String?

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

  func run() async throws {
    let pinned = try key.map(options.publicKey)
    let argument = certificate.joined(separator: " ")
    // A saved file may lie at a path that looks like an address.
    let isFile = FileManager.default.fileExists(atPath: options.absolute(argument).string)
    let target = isFile ? .file(argument) : VerificationTarget(argument)
    let verifier = CertificateVerifier(
      site: isOffline(target) ? nil : options.publishedSite(site), pinned: pinned,
      earlier: try since.map(options.readNote),
      today: options.todayInIndonesia)
    let verification: Verification
    do {
      verification = try await verify(target, with: verifier)
    } catch let failure as MachineFailure {
      // The host or the disk did not answer: nothing is known, neither good nor bad.
      Terminal.standardError("canting: \(failure)")
      throw ExitStatus.couldNotBeChecked.code
    }
    let outcome = outcome(of: verification)
    if options.format == .json {
      try Terminal.printJSON(outcome)
    } else {
      for line in lines(of: verification) { Terminal.standardOutput(line) }
    }
    let status = Self.status(of: verification.verdict)
    if status != .done { throw status.code }
  }

  private func verify(
    _ target: VerificationTarget, with verifier: CertificateVerifier
  ) async throws -> Verification {
    switch target {
    case .code(let code): return try await verifier.verify(code)
    case .fingerprint(let fingerprint):
      return try await verifier.verify(fingerprint.code, fingerprint: fingerprint)
    case .address(let code, let host): return try await verifier.verify(code, host: host)
    case .file(let name):
      guard
        let bytes = try SourceFile.readBytes(
          options.absolute(name), shownAs: name, limit: InputFile.Limit.saved)
      else {
        return .impossible(
          "file", "there is no file \(name), and it is no code or address either")
      }
      return try await verifier.verify(saved: bytes, proof: try proof.map(options.readNote))
    }
  }

  /// Whether a saved file is to be checked with a key alone.
  private func isOffline(_ target: VerificationTarget) -> Bool {
    if case .file = target, key != nil, site == nil { true } else { false }
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
    case .erased: "erased: it was issued, and its holder had its data erased; nothing more is known"
    case .notGenuine: "not genuine"
    case .notFound: "not found: that is not the same as revoked; look for a misread digit first"
    case .couldNotBeChecked: "could not be checked"
    }
  }

  private static func status(of verdict: Verification.Verdict) -> ExitStatus {
    switch verdict {
    case .valid: .done
    case .expired, .suspended, .revoked, .superseded: .genuineButNotValid
    case .notGenuine, .notFound, .erased: .notGenuineOrNotFound
    case .couldNotBeChecked: .couldNotBeChecked
    }
  }
}
