import ArgumentParser
import Diagnostics
import Proof
import Registry
import Site

/// `canting build`
struct Build: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Publish the site.",
    discussion: """
      Reads the registry, the texts and the templates, checks them all, and writes the site. When \
      anything is wrong, nothing is written. Only files that changed are written, and files of \
      the last build that are no longer produced are removed.

      Examples:
        canting build
        canting build --output /srv/www/certificates
        canting build --now 2026-12-01 --warnings-as-errors
        canting build --format json --quiet
      """)

  @OptionGroup var options: ProjectOptions

  @Option(name: .shortAndLong, help: "The folder to write into. (default: public in the project)")
  var output: String?

  func run() async throws {
    let progress = ProgressLine(isShown: !options.quiet && options.format == .text)
    let start = ContinuousClock.now
    let lock = try options.ledgerStore.lock()
    let preparation = try await Preparation(options, output: output, progress: progress)
    let report = Report<BuildReceipt>(options: options, findings: preparation.findings)
    guard !preparation.fails(options), let plan = preparation.plan, let folder = preparation.output
    else {
      progress.clear()
      try report.print(nil, isOK: false, summary: [])
      throw ExitStatus.inputHasErrors.code
    }
    let build = SiteBuild(
      plan: plan, output: folder, store: preparation.store, jobs: options.jobs)
    let receipt = try await build.run { done in
      progress.show("writing: \(grouped(done)) of \(grouped(plan.fileCount)) files")
    }
    progress.clear()
    _ = consume lock
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    try report.print(receipt, isOK: true, summary: summary(receipt, plan, seconds: seconds))
  }

  private func summary(_ receipt: BuildReceipt, _ plan: SitePlan, seconds: Double) -> [String] {
    let shown = output ?? "public"
    let time = "\((seconds * 10).rounded() / 10) s"
    var lines = [
      "read   \(grouped(receipt.certificates)) certificates in \(plan.schemeCount) schemes,"
        + " \(receipt.announcements) announcements",
      "sealed \(grouped(receipt.sealed)) new entries; the log has \(grouped(receipt.logSize))",
      "wrote  \(shown)/ in \(time): \(grouped(receipt.files)) files,"
        + " \(grouped(receipt.added)) new, \(grouped(receipt.changed)) changed,"
        + " \(grouped(receipt.removed)) removed",
    ]
    lines += plan.pictureNotes.map { "note   \($0)" }
    if receipt.added + receipt.changed + receipt.removed == 0 {
      lines.append("next   nothing to do: the site is as it was")
    } else {
      lines.append("next   look at it with: python3 -m http.server --directory \(shown) 8000")
      lines.append("       publish it by copying \(shown)/ to \(plan.officialAddress)")
    }
    return lines
  }
}
