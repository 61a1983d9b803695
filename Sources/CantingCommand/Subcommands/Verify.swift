import ArgumentParser
import Diagnostics
import Files
import Foundation
import Layout
import Proof
import SystemPackage
import Verification

/// How `verify` prints.
enum VerifyFormat: String, PrintedForm {
  case text, json
  /// A table with a line for each certificate of a list.
  case csv

  static let help: ArgumentHelp = "Print results as text, as json, or, for a list, as csv."
}

/// `canting verify`
struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check a certificate against a published site.",
    discussion: """
      Takes a code of 32 digits, a fingerprint of 64, the address of a certificate's page, or a \
      saved file: record.json, credential.json, badge.json, a page, or a proof of the log. It reads \
      what the box on the site reads: spaces, dashes, capitals, O for 0 and l for 1 are forgiven, \
      and a code or an address may stand in a sentence.

      Each step is printed with its result: the record's hash, recomputed from its bytes and its \
      fields; the issuer's signature and key; inclusion in the log; consistency with a checkpoint \
      saved earlier; the witnesses of a policy; the signed status lists; the dates. A step that could \
      not run is never taken for passed.

      Examples:
        canting verify 7f3a90c1 4be258d6 0a9fc371 e284b65d
        canting verify 7f3a90c1… --site https://verify.example.org --since checkpoint
        canting verify record.json --site public
        canting verify credential.json --proof certificate.tlog-proof --key z6Mk…
        canting verify --batch codes.csv --format csv > verdicts.csv

      A list is a CSV with a heading, and a column named code, fingerprint, address or certificate, or \
      else the first. Files of the site that certificates share are read once for all of it.

      Exit codes: 0 genuine and valid, 2 genuine but expired, suspended, revoked or superseded, \
      3 not genuine, not found or erased, 4 could not be checked; for a list, the highest of all.
      """)

  @Argument(help: "A code, a fingerprint, an address, or a saved file.")
  var certificate: [String] = []

  @Option(
    help: ArgumentHelp("A list of codes, fingerprints or addresses, as CSV.", valueName: "file"))
  var batch: String?

  @Option(
    help: "The published site: a folder or a web address. (default: public in the project)")
  var site: String?

  @Option(
    help: ArgumentHelp(
      "A public key to trust instead of the site's word: a Multikey (z6Mk…) or a verifier key; again"
        + " for the log's key.", valueName: "key"))
  var key: [String] = []

  @Option(help: ArgumentHelp("A checkpoint of the log that you saved earlier.", valueName: "file"))
  var since: String?

  @Option(
    help: ArgumentHelp("A saved proof of the log, for a saved credential.", valueName: "file"))
  var proof: String?

  @Flag(help: "Compare the site's keys with those that its host has in the DNS.")
  var dns = false

  @OptionGroup var witnesses: PolicyOption

  @OptionGroup var options: CommandOptions<VerifyFormat>

  /// What `--format json` prints.
  struct Outcome: Encodable {
    let verdict: Verification.Verdict
    /// Whether every step could run.
    let isWhole: Bool
    /// Why the first step that could not run could not.
    let cause: Verification.Cause?
    let steps: [Verification.Step]
    let number: String?
    let holder: String?
    let issued: String?
    let expires: String?
    let fingerprint: String?
  }

  func validate() throws {
    guard certificate.isEmpty != (batch == nil) else {
      throw ValidationError("name a certificate, or a list with --batch")
    }
    guard batch == nil || proof == nil else {
      throw ValidationError("a proof is of one certificate, and --batch names a list")
    }
    guard options.format != .csv || batch != nil else {
      throw ValidationError("--format csv is for a list, with --batch")
    }
  }

  func run() async throws {
    let argument = certificate.joined(separator: " ")
    let target = target(of: argument)
    let published =
      batch == nil && isOffline(target) ? nil : options.publishedSite(site)
    let verifier = CertificateVerifier(
      site: batch == nil ? published : published?.remembering(),
      named: try key.map(options.publicKey), earlier: try since.map(options.readNote),
      policy: try await witnesses.policy(options, site: site), asksDNS: dns,
      today: options.todayInIndonesia)
    if let batch { return try await verifyAll(of: batch, with: verifier) }
    let verification: Verification
    do {
      verification = try await verify(target, with: verifier)
    } catch let failure as MachineFailure {
      // The file that the user named cannot be read.
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

  /// What an argument names: a file if there is one, since it may lie at a path that looks like an address.
  private func target(of argument: String) -> VerificationTarget {
    let target = VerificationTarget(argument)
    switch (isFolder(argument), target) {
    case (false?, _): return .file(argument)
    case (true?, .unreadable) where !argument.isEmpty: return .file(argument)
    default: return target
    }
  }

  /// Whether a path leads to a folder; nil where there is nothing.
  private func isFolder(_ name: String) -> Bool? {
    var isFolder: ObjCBool = false
    let path = options.absolute(name).string
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return nil }
    return isFolder.boolValue
  }

  private func verify(
    _ target: VerificationTarget, with verifier: CertificateVerifier
  ) async throws -> Verification {
    switch target {
    case .code(let code): return await verifier.verify(code)
    case .fingerprint(let fingerprint):
      return await verifier.verify(fingerprint.code, fingerprint: fingerprint)
    case .address(let code, let fingerprint, let host):
      return await verifier.verify(code, fingerprint: fingerprint, host: host)
    case .unreadable(let problem): return .impossible("code", problem.explanation)
    case .file(let name):
      if isFolder(name) == true {
        return .impossible("file", "\(name) is a folder; name a file in it, such as record.json")
      }
      guard
        let bytes = try SourceFile.readBytes(
          options.absolute(name), displayPath: name, limit: InputFile.Limit.saved)
      else {
        return .impossible(
          "file", "there is no file \(name), and it is no code or address either", .missing)
      }
      return await verifier.verify(saved: bytes, proof: try proof.map(options.readNote))
    }
  }

  /// Whether a saved file is to be checked with a key alone.
  private func isOffline(_ target: VerificationTarget) -> Bool {
    if case .file = target, !key.isEmpty, site == nil { true } else { false }
  }

  func outcome(of verification: Verification) -> Outcome {
    let record = verification.record
    return Outcome(
      verdict: verification.verdict, isWhole: verification.isWhole, cause: verification.cause,
      steps: verification.steps, number: record?.number,
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
    return lines + [Self.sentence(for: verification)]
  }

  /// The verdict as one sentence.
  static func sentence(for verification: Verification) -> String {
    // Bad news stands, and whether the rest is genuine could then not be told.
    let genuine = verification.isWhole ? "genuine, but " : ""
    let more = verification.isWhole ? "" : "; not all steps could run"
    return switch verification.verdict {
    case .valid: "genuine and valid"
    case .expired: "\(genuine)expired\(more)"
    case .suspended: "\(genuine)suspended: it does not hold at present\(more)"
    case .revoked: "\(genuine)revoked: it no longer holds\(more)"
    case .superseded: "\(genuine)superseded: another certificate replaces it\(more)"
    case .copy:
      "\(verification.isPreview ? "a preview on this computer" : "a copy"), which proves nothing: the official address is \(verification.officialHost ?? "another")"
    case .erased: "erased: it was issued, and its holder had its data erased; nothing more is known"
    case .notGenuine: "not genuine"
    case .notFound: "not found: that is not the same as revoked; look for a misread digit first"
    case .couldNotBeChecked:
      "could not be checked" + (verification.cause.flatMap(sentence).map { ": \($0)" } ?? "")
    }
  }

  private static func sentence(for cause: Verification.Cause) -> String? {
    switch cause {
    case .connection: "the site did not answer"
    case .missing: "a file that is needed is missing"
    case .clock: "this machine's clock is wrong, or the site's was"
    case .outdated: "the site's status lists are not good today"
    case .key: "none of the keys that were named signed it"
    case .witnesses: "shown to you alone, for all that can be told"
    case .address, .browser, .insecure, .unforeseen: nil
    }
  }

  static func status(of verdict: Verification.Verdict) -> ExitStatus {
    switch verdict {
    case .valid: .done
    case .expired, .suspended, .revoked, .superseded: .genuineButNotValid
    case .copy, .notGenuine, .notFound, .erased: .notGenuineOrNotFound
    case .couldNotBeChecked: .couldNotBeChecked
    }
  }
}
