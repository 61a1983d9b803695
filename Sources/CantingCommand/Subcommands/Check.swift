import ArgumentParser
import Build
import Content
import Diagnostics
import Output
import Project
import SystemPackage

/// `canting check`
struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find everything that is wrong, and write nothing.",
    discussion: """
      Does what build does, with the same findings, but writes nothing, and also looks for what \
      nothing uses any more: files, words, announcements that expired.

      Examples:
        canting check
        canting check --warnings-as-errors
        canting check --format json
        canting check --external
        canting check --texts
      """)

  @OptionGroup var options: ProjectOptions

  @Option(name: .shortAndLong, help: "The folder that build would write into.")
  var output: String?

  @Option(
    help: "Hold the ledger against this published site: a folder or a web address.")
  var site: String?

  @Flag(help: "Ask for every outside link of the texts too, through the program lychee.")
  var external = false

  @Flag(help: "With --external, also ask addresses of this machine and of private networks.")
  var privateHosts = false

  @Flag(
    help: "Check texts and templates alone: without registry, keys and ledger, on any machine.")
  var texts = false

  @Flag(help: "Name every certificate that a build would seal.")
  var listNew = false

  func validate() throws {
    if texts, site != nil || listNew {
      throw ValidationError(
        "--texts looks at no certificates, so --site and --list-new do not go with it")
    }
    if privateHosts, !external { throw ValidationError("--private-hosts goes with --external") }
  }

  /// What a check counts.
  struct Outcome: Encodable {
    let certificates: Int
    let files: Int
    /// Entries that a build would append to the log, in its order.
    let wouldSeal: [String]
    /// Outside addresses that were asked for, with `--external`.
    let outsideLinks: Int?
  }

  func run() async throws {
    let progress = ProgressLine(isShown: !options.quiet && options.format == .text)
    var preparation = try await Preparation(
      options, environment: options.environment(findsUnusedFiles: !texts, hasTextsAlone: texts),
      output: output,
      site: site, progress: progress)
    let asked = external ? try await askOutside(&preparation.findings, progress: progress) : nil
    let built = try BuiltStatusLists(
      of: output.map(options.absolute) ?? options.rootFolder.appending("public"),
      displayPath: output ?? "public")
    if !texts, let plan = preparation.plan, let finding = built.finding(today: plan.today) {
      preparation.findings.add(finding)
    }
    var isOK = !preparation.fails(options)
    if isOK, let plan = preparation.plan, let folder = preparation.output {
      progress.show("making every page")
      let site = output.map(options.absolute) ?? options.rootFolder.appending("public")
      do {
        try await SiteRehearsal(
          plan: plan, output: folder,
          cache: BuildCacheFile(root: options.rootFolder, output: site).read(), jobs: options.jobs
        ).check()
      } catch let damaged as DamagedPictures {
        preparation.findings.add(contentsOf: damaged.findings)
        isOK = false
      }
    }
    progress.clear()
    let outcome = preparation.plan.map {
      Outcome(
        certificates: $0.certificateCount, files: $0.fileCount, wouldSeal: $0.pendingEntries,
        outsideLinks: asked)
    }
    var summary: [String] = []
    if isOK, texts, let outcome {
      summary = [
        "checked  texts and templates: \(grouped(outcome.files)) files without certificates;"
          + " links to certificates were taken on trust"
      ]
      if let asked { summary.append("asked    \(grouped(asked)) outside addresses") }
    } else if isOK, let outcome {
      summary = [
        "checked  \(grouped(outcome.certificates)) certificates; a build makes"
          + " \(grouped(outcome.files)) files",
        "seals    " + sealing(outcome.wouldSeal),
      ]
      if let plan = preparation.plan {
        summary += SealLines(plan: plan).groups + (listNew ? SealLines(plan: plan).list : [])
        if plan.beginsLog, !plan.isSpecimen {
          summary.append(
            "         this begins a new log for \(visible(plan.host)); build with --new-log")
        }
      }
      if let asked { summary.append("asked    \(grouped(asked)) outside addresses") }
    }
    try Report<Outcome>(options: options, findings: preparation.findings)
      .print(outcome, isOK: isOK, summary: summary)
    if !isOK { throw ExitStatus.inputHasErrors.code }
  }

  /// Asks for every outside link, whatever else is wrong with the project.
  ///
  /// - Returns: how many addresses were asked for.
  private func askOutside(
    _ findings: inout Findings, progress: ProgressLine
  ) async throws -> Int {
    // Everything wrong with these files is among the findings already.
    var known = Findings()
    let site = try SiteConfiguration.load(root: options.rootFolder, findings: &known)
    let content = try Content.load(
      options.rootFolder.appending("content"), displayPath: "content",
      settings: options.environment.contentSettings(for: site), findings: &known)
    let links = OutsideLinks(of: content, site: site?.url ?? "")
    guard !links.addresses.isEmpty else { return 0 }
    progress.show("asking for \(links.addresses.count) outside addresses")
    let checker = LinkChecker(
      folder: options.rootFolder.appending(".canting-cache/links"), asksPrivateHosts: privateHosts)
    do {
      findings.add(contentsOf: links.findings(try await checker.ask(links.addresses)))
    } catch let missing as LinkChecker.Missing {
      findings.add(missing.finding)
    }
    return links.addresses.count
  }

  /// What a build would append, counted by kind.
  private func sealing(_ types: [String]) -> String {
    guard !types.isEmpty else { return "nothing new: the log is as it was" }
    let counts = Dictionary(types.map { ($0, 1) }, uniquingKeysWith: +)
    let parts = counts.sorted { $0.key < $1.key }.map { "\(grouped($0.value)) \($0.key)" }
    return "\(grouped(types.count)) new entries: \(parts.joined(separator: ", "))"
  }
}
