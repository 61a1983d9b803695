import Diagnostics
import Deployment
import Foundation
import Proof
import Synchronization
import SystemPackage

/// The part of a deploy that changes the target, from the first upload to the last deletion.
struct DeployRun {
  let session: UploadSession
  let job: Job
  let claim: DeployClaim

  private var state: TargetState
  private(set) var tally = Tally()
  private var checkpoint: UploadPlan.Group?
  private var lastQuestion = ContinuousClock.now
  private let start = ContinuousClock.now

  /// What is to be done.
  struct Job {
    let plan: UploadPlan
    let deletions: [String]
    /// What it was planned for.
    let target: UploadSession.Target
  }

  /// What a deploy did so far.
  struct Tally {
    var added = 0
    var changed = 0
    var deleted = 0
    var hasCheckpoint = false
    /// Files that are there, whether they travelled or not.
    var arrived = 0
    var sent: Int { added + changed }
  }

  /// Another deploy goes on with the target.
  struct Overtaken: Error {}

  /// How many files travel in one run of rclone, and how many arrive before the state says so. Where
  /// bytes cannot be compared, what arrived since is sent again after a deploy that was killed.
  private static func partSize(comparing: Bool) -> Int { comparing ? 20_000 : 5_000 }
  private static let pauses: [Duration] = [.seconds(1), .seconds(4)]
  private static let patience: Duration = .seconds(10)

  init(_ session: UploadSession, _ job: Job, claim: DeployClaim) {
    self.session = session
    self.job = job
    self.claim = claim
    state = job.plan.beginning(job.target.state, by: claim)
  }

  /// Brings the target to what the site is.
  mutating func run() async throws {
    do {
      try await bring()
    } catch let overtaken as Overtaken {
      try leave()
      throw overtaken
    } catch {
      noteWhatArrived()
      throw error
    }
  }

  private mutating func bring() async throws {
    let features = try session.rclone.features()
    // Bytes alone say nothing of the headers that an object store keeps with them.
    let canCompare =
      features.comparesBytes
      && (!features.isObjectStore || UploadPlan.hasTodaysHeaders(job.target.state))
    let partSize = Self.partSize(comparing: features.comparesBytes)
    try save(isWhole: false)
    // What they claimed is unknown in the state now.
    try session.remove(job.target.others)
    var unsaved = 0
    for group in job.plan.groups {
      if group.isLast, checkpoint == nil { try insist(onLog: true) }
      if group.isLast { checkpoint = group }
      for start in stride(from: 0, to: group.count, by: partSize) {
        let part = group.part(start..<min(start + partSize, group.count))
        try insistNowAndThen()
        tally.hasCheckpoint = tally.hasCheckpoint || group.isCheckpoint
        try await upload(part, comparing: group.isUnsure && canCompare)
        unsaved += part.count
        if unsaved >= partSize / 2 {
          try save(isWhole: false)
          unsaved = 0
        }
      }
      if group.isCheckpoint { try await insistOnCheckpoint(group) }
    }
    UploadPlan.noteHeaders(&state)
    if !job.deletions.isEmpty {
      // What is there is known for good before anything goes.
      try save(isWhole: false)
      try insist()
      try delete(keepsFolders: features.keepsEmptyFolders)
    }
    job.plan.noteGone(in: &state)
    try insist()
    try save(isWhole: true)
    try session.put(claim.finished)
  }

  /// Uploads some files, and once more what did not arrive.
  private mutating func upload(_ part: UploadPlan.Group, comparing: Bool) async throws {
    var pending = part
    for pause in Self.pauses.map(Optional.some) + [nil] {
      let before = tally.arrived
      let total = job.plan.uploads
      let (progress, claim, start) = (session.progress, claim, start)
      var lastQuestion = lastQuestion
      let copied = try session.rclone.copy(
        pending.paths, of: session.folder, contentType: part.contentType,
        cacheControl: part.cacheControl, comparing: comparing
      ) { count in
        try Interruption.check()
        progress.show(
          "uploading: \(grouped(before + count)) of \(grouped(total)) files"
            + remaining(done: before + count, of: total, after: ContinuousClock.now - start))
        guard ContinuousClock.now - lastQuestion > Self.patience else { return }
        lastQuestion = .now
        if try session.claimed().contains(where: { $0 > claim.id }) { throw Overtaken() }
      }
      self.lastQuestion = lastQuestion
      let rest = pending.without(copied.paths)
      let arrived = pending.without(Set(rest.paths))
      UploadPlan.note(arrived, in: &state)
      let added = comparing ? copied.added : pending.countNew(among: copied.sent)
      tally.added += added
      tally.changed += copied.sent.count - added
      tally.arrived += arrived.count
      pending = rest
      if let stop = copied.stop { throw stop }
      guard let problem = copied.problem else { return }
      try Interruption.check()
      guard let pause, !copied.isLost else { throw problem }
      try await Task.sleep(for: pause)
    }
  }

