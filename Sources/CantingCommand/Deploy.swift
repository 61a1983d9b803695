import ArgumentParser
import Diagnostics
import Foundation
import Proof
import Site
import Synchronization
import SystemPackage

/// `canting deploy`
struct Deploy: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Upload what changed to a host.",
    discussion: """
      Holds the site of the last build against what the target has, and hands the difference to \
      rclone: assets first, then certificates and pages, lists, the log, its checkpoint last, and \
      deletions after all. A deploy that was cut off goes on where it ended. Nothing is uploaded \
      when the log at the target is not the beginning of this one.

      Examples:
        canting deploy production               a target of content/site.yml
        canting deploy production --dry-run     what would travel
        canting deploy r2:certificates          a remote of `rclone config`
        canting deploy /srv/www/certificates    a folder of this machine

      Exit codes: 0 done, or nothing to do; 1 refused; 64 wrong usage; 70 something did not arrive: \
      run it again.
      """)

  /// What a deploy did, or would do.
  struct Outcome: Encodable {
    let target: String
    let dryRun: Bool
    let added, changed, unchanged, deleted: Int
    let logSize: Int
  }

  @Argument(help: "A target of content/site.yml, or a remote as rclone writes it.")
  var target: String

  @Option(
    name: .shortAndLong, help: "The folder of the site. (default: public in the project)")
  var output: String?

  @Flag(name: .shortAndLong, help: "Say what would travel, and change nothing.")
  var dryRun = false

  @Flag(help: "Do not believe what the last deploy noted at the target: compare every file.")
  var recheck = false

  @Option(
    help: ArgumentHelp(
      "Write a list of what travels: JSON, in the order of uploading.", valueName: "file"))
  var receipt: String?

  @Option(
    help: ArgumentHelp(
      "Delete at most so many files at the target. (default: a tenth of them, at least 100)",
      valueName: "files"))
  var maxDeletes: Int?

  @Option(help: "How many files travel at a time. (default: 8, or what the target says)")
  var transfers: Int?

  @OptionGroup var options: ProjectOptions

  func validate() throws {
    guard maxDeletes ?? 0 >= 0 else { throw ValidationError("--max-deletes is 0 or more") }
    guard (1...256).contains(transfers ?? 1) else {
      throw ValidationError("--transfers is a number from 1 to 256")
    }
    guard !target.isEmpty, !target.hasPrefix("-"), !target.contains(where: \.isNewline) else {
      throw ValidationError("a target is a name or a remote")
    }
  }

  private var shown: String { output ?? "public" }
  private var folder: FilePath {
    output.map(options.absolute) ?? options.rootFolder.appending("public")
  }

  func run() async throws {
    // No build changes the site meanwhile.
    let lock = try options.ledgerStore.lock()
    try await deploy()
    _ = consume lock
  }

  private func deploy() async throws {
    var findings = Findings()
    guard let place = try place(&findings), let deployment = try await prepare(place, &findings),
      let target = try await look(deployment, &findings)
    else { return try refuse(findings) }
    var marks = UploadMarks(root: options.rootFolder, output: folder)
    var made = try await UploadPlan.plan(
      deployment.site, state: target.state, marks: &marks, jobs: options.jobs, findings: &findings)
    if target.state == nil {
      made?.addLeftovers(try deployment.rclone.list(certificates: true), marks: marks)
    }
    guard let plan = made, !guardTarget(plan, &findings) else { return try refuse(findings) }
    if options.fails(findings) { return try refuse(findings) }
    marks.remember()
    let deletions = try deployment.deletions(plan)
    if let receipt {
      let list = try ReceiptFile(options.absolute(receipt), shownAs: receipt)
      try plan.write(list, deletions: deletions, logSize: deployment.log.size)
    }
    if !dryRun, !plan.isEmpty {
      do {
        try await deployment.run(plan, deletions: deletions, at: target)
      } catch is Deployment.Overtaken {
        deployment.progress.clear()
        findings.add(overtaken)
        return try refuse(findings)
      }
    }
    deployment.progress.clear()
    try removeWork()
    try report(plan, deletions, logSize: deployment.log.size, findings)
  }

  // MARK: Before anything travels

  /// The remote, and how many files travel at a time.
  private func place(_ findings: inout Findings) throws -> DeployTarget? {
    let named: DeployTarget
    if DeployTarget.isRemote(target) {
      named = DeployTarget(remote: target)
    } else {
      guard
        let configuration = try SiteConfiguration.load(
          root: options.rootFolder, findings: &findings)
      else { return nil }
      guard let found = configuration.deployTargets[target] else {
        findings.add(unknownTarget(Array(configuration.deployTargets.keys)))
        return nil
      }
      named = found
    }
    guard !named.remote.contains(":") else { return named }
    // A path in the settings starts at the project, one on the command line where the user is.
    let local =
      DeployTarget.isRemote(target)
      ? options.absolute(named.remote)
      : options.rootFolder.pushing(FilePath(named.remote)).lexicallyNormalized()
    if local.starts(with: folder) || folder.starts(with: local) {
      findings.add(
        Diagnostic(
          "target-is-site", at: SourceLocation(path: target),
          message: "A target is another place than the site's own folder",
          hint: "choose another target, or build right there with --output"))
      return nil
    }
    return DeployTarget(remote: local.string, transfers: named.transfers)
  }

  private func unknownTarget(_ names: [String]) -> Diagnostic {
    let known = names.sorted().map { "`\($0)`" }.joined(separator: ", ")
    return Diagnostic(
      "unknown-target", at: SourceLocation(path: "content/site.yml"),
      message: "A target is named under `deploy`, and there is no `\(target)`"
        + (known.isEmpty ? "" : " among \(known)"),
      hint: suggestion(for: target, among: names).map { "did you mean `\($0)`?" }
        ?? "add `deploy: {\(target): {remote: \"…\"}}`, or name a remote of rclone, as in `r2:bucket`"
    )
  }

  private var work: FilePath { options.rootFolder.appending(".canting-cache/deploy") }

  private func prepare(
    _ place: DeployTarget, _ findings: inout Findings
  ) async throws -> Deployment? {
    let site = try SiteFiles.open(
      root: options.rootFolder, output: folder, shownAs: shown, ledger: options.ledgerStore,
      findings: &findings)
    let rclone = Rclone(
      remote: place.remote, work: work, transfers: transfers ?? place.transfers ?? 8)
    if rclone == nil { findings.add(Rclone.missing) }
    guard let site, let rclone else { return nil }
    try FileManager.default.createDirectory(
      atPath: work.string, withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    return Deployment(
      rclone: rclone, site: site, folder: folder,
      log: try await TargetLog(folder, shownAs: shown, target: target),
      ledger: options.ledgerStore, jobs: options.jobs,
      progress: ProgressLine(isShown: !options.quiet && options.format == .text))
  }

  /// Asks the target, and objects to a log that is not the beginning of this one.
  private func look(
    _ deployment: Deployment, _ findings: inout Findings
  ) async throws -> Deployment.Target? {
    let target = try deployment.look(forgets: recheck)
    if let checkpoint = target.checkpoint,
      let objection = try await deployment.log.objection(to: checkpoint)
    {
      findings.add(objection)
      return nil
    }
    return target
  }

  /// A site that lost most of its files must not take the published one with it.
  private func guardTarget(_ plan: UploadPlan, _ findings: inout Findings) -> Bool {
    let limit = maxDeletes ?? max(100, plan.known / 10)
    guard plan.deletions > limit else { return false }
    findings.add(
      Diagnostic(
        "too-many-deletions", at: SourceLocation(path: target),
        message: "A deploy deletes at most \(grouped(limit)) files at the target, and this one"
          + " would delete \(grouped(plan.deletions))",
        hint: "see what is missing in the site; if they are meant to go, allow it with"
          + " --max-deletes \(plan.deletions)"))
    return true
  }

  private var overtaken: Diagnostic {
    Diagnostic(
      "target-changed", at: SourceLocation(path: "\(target)/log/checkpoint"),
      message: "One deploy at a time changes a target, and its log changed during this one",
      hint: "wait for the other one to end, and run `canting deploy` again")
  }

  // MARK: Saying

  private func refuse(_ findings: Findings) throws {
    try Report<Outcome>(options: options, findings: findings)
      .print(nil, isOK: false, summary: [])
    throw ExitStatus.inputHasErrors.code
  }

  /// Lists and answers name certificates' addresses, and are not kept.
  private func removeWork() throws {
    try FileManager.default.removeItem(atPath: work.string)
  }

  private func report(
    _ plan: UploadPlan, _ deletions: [String], logSize: Int, _ findings: Findings
  ) throws {
    let outcome = Outcome(
      target: target, dryRun: dryRun, added: plan.added, changed: plan.changed,
      unchanged: plan.unchanged, deleted: deletions.count, logSize: logSize)
    let verb = dryRun ? "would upload" : "uploaded"
    var lines = [
      "\(verb) \(grouped(plan.added)) new and \(grouped(plan.changed)) changed files,"
        + " \(dryRun ? "and delete" : "deleted") \(grouped(deletions.count));"
        + " \(grouped(plan.unchanged)) are there already"
    ]
    if plan.isEmpty {
      lines = ["nothing to do: \(visible(target)) has all \(grouped(plan.unchanged)) files"]
    } else if dryRun {
      lines.append("nothing was changed; --receipt FILE lists them")
    }
    try Report<Outcome>(options: options, findings: findings)
      .print(outcome, isOK: true, summary: lines)
  }
}

/// A count that grows from wherever lines are read.
final class Counter: Sendable {
  private let count: Mutex<Int>

  init(_ start: Int) { count = Mutex(start) }

  func next() -> Int {
    count.withLock {
      $0 += 1
      return $0
    }
  }
}
