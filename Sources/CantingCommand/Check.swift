import ArgumentParser
import Diagnostics
import Site

/// `canting check`
struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find everything that is wrong, and write nothing.",
    discussion: """
      Does what build does up to the first byte, with the same findings, and also looks for what \
      nothing uses any more: files, words, announcements that expired.

      Examples:
        canting check
        canting check --warnings-as-errors
        canting check --format json
      """)

  @OptionGroup var options: ProjectOptions

  @Option(name: .shortAndLong, help: "The folder that build would write into.")
  var output: String?

  /// What a check counts.
  struct Outcome: Encodable {
    let certificates: Int
    let files: Int
    /// Entries that a build would append to the log, in its order.
    let wouldSeal: [String]
  }

  func run() async throws {
    let progress = ProgressLine(isShown: !options.quiet && options.format == .text)
    let preparation = try await Preparation(
      options, circumstances: options.circumstances(findsLeftovers: true), output: output,
      progress: progress)
    progress.clear()
    let isOK = !preparation.fails(options)
    let outcome = preparation.plan.map {
      Outcome(certificates: $0.certificateCount, files: $0.fileCount, wouldSeal: $0.pendingEntries)
    }
    var summary: [String] = []
    if isOK, let outcome {
      summary = [
        "checked  \(grouped(outcome.certificates)) certificates; a build makes"
          + " \(grouped(outcome.files)) files",
        "seals    " + sealing(outcome.wouldSeal),
      ]
    }
    try Report<Outcome>(options: options, findings: preparation.findings)
      .print(outcome, isOK: isOK, summary: summary)
    if !isOK { throw ExitStatus.inputHasErrors.code }
  }

  /// What a build would append, counted by kind.
  private func sealing(_ types: [String]) -> String {
    guard !types.isEmpty else { return "nothing new: the log is as it was" }
    let counts = Dictionary(types.map { ($0, 1) }, uniquingKeysWith: +)
    let parts = counts.sorted { $0.key < $1.key }.map { "\(grouped($0.value)) \($0.key)" }
    return "\(grouped(types.count)) new entries: \(parts.joined(separator: ", "))"
  }
}