  private mutating func delete(keepsFolders: Bool) throws {
    tally.deleted += try session.rclone.delete(job.deletions)
    guard keepsFolders else { return }
    // A folder of the target is as empty as the site's, where it is gone.
    let folders = Set(
      job.deletions.map { $0.split(separator: "/").dropLast().joined(separator: "/") })
    let site = session.folder
    try session.rclone.removeEmptyFolders(
      folders.filter {
        !$0.isEmpty && !FileManager.default.fileExists(atPath: site.appending($0).string)
      }.sorted().reversed())
  }

  // MARK: Other deploys

  private mutating func insistNowAndThen() throws {
    if ContinuousClock.now - lastQuestion > Self.patience { try insist() }
  }

  /// Stops when another deploy began after this one.
  ///
  /// - Parameter onLog: whether the log there must be the one that this deploy saw, too.
  private mutating func insist(onLog: Bool = false) throws {
    var patience = tally.hasCheckpoint ? 60 : 0
    while true {
      let claimed = try session.claimed()
      lastQuestion = .now
      if claimed.contains(claim.id), claimed.max() == claim.id { break }
      // The other one may yet see this one's checkpoint and leave.
      guard patience > 0, claimed.contains(claim.id) else { throw Overtaken() }
      patience -= 1
      Thread.sleep(forTimeInterval: 0.5)
    }
    guard onLog else { return }
    let now = try readCheckpoint()
    guard now == job.target.checkpoint || isLate(now) else { throw Overtaken() }
  }

  /// Whether a checkpoint is that of a deploy that this one took over from. It was not there when this
  /// one began, so it came late.
  private func isLate(_ checkpoint: [UInt8]?) -> Bool {
    checkpoint.map { claim.checkpoints.dropFirst().contains($0) } ?? false
  }

  private func readCheckpoint() throws -> [UInt8]? {
    try session.rclone.read("log/checkpoint", limit: SignedNote.longest)
  }

  /// Sees that this deploy's checkpoint stays.
  private mutating func insistOnCheckpoint(_ group: UploadPlan.Group) async throws {
    try insist()
    let now = try readCheckpoint()
    if now == claim.checkpoints.first { return }
    guard isLate(now) else { throw Overtaken() }
    try await upload(group, comparing: false)
    guard try readCheckpoint() == claim.checkpoints.first else { throw Overtaken() }
  }

  /// Leaves the target to another deploy: the claim stays and says what may have been overwritten, and
  /// a checkpoint that came too late goes.
  private func leave() throws {
    guard let now = try session.look(forgets: false, except: claim.id) else { return }
    if try !session.claimed().contains(claim.id) { try session.put(claim) }
    let winner = now.claims.filter { $0.isFinished && $0.id > claim.id }.max { $0.id < $1.id }
    guard tally.hasCheckpoint, let checkpoint, now.checkpoint == claim.checkpoints.first,
      let theirs = winner?.checkpoints.first
    else { return }
    try session.put(
      "log/checkpoint", theirs, contentType: checkpoint.contentType,
      cacheControl: checkpoint.cacheControl)
  }

  // MARK: The state

  /// Writes the state to the target: what changed, or the whole where that is due.
  private mutating func save(isWhole: Bool) throws {
    try insistNowAndThen()
    if isWhole, state.isWorthWriting {
      state = state.whole()
      try session.put(TargetState.basePath, state.baseFile)
    }
    try session.put(TargetState.changesPath, state.changesFile)
  }

  /// Says at the target what arrived before something went wrong.
  private mutating func noteWhatArrived() {
    do {
      try insist()
      try save(isWhole: false)
    } catch {
      // The first failure is what is said; the next deploy compares these files.
    }
  }
}

/// Says how long the rest takes at the pace so far; nothing while that is a guess.
package func remaining(done: Int, of total: Int, after time: Duration) -> String {
  let elapsed = time / .seconds(1)
  guard done > 0, done < total, elapsed >= 1 else { return "" }
  let seconds = Int(elapsed / Double(done) * Double(total - done)) + 1
  if seconds < 60 { return ", \(seconds) s left" }
  let minutes = (seconds + 59) / 60
  return minutes < 60 ? ", \(minutes) min left" : ", \(minutes / 60) h \(minutes % 60) min left"
}
