import ArgumentParser
import Deployment
import Diagnostics
import Foundation
import Output
import Project
import Proof
import SystemPackage

/// `canting deploy`
struct Deploy: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Upload what changed to a host.",
    discussion: """
      Holds the site of the last build against what the target has, and hands the difference to \
      rclone: assets first, then certificates and pages, lists, the log, its checkpoint last, and \
      deletions after all. A deploy that was cut off goes on where it ended. Nothing is uploaded \
      when the log at the target is not the beginning of this one. Where seeds/witnesses.policy names \
      witnesses, they are asked before anything travels, as `canting cosign` does it.

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
    let added, changed, unchanged: Int
    /// Files of which nobody knew whether they are there.
    let compared: Int
    let deleted: Int
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

  @Flag(help: "Take over a target that holds files of somebody else.")
  var adopt = false

  @Flag(help: "Upload nothing unless the quorum of witnesses is met.")
  var requireQuorum = false

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

  var shown: String { output ?? "public" }
  var folder: FilePath {
    output.map(options.absolute) ?? options.rootFolder.appending("public")
  }

  func run() async throws {
    // No build changes the site meanwhile.
    let lock = try options.ledgerStore.lock()
    let result: Result<Void, any Error>
    do {
      result = .success(try await deploy())
    } catch {
      result = .failure(error)
    }
    try removeWork()
    _ = consume lock
    try result.get()
  }

  private func deploy() async throws {
    var findings = Findings()
    if !dryRun {
      _ = try await options.cosign(
        output, requiresQuorum: requireQuorum, isNeeded: false, findings: &findings)
      if options.fails(findings) { return try refuse(findings) }
    }
    guard let place = try place(&findings), let session = try await prepare(place, &findings),
      let target = try look(session, &findings),
      let job = try await job(at: target, session, &findings)
    else { return try refuse(findings) }
    if dryRun || job.plan.isEmpty {
      session.progress.clear()
      var tally = DeployRun.Tally()
      (tally.added, tally.changed) = (job.plan.added, job.plan.changed)
      tally.deleted = job.deletions.count
      return try report(outcome(job.plan, tally, session), job.plan, findings)
    }
    Interruption.listen()
    guard var run = try await claim(job, session, &findings) else {
      return try refuse(findings)
    }
    do {
      try await run.run()
    } catch is DeployRun.Overtaken {
      session.progress.clear()
      findings.add(overtaken(run.tally, run.job.plan))
      return try refuse(
        findings, after: run.tally, outcome(run.job.plan, run.tally, session))
    } catch let failure as MachineFailure {
      session.progress.clear()
      throw MachineFailure(
        failure.action,
        reason: "\(failure.reason)\nthis deploy \(sentence(run.tally, run.job.plan));"
          + " `canting deploy` goes on from there")
    }
    session.progress.clear()
    try report(outcome(run.job.plan, run.tally, session), run.job.plan, findings)
  }

  // MARK: Before anything travels

  private var work: FilePath { options.rootFolder.appending(".canting-cache/deploy") }

  private func prepare(
    _ place: DeployTarget, _ findings: inout Findings
  ) async throws -> UploadSession? {
    let site = try SiteFiles.open(
      root: options.rootFolder, output: folder, displayPath: shown, ledger: options.ledgerStore,
      findings: &findings)
    let rclone = Rclone(
      remote: place.remote, work: work, transfers: transfers ?? place.transfers ?? 8)
    if rclone == nil { findings.add(Rclone.missing) }
    guard let site, let rclone else { return nil }
    try FileManager.default.createDirectory(
      atPath: work.string, withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    return UploadSession(
      rclone: rclone, site: site, folder: folder,
      log: try await TargetLog(folder, displayPath: shown, target: target),
      ledger: options.ledgerStore, jobs: options.jobs,
      progress: ProgressLine(isShown: !options.quiet && options.format == .text))
  }

  /// What has to be done at a target; nil, with findings, when it must not be touched.
  private func job(
    at target: UploadSession.Target, _ session: UploadSession, _ findings: inout Findings
  ) async throws -> DeployRun.Job? {
    if !target.strangers.isEmpty, !adopt {
      findings.add(foreignTarget(target.strangers))
      return nil
    }
    if let checkpoint = target.countingCheckpoint,
      let objection = try await session.log.objection(to: checkpoint)
    {
      findings.add(objection)
      return nil
    }
    var digests = ContentDigests(root: options.rootFolder, output: folder)
    var made = try await UploadPlan.plan(
      session.site, state: target.state, digests: &digests, jobs: options.jobs,
      findings: &findings)
    if made?.hasUnknownFiles ?? false {
      made?.addUnknownFiles(try session.rclone.list(certificates: true), digests: digests)
    }
    guard let plan = made else { return nil }
    let deletions = try session.deletions(plan)
    guardTarget(plan, deletions.count, &findings)
    if options.fails(findings) { return nil }
    digests.remember()
    if let receipt {
      let list = try ReceiptFile(options.absolute(receipt), displayPath: receipt)
      try plan.write(list, deletions: deletions, logSize: session.log.size)
    }
    return DeployRun.Job(plan: plan, deletions: deletions, target: target)
  }

  /// Claims the target. What another deploy changed there until then is planned anew; from then on,
  /// each of the two sees the other's claim.
  ///
  /// - Returns: nil, with findings, when another deploy has it, or when it must not be touched any more.
  private func claim(
    _ job: DeployRun.Job, _ session: UploadSession, _ findings: inout Findings
  ) async throws -> DeployRun? {
    let claim = try session.claim(job.plan, at: job.target)
    do {
      // The first look has seen that the site's own folder is another one.
      let now = try session.look(forgets: recheck, except: claim.id) ?? job.target
      if now.others.contains(where: { $0 > claim.id }) {
        findings.add(overtaken(DeployRun.Tally(), job.plan))
      } else if now.isSame(as: job.target) {
        return DeployRun(session, job, claim: claim)
      } else if let job = try await self.job(at: now, session, &findings) {
        return DeployRun(
          session, job, claim: try session.claim(job.plan, at: now, id: claim.id))
      }
    } catch {
      try session.remove([claim.id])
      throw error
    }
    try session.remove([claim.id])
    return nil
  }

  private func foreignTarget(_ names: [String]) -> Diagnostic {
    let few = names.sorted().prefix(3).map { "`\(visible($0))`" }.joined(separator: ", ")
    return Diagnostic(
      "foreign-target", at: SourceLocation(path: target),
      message: "This target holds files that no deploy put there: \(few)"
        + (names.count > 3 ? " and \(grouped(names.count - 3)) more" : ""),
      hint: "choose an empty place; or take this one over with --adopt, which replaces files of the"
        + " site's names and empties assets/, c/, log/tile/ and status/ of all others")
  }

  /// A site that lost most of its files must not take the published one with it.
  private func guardTarget(_ plan: UploadPlan, _ count: Int, _ findings: inout Findings) {
    let limit = maxDeletes ?? max(100, plan.known / 10)
    guard count > limit else { return }
    findings.add(
      Diagnostic(
        "too-many-deletions", at: SourceLocation(path: target),
        message: "A deploy deletes at most \(grouped(limit)) files at the target, and this one"
          + " would delete \(grouped(count))",
        hint: "see what is missing in the site; if they are meant to go, allow it with"
          + " --max-deletes \(count)"))
  }

  private func overtaken(_ tally: DeployRun.Tally, _ plan: UploadPlan) -> Diagnostic {
    Diagnostic(
      "target-changed", at: SourceLocation(path: target),
      message: "Another deploy to this target began while this one ran, and goes on in its place;"
        + " this one \(sentence(tally, plan))",
      hint:
        "wait for the other one to end and run `canting deploy` again, which mends what both left;"
        + " if the other one published more, fetch its seeds/ledger and build first")
  }

  /// What a deploy did that did not come to its end.
  private func sentence(_ tally: DeployRun.Tally, _ plan: UploadPlan) -> String {
    if tally.sent == 0, tally.deleted == 0 { return "uploaded and deleted nothing" }
    return "uploaded \(grouped(tally.sent)) of \(grouped(plan.uploads)) files"
      + (tally.hasCheckpoint ? "" : ", the log's checkpoint not among them,")
      + " and deleted \(grouped(tally.deleted))"
  }

  // MARK: Saying

  private func refuse(
    _ findings: Findings, after tally: DeployRun.Tally? = nil, _ outcome: Outcome? = nil
  ) throws {
    try Report<Outcome>(options: options, findings: findings).print(
      outcome, isOK: false, summary: [],
      ending: tally?.sent ?? 0 == 0 ? "nothing was uploaded" : "the deploy did not end")
    throw ExitStatus.inputHasErrors.code
  }

  /// Lists and answers name certificates' addresses, and are not kept.
  private func removeWork() throws {
    if FileManager.default.fileExists(atPath: work.string) {
      try FileManager.default.removeItem(atPath: work.string)
    }
  }

  private func outcome(
    _ plan: UploadPlan, _ tally: DeployRun.Tally, _ session: UploadSession
  ) -> Outcome {
    Outcome(
      target: target, dryRun: dryRun, added: tally.added, changed: tally.changed,
      unchanged: plan.unchanged + (dryRun ? 0 : tally.arrived - tally.sent),
      compared: plan.unsure, deleted: tally.deleted, logSize: session.log.size)
  }

  private func report(_ outcome: Outcome, _ plan: UploadPlan, _ findings: Findings) throws {
    let unsure =
      dryRun && outcome.compared > 0
      ? ", and send those of \(grouped(outcome.compared)) that are not there already" : ""
    var lines = [
      "\(dryRun ? "would upload" : "uploaded") \(grouped(outcome.added)) new and"
        + " \(grouped(outcome.changed)) changed files\(unsure), \(dryRun ? "and delete" : "deleted")"
        + " \(grouped(outcome.deleted)); \(grouped(outcome.unchanged)) are there already"
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
