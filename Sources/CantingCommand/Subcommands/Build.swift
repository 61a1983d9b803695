import ArgumentParser
import Build
import Content
import Diagnostics
import Foundation
import Layout
import Output
import Pages
import Project
import Proof
import SystemPackage
import Theme

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
        canting build --site https://verify.example.org
        canting build --output /srv/www/certificates
        canting build --now 2026-12-01 --warnings-as-errors
        canting build --format json --quiet
      """)

  @OptionGroup var options: ProjectOptions

  @Option(name: .shortAndLong, help: "The folder to write into. (default: public in the project)")
  var output: String?

  @Option(
    help: "Hold the ledger against this published site: a folder or a web address.")
  var site: String?

  @Option(
    help: ArgumentHelp(
      "Write a list of what changed, for uploading: JSON, in the order of uploading.",
      valueName: "file"))
  var receipt: String?

  @Flag(help: "Begin a log: wanted once, for the first build of a real site.")
  var newLog = false

  @Flag(help: "Name every certificate that is sealed.")
  var listNew = false

  @Option(
    help: ArgumentHelp(
      "Remove at most so many files of the old site. (default: a tenth of them, at least 100)",
      valueName: "files"))
  var maxDeletes: Int?

  func validate() throws {
    guard maxDeletes ?? 0 >= 0 else { throw ValidationError("--max-deletes is 0 or more") }
  }

  func run() async throws {
    let progress = ProgressLine(isShown: !options.quiet && options.format == .text)
    let start = ContinuousClock.now
    let lock = try options.ledgerStore.lock()
    let folder = output.map(options.absolute) ?? options.rootFolder.appending("public")
    let last = await PreviousBuild.read(
      root: options.rootFolder, output: folder, tool: Self.tool)
    if site == nil, try await isRepeated(last, folder, start: start) { return }
    let preparation = try await Preparation(
      options, output: output, site: site, last: last, progress: progress)
    var findings = preparation.findings
    if let plan = preparation.plan, let output = preparation.output {
      guardOldSite(plan, output, findings: &findings)
      if !newLog, let finding = beginning(plan) { findings.add(finding) }
    }
    var report = Report<BuildReceipt>(options: options, findings: findings)
    guard !options.fails(findings), let plan = preparation.plan, let folder = preparation.output
    else {
      progress.clear()
      try report.print(nil, isOK: false, summary: [])
      throw ExitStatus.inputHasErrors.code
    }
    let build = SiteBuild(
      plan: plan, output: folder, store: preparation.store, last: last, findings: findings,
      jobs: options.jobs)
    let total = progress.isShown ? grouped(plan.fileCount) : ""
    let receipt: BuildReceipt
    do {
      receipt = try await build.run(list: try receiptFile()) { done in
        progress.show("writing: \(grouped(done)) of \(total) files")
      }
    } catch let damaged as DamagedPictures {
      progress.clear()
      findings.add(contentsOf: damaged.findings)
      report = Report(options: options, findings: findings)
      try report.print(nil, isOK: false, summary: [])
      throw ExitStatus.inputHasErrors.code
    }
    progress.clear()
    _ = consume lock
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    try report.print(
      receipt, isOK: true,
      summary: summary(
        receipt, plan: plan, seconds: seconds))
  }

  /// Ends the run where nothing changed since the last build.
  private func isRepeated(
    _ last: PreviousBuild, _ folder: FilePath, start: ContinuousClock.Instant
  ) async throws -> Bool {
    var findings = Findings()
    let opened = try OutputFolder.open(folder, displayPath: output ?? "public", findings: &findings)
    guard let opened,
      let (receipt, found) = try await last.unchangedResult(
        output: opened, now: options.environment.now, jobs: options.jobs),
      !options.fails(found)
    else { return false }
    var list = try receiptFile()
    try list?.finishEmpty(logSize: receipt.logSize)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    try Report<BuildReceipt>(options: options, findings: found)
      .print(
        receipt, isOK: true, summary: summary(receipt, plan: nil, seconds: seconds))
    return true
  }

  /// The program, its libraries, what draws its pictures and what checks signatures in old browsers, as others
  /// may make another site.
  private static var tool: String {
    "\(program) \(Compression.libraries) \(PictureMaker.traceOnThisMachine)"
      + " \(PictureScaler.traceOnThisMachine) \(SignatureScript.traceOnThisMachine)"
  }

  private static var program: String {
    guard let program = Bundle.main.executableURL?.resolvingSymlinksInPath() else {
      return Canting.version
    }
    do {
      // While Canting itself is being worked on, its version stays and its file changes.
      let facts = try program.resourceValues(forKeys: [.fileSizeKey, .contentModificationDateKey])
      let time = facts.contentModificationDate?.timeIntervalSince1970 ?? 0
      return "\(Canting.version) \(facts.fileSize ?? 0) \(time)"
    } catch {
      return Canting.version
    }
  }

  /// A registry or a folder of texts that went missing must not take the site with it.
  private func guardOldSite(_ plan: SitePlan, _ folder: OutputFolder, findings: inout Findings) {
    let removals = folder.removals(for: plan.manifest)
    let limit = maxDeletes ?? max(100, folder.fileCount / 10)
    guard removals > limit else { return }
    findings.add(
      Diagnostic(
        "too-many-deletions", at: SourceLocation(path: output ?? "public"),
        message: "A build removes at most \(grouped(limit)) files of the old site, and this one"
          + " would remove \(grouped(removals)) of \(grouped(folder.fileCount))",
        hint: "see what is missing in seeds/ and content/; if they are meant to go, allow it with"
          + " --max-deletes \(removals)"))
  }

  /// A lost ledger must not be taken for the first build: the log would begin a second time.
  private func beginning(_ plan: SitePlan) -> Diagnostic? {
    guard plan.beginsLog, !plan.isSpecimen else { return nil }
    return Diagnostic(
      "new-log", at: SourceLocation(path: "seeds/ledger"),
      message:
        "This build begins a new log for \(plan.host), and what it seals cannot be taken back",
      hint:
        "look at what `canting check` would seal; if nothing was ever published for this domain, say so with"
        + " --new-log; else restore seeds/ledger from a backup")
  }

  private func receiptFile() throws -> ReceiptFile? {
    guard let receipt else { return nil }
    return try ReceiptFile(options.absolute(receipt), displayPath: receipt)
  }

  /// - Parameter plan: nil where nothing changed since the last build.
  private func summary(
    _ receipt: BuildReceipt, plan: SitePlan?, seconds: Double
  ) -> [String] {
    let shown = output ?? "public"
    let time = "\((seconds * 10).rounded() / 10) s"
    var lines = [
      "read   \(grouped(receipt.certificates)) certificates in \(receipt.schemes) schemes,"
        + " \(receipt.announcements) announcements",
      "sealed \(grouped(receipt.sealed)) new entries; the log has \(grouped(receipt.logSize))",
    ]
    if let plan {
      lines += SealLines(plan: plan).groups + (listNew ? SealLines(plan: plan).list : [])
    }
    lines += [
      "wrote  \(shown)/ in \(time): \(grouped(receipt.files)) files,"
        + " \(grouped(receipt.added)) new, \(grouped(receipt.changed)) changed,"
        + " \(grouped(receipt.removed)) removed"
    ]
    lines += (receipt.pictureNotes + receipt.omissions).map { "note   \($0)" }
    guard let plan, receipt.added + receipt.changed + receipt.removed > 0 else {
      lines.append("next   nothing to do: the site is as it was")
      return lines
    }
    lines.append("next   look at it with: python3 -m http.server --directory \(shown) 8000")
    lines += plan.deployTargets.map { "       publish it with: canting deploy \($0)" }
    if plan.deployTargets.isEmpty {
      lines.append("       publish it by copying \(shown)/ to \(plan.officialAddress)")
    }
    if receipt.sealed > 0 {
      lines.append("       back up seeds/ledger: the log cannot go on without it")
    }
    lines.append(
      "       the lists of revoked certificates are good until \(plan.statusListsEnd): build again by then"
    )
    return lines
  }
}
