import ArgumentParser
import Diagnostics
import Pages
import Project
import Proof

/// Which certificates are printed, and how often.
struct CertificateChoiceOptions: ParsableArguments {
  @Option(help: "Only certificates of this batch; may be given again.")
  var batch: [String] = []

  @Option(
    help: ArgumentHelp(
      "Only where a field has one of some values: scheme, province, issued, number, batch.",
      valueName: "field=value,…"))
  var select: [String] = []

  @Option(help: "How often each is printed.")
  var copies: Int = 1

  func validate() throws {
    for text in select where CertificateChoice.Condition(text) == nil {
      let fields = CertificateChoice.Condition.Field.allCases.map(\.rawValue)
        .joined(separator: ", ")
      throw ValidationError("--select takes field=value, and the fields are \(fields)")
    }
    guard (1...100).contains(copies) else {
      throw ValidationError("--copies is a number from 1 to 100")
    }
  }

  private var conditions: [CertificateChoice.Condition] {
    let batches =
      batch.isEmpty ? [] : [CertificateChoice.Condition(field: .batch, values: batch)]
    return batches + select.compactMap { CertificateChoice.Condition($0) }
  }

  /// The certificates that meet the conditions and are in force.
  ///
  /// - Parameter known: codes of certificates that are left out.
  /// - Throws: an exit code, with a word to the user, where there is none.
  func certificates(
    _ project: Project, _ fingerprints: Fingerprints, known: Set<CertificateCode> = []
  ) throws -> CertificateChoice {
    let choice = CertificateChoice(
      project, fingerprints: fingerprints, conditions: conditions, known: known, copies: copies)
    if choice.count == 0 {
      Terminal.standardError(
        "canting: no certificate in force meets the conditions"
          + (choice.notInForce > 0 ? "; \(grouped(choice.notInForce)) not in force do" : ""))
      throw ExitStatus.inputHasErrors.code
    }
    return choice
  }
}
