import ArgumentParser
import Deployment
import Diagnostics
import Proof
import SystemPackage

/// `canting cosign`
struct Cosign: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Have the log's checkpoint cosigned by the witnesses of the policy.",
    discussion: """
      Asks every witness of seeds/witnesses.policy that has an address and has not cosigned the \
      checkpoint of the last build yet: by C2SP tlog-witness, or, where a witness is a folder on a \
      static host, for the checkpoint that it published there. Every line is verified before it is \
      kept, in seeds/ledger and in the site. A witness that does not answer is named; whether the rest \
      suffice, the policy's quorum says.

      Examples:
        canting cosign
        canting cosign --require-quorum

      Exit codes: 0 done, 1 a witness has seen another history of the log, or, with \
      --require-quorum, the quorum is not met.
      """)

  @Flag(help: "Fail unless the policy's quorum is met.")
  var requireQuorum = false

  @Option(
    name: .shortAndLong, help: "The folder of the site. (default: public in the project)")
  var output: String?

  @OptionGroup var options: ProjectOptions

  func run() async throws {
    let lock = try options.ledgerStore.lock()
    var findings = Findings()
    let outcome = try await options.cosign(
      output, requiresQuorum: requireQuorum, isNeeded: true, findings: &findings)
    _ = consume lock
    let isOK = outcome != nil && !options.fails(findings)
    try Report<Cosigning.Outcome>(options: options, findings: findings)
      .print(
        outcome, isOK: isOK, summary: outcome.map(Self.summary) ?? [],
        ending: outcome == nil ? "nothing was asked" : "what was collected is kept")
    if !isOK { throw ExitStatus.inputHasErrors.code }
  }

  static func summary(_ outcome: Cosigning.Outcome) -> [String] {
    outcome.witnesses.compactMap { line in
      line.cosigned.map { "cosigned  \(visible(line.witness)) on \($0)" }
    } + [
      "quorum    \(outcome.hasQuorum ? "met" : "not met"), for \(grouped(outcome.size)) entries"
    ]
  }
}

extension ProjectOptions {
  /// Has the site's checkpoint cosigned, as far as the project names witnesses.
  ///
  /// - Parameter isNeeded: whether a project without a policy is a finding.
  /// - Returns: nil where nothing was asked; if it could not be, with findings.
  func cosign(
    _ output: String?, requiresQuorum: Bool, isNeeded: Bool, findings: inout Findings
  ) async throws -> Cosigning.Outcome? {
    let path = WitnessPolicy.projectPath
    let before = findings.errorCount
    let policy = try WitnessPolicy.load(
      rootFolder.appending(path), displayPath: path, findings: &findings)
    guard let policy else {
      if findings.errorCount == before, isNeeded || requiresQuorum {
        findings.add(
          Diagnostic(
            "policy-missing", at: SourceLocation(path: path),
            message: "Witnesses are named in a policy, and there is none",
            hint: "see docs/formats.md, “Witnesses”"))
      }
      return nil
    }
    return try await Cosigning(
      root: rootFolder, output: output.map(absolute) ?? rootFolder.appending("public"),
      displayPath: output ?? "public", ledger: ledgerStore, policy: policy,
      today: todayInIndonesia, findings: &findings
    )?.run(requiresQuorum: requiresQuorum, findings: &findings)
  }
}
