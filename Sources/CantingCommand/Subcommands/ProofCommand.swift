import ArgumentParser
import Diagnostics
import Foundation
import Layout
import Proof
import SystemPackage
import Verification

/// `canting proof`
struct ProofCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "proof",
    abstract: "Write a proof that a certificate is in the log, for checking without the network.",
    discussion: """
      Writes a c2sp.org/tlog-proof@v1 file: the entry's position, the hashes beside its way to the \
      root, and the signed checkpoint with the lines of its witnesses. With --policy, nothing is \
      written unless these suffice. Kept with a saved credential.json, it can be checked years \
      later with nothing but the institution's public key.

      Examples:
        canting proof 7f3a90c1 4be258d6 0a9fc371 e284b65d > certificate.tlog-proof
        canting verify credential.json --proof certificate.tlog-proof --key z6Mk…
      """)

  @Argument(help: "A code, a fingerprint, or the address of a certificate's page.")
  var certificate: [String]

  @Option(
    help: "The published site: a folder or a web address. (default: public in the project)")
  var site: String?

  @OptionGroup var witnesses: PolicyOption

  @OptionGroup var options: ProjectOptions

  func run() async throws {
    let code: CertificateCode
    switch VerificationTarget(certificate.joined(separator: " ")) {
    case .code(let given), .address(let given, fingerprint: _, host: _): code = given
    case .fingerprint(let fingerprint): code = fingerprint.code
    case .unreadable(let problem): throw ValidationError(problem.explanation)
    case .file: throw ValidationError("name the certificate by its code, fingerprint or address")
    }
    do {
      let (proof, report) = try await LogProof.make(
        for: code, on: options.publishedSite(site),
        policy: try await witnesses.policy(options, site: site), today: options.todayInIndonesia)
      if let report, !report.hasQuorum {
        Terminal.standardError("canting: \(visible(report.sentence))")
        throw ExitStatus.couldNotBeChecked.code
      }
      try FileHandle.standardOutput.write(contentsOf: Data(proof.bytes))
    } catch let failure as NoteFailure {
      Terminal.standardError("canting: \(failure)")
      throw ExitStatus.notGenuineOrNotFound.code
    } catch let failure as MachineFailure {
      Terminal.standardError("canting: \(failure)")
      throw ExitStatus.couldNotBeChecked.code
    }
  }
}
