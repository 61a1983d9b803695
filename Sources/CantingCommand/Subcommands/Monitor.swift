import ArgumentParser
import Diagnostics
import Foundation
import Input
import Proof
import Verification

/// `canting monitor`
struct Monitor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at a published site from outside, and compare it with the last look.",
    discussion: """
      What a watcher outside the institution runs every day: whether the log only grew since the \
      saved checkpoint, the status lists are signed and fresh, and the keys are those that were \
      seen before, but for new ones that the history of keys tells of. It prints one line; where \
      more than one thing did not pass, standard error tells all. With --quiet, it prints nothing while all is well.

      The first time, --first saves what the site says now. From then on, --save replaces the saved \
      files whenever everything passed, and never otherwise. Beside the checkpoint lies a second \
      file, named like it with .seen behind: the keys, and the day of the status lists.

      With --cosign and --output, the watcher is a witness: where everything passed, it saves what it saw, \
      and then signs the log's checkpoint with its key and writes that into a folder for any static \
      host, where `canting cosign` fetches it. `canting keys witness` makes such a key. It never signs two \
      histories, as long as the saved files and the folder are kept together.

      Examples:
        canting monitor https://verify.example.org --since verify.checkpoint --first
        canting monitor https://verify.example.org --since verify.checkpoint --save
        canting monitor https://verify.example.org --since verify.checkpoint --cosign witness.pem --output witness

      Exit codes: 0 all is well, 3 the site contradicts itself or what was seen before, 4 something \
      could not be checked, or is out of date.
      """)

  @Argument(help: "The published site: a web address or a folder.")
  var site: String

  @Option(help: ArgumentHelp("The checkpoint that the last look saved.", valueName: "file"))
  var since: String

  @Flag(help: "Nothing was saved yet: trust the keys that the site states now, and save them.")
  var first = false

  @Flag(help: "Save what was seen, if everything passed.")
  var save = false

  @Option(
    help: ArgumentHelp(
      "A public key to trust instead: the key in use must be this one.", valueName: "key"))
  var key: String?

  @Option(
    help: ArgumentHelp(
      "Cosign the checkpoint with this key, if everything passed; saves what was seen, too.",
      valueName: "key file"))
  var cosign: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where the cosigned checkpoint is written.", valueName: "folder"))
  var output: String?

  @Flag(help: "Compare the site's keys with those that its host has in the DNS.")
  var dns = false

  @OptionGroup var witnesses: PolicyOption

  @Flag(help: "Tell every step on standard error.")
  var verbose = false

  @OptionGroup var options: ProjectOptions

  /// What `--format json` prints.
  struct Result: Encodable {
    let summary: String
    let saved: Bool
    /// The file with the cosigned checkpoint, if one was written.
    let cosigned: String?
    let look: SiteMonitor.Outcome?
  }

  func validate() throws {
    guard (cosign == nil) == (output == nil) else {
      throw ValidationError("--cosign needs --output, and --output is for --cosign alone")
    }
  }

  func run() async throws {
    let pinned = try key.map(options.publicKey)
    let witness = try witness()
    let files = MonitorFiles(options.absolute(since), displayPath: since)
    let earlier: [UInt8]?
    let seen: MonitorState?
    do {
      earlier = try files.savedCheckpoint()
      seen = try files.savedMemory()
    } catch let failure as NoteFailure {
      throw try stop("\(files.memoryName) is damaged (\(failure)): restore it from a copy")
    } catch let failure as MachineFailure {
      throw try stop(failure.description)
    }
    if first, seen != nil {
      throw ValidationError(
        "--first is for the first look, and \(visible(files.memoryName)) is there already")
    }
    if !first {
      let hint = "; the first time, add --first: it trusts what the site says now, and saves it"
      if earlier == nil { throw try stop("there is no saved checkpoint \(since)\(hint)") }
      if seen == nil { throw try stop("there is no \(files.memoryName) beside it\(hint)") }
    }
    let watch = SiteMonitor(
      site: options.publishedSite(site), earlier: earlier, seen: seen, pinned: pinned,
      policy: try await witnesses.policy(options, site: site), witness: witness,
      asksDNS: dns, today: options.todayInIndonesia)
    let look = await watch.look()
    var isSaved = false
    var cosigned: String?
    if let (seen, checkpoint) = look.keepsake {
      if let witness {
        cosigned = try witness.publish(
          look, at: options.now(in: .indonesia).secondsSinceEpoch, files: files, earlier: earlier)
        guard cosigned != nil else {
          throw try stop("another look was saved meanwhile; nothing was signed, run it again")
        }
        isSaved = true
      } else if first || save {
        try files.save(seen, checkpoint: checkpoint)
        isSaved = true
      }
    }
    try print(look, isSaved: isSaved, cosigned: cosigned)
    if look.isContradicted { throw ExitStatus.notGenuineOrNotFound.code }
    if !look.isClean { throw ExitStatus.couldNotBeChecked.code }
  }

  /// The witness that the user is; nil for none.
  private func witness() throws -> StaticWitness? {
    guard let cosign, let output else { return nil }
    var findings = Findings()
    let key = try WitnessKey.load(
      options.absolute(cosign), displayPath: cosign, findings: &findings)
    guard let key else {
      try Report<Result>(options: options, findings: findings)
        .print(nil, isOK: false, summary: [], ending: "nothing was looked at")
      throw ExitStatus.inputHasErrors.code
    }
    return StaticWitness(key.signer, folder: options.absolute(output), displayPath: output)
  }

  private func print(
    _ look: SiteMonitor.Outcome, isSaved: Bool, cosigned: String?
  ) throws {
    let summary = visible(Self.summary(of: look) + (cosigned.map { "; cosigned in \($0)" } ?? ""))
    if options.format == .json {
      try Terminal.printJSON(
        Result(summary: summary, saved: isSaved, cosigned: cosigned, look: look))
      return
    }
    // One thing that did not pass is told by the line itself.
    let told = look.steps.filter { $0.result != .passed }
    for step in verbose ? look.steps : told.count > 1 ? told : [] {
      Terminal.standardError(
        "\(step.result.rawValue): \(step.name): \(visible(step.reason))")
    }
    if !options.quiet || !look.isClean { Terminal.standardOutput(summary) }
  }

  /// Ends before anything was looked at.
  private func stop(_ reason: String) throws -> ExitCode {
    let summary = visible("not checked: \(reason)")
    if options.format == .json {
      try Terminal.printJSON(
        Result(summary: summary, saved: false, cosigned: nil, look: nil))
    } else {
      Terminal.standardOutput(summary)
    }
    return ExitStatus.couldNotBeChecked.code
  }

  /// A look in one line.
  static func summary(of look: SiteMonitor.Outcome) -> String {
    func worst(_ result: Verification.Step.Result) -> String {
      let steps = look.steps.filter { $0.result == result }
      let more = steps.count > 1 ? " (and \(steps.count - 1) more)" : ""
      return steps.first.map { "\($0.name): \($0.reason)\(more)" } ?? "nothing was looked at"
    }
    if look.isContradicted { return "CONTRADICTION: \(worst(.failed))" }
    guard look.isClean, let origin = look.origin, let size = look.size else {
      return "not checked: \(worst(.notRun))"
    }
    let growth =
      switch look.sizeBefore {
      case nil: "has \(grouped(size)) entries, first look"
      case size: "has \(grouped(size)) entries, as before"
      case let before?: "grew from \(grouped(before)) to \(grouped(size)) entries"
      }
    let keys =
      look.newKeys.isEmpty
      ? "key \(look.keys.first ?? "")"
      : "NEW KEY \(look.keys.first ?? ""), ask the institution whether it is its own"
    return "ok: \(origin) \(growth); status lists good until \(look.listsUntil ?? ""); \(keys)"
  }
}
