import ArgumentParser
import Diagnostics
import Layout
import Proof
import Verification

/// The option of commands that may insist on witnesses.
struct PolicyOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Insist on the witnesses of a policy (C2SP tlog-policy): a file of yours, or `published` for the site's own.",
      valueName: "file"))
  var policy: String?

  /// The policy that the user named; nil for none.
  ///
  /// - Parameter site: as the user named it.
  /// - Throws: an exit code, once it is said why the policy cannot be used.
  func policy<Format: PrintedForm>(
    _ options: CommandOptions<Format>, site: String?
  ) async throws -> WitnessPolicy? {
    guard let policy else { return nil }
    let bytes: [UInt8]
    let shown: String
    if policy == "published" {
      shown = SingleFile.witnesses.path.text
      do {
        guard
          let found = try await options.publishedSite(site).read(
            shown, limit: SignedNote.longest)
        else {
          Terminal.standardError("canting: the site publishes no \(shown)")
          throw ExitStatus.couldNotBeChecked.code
        }
        bytes = found
      } catch let failure as MachineFailure {
        Terminal.standardError("canting: \(visible(failure.description))")
        throw ExitStatus.couldNotBeChecked.code
      }
    } else {
      shown = policy
      bytes = try options.readNote(policy)
    }
    var findings = Findings()
    if let read = WitnessPolicy(bytes, displayPath: shown, findings: &findings) { return read }
    let printer = DiagnosticPrinter(colour: Terminal.hasColour)
    for line in printer.lines(for: findings.diagnostics) { Terminal.standardError(line) }
    throw ExitStatus.couldNotBeChecked.code
  }
}
