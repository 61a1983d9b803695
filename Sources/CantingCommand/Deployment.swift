import Diagnostics
import Foundation
import Proof
import Site
import SystemPackage

/// An upload of a site to a target, from what is known of the target to the last deletion.
struct Deployment {
  let rclone: Rclone
  let site: SiteFiles
  let folder: FilePath
  let log: TargetLog
  let ledger: LedgerStore
  let jobs: Int
  let progress: ProgressLine

  /// What is at the target.
  struct Target {
    /// nil when nobody knows.
    var state: TargetState?
    let checkpoint: [UInt8]?
    let isEmpty: Bool
  }

  /// Longer files at a target are no state of a site: it would have a hundred million files.
  private static let longestState = 1 << 31

  // MARK: Looking

  /// Asks the target what it holds.
  ///
  /// - Parameter forgets: whether its state is not believed.
  func look(forgets: Bool) throws -> Target {
    let checkpoint = try rclone.read("log/checkpoint", limit: SignedNote.longest)
    let base = try rclone.read(TargetState.basePath, limit: Self.longestState)
    let changes = try rclone.read(TargetState.changesPath, limit: Self.longestState)
    var state = forgets ? nil : TargetState(base: base, changes: changes)
    // A log that was there does not go: somebody emptied the target behind the state's back.
    if checkpoint == nil, state?.claims("log/checkpoint") ?? false { state = nil }
    if state != nil { return Target(state: state, checkpoint: checkpoint, isEmpty: false) }
    let isEmpty = checkpoint == nil ? try rclone.isEmpty() : false
    if isEmpty {
      var nothing = TargetState()
      UploadPlan.noteHeaders(&nothing)
      state = nothing
    }
    return Target(state: state, checkpoint: checkpoint, isEmpty: isEmpty)
  }

  /// The paths of what is to be deleted: those that can be worked out, and the rest from listings of
  /// the target, the short one first.
  func deletions(_ plan: UploadPlan) throws -> [String] {
    let (known, areAll) = try plan.deletions(of: ledger)
    if areAll { return known }
    var found = known
    for certificates in [false, true] where found.count < plan.deletions {
      let seen = Set(found)
      found += try rclone.list(certificates: certificates).filter {
        plan.isStale($0) && !seen.contains($0)
      }
    }
    return found
  }

  // MARK: Uploading

  /// How many files travel in one run of rclone, and how many arrive before the state says so.
  private static let partSize = 20_000
  private static let pauses: [Duration] = [.seconds(1), .seconds(4)]

  /// The target's log changed while files were travelling.
  struct Overtaken: Error {}

  /// Brings the target to what the site is.
  func run(_ plan: UploadPlan, deletions: [String], at target: Target) async throws {
    let earlier = target.state ?? TargetState()
    let features = try rclone.features()
    // Bytes alone say nothing of the headers that an object store keeps with them.
    let comparing =
      features.comparesBytes
      && (!features.isObjectStore || UploadPlan.hasTodaysHeaders(earlier))
    var state = plan.beginning(earlier)
    if plan.uploads > 0 { try save(&state, isWhole: false) }
    var sent = 0
    var unsaved = 0
    var isAskedAgain = false
    for group in plan.groups {
      if group.isLast, !isAskedAgain {
        isAskedAgain = true
        guard try rclone.read("log/checkpoint", limit: SignedNote.longest) == target.checkpoint
        else { throw Overtaken() }
      }
      for start in stride(from: 0, to: group.count, by: Self.partSize) {
        let part = group.part(start..<min(start + Self.partSize, group.count))
        let before = sent
        do {
          try await upload(part, comparing: group.isUnsure && comparing, state: &state) { count in
            progress.show(
              "uploading: \(grouped(before + count)) of \(grouped(plan.uploads)) files")
          }
        } catch {
          noteWhatArrived(&state)
          throw error
        }
        sent += part.count
        unsaved += part.count
        if unsaved >= Self.partSize / 2 {
          try save(&state, isWhole: false)
          unsaved = 0
        }
      }
    }
    UploadPlan.noteHeaders(&state)
    if !deletions.isEmpty {
      // What is there is known for good before anything goes.
      try save(&state, isWhole: false)
      try delete(deletions, keepsFolders: features.keepsEmptyFolders)
      UploadPlan.noteGone(deletions, in: &state)
    }
    try save(&state, isWhole: true)
  }

  /// Uploads some files, and once more what did not arrive.
  private func upload(
    _ part: UploadPlan.Group, comparing: Bool, state: inout TargetState,
    progress: @escaping @Sendable (Int) -> Void
  ) async throws {
    var pending = part
    var arrived = 0
    for pause in Self.pauses.map(Optional.some) + [nil] {
      let counter = Counter(arrived)
      let copied = try rclone.copy(
        pending.paths, of: folder, contentType: part.contentType, cacheControl: part.cacheControl,
        comparing: comparing
      ) {
        progress(counter.next())
      }
      let rest = pending.without(copied.paths)
      UploadPlan.note(pending.without(Set(rest.paths)), in: &state)
      arrived += pending.count - rest.count
      pending = rest
      guard let problem = copied.problem else { return }
      guard let pause, !copied.isLost else { throw problem }
      try await Task.sleep(for: pause)
    }
  }

  private func delete(_ paths: [String], keepsFolders: Bool) throws {
    try rclone.delete(paths)
    guard keepsFolders else { return }
    // A folder of the target is as empty as the site's, where it is gone.
    let folders = Set(paths.map { $0.split(separator: "/").dropLast().joined(separator: "/") })
    try rclone.removeEmptyFolders(
      folders.filter {
        !$0.isEmpty && !FileManager.default.fileExists(atPath: folder.appending($0).string)
      }.sorted().reversed())
  }

  // MARK: The state

  /// Writes the state to the target: what changed, or the whole where that is due.
  private func save(_ state: inout TargetState, isWhole: Bool) throws {
    if isWhole, state.isWorthWriting {
      state = state.whole()
      try put(TargetState.basePath, state.baseFile)
    }
    try put(TargetState.changesPath, state.changesFile)
  }

  /// Says at the target what arrived before something went wrong.
  private func noteWhatArrived(_ state: inout TargetState) {
    do {
      try save(&state, isWhole: false)
    } catch {
      // The first failure is what is said; the next deploy compares these files.
    }
  }

  private func put(_ path: String, _ bytes: [UInt8]) throws {
    let local = rclone.work.appending("state")
    let file = local.appending(path)
    try FileManager.default.createDirectory(
      atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(filePath: file.string))
    let copied = try rclone.copy(
      [path], of: local, contentType: "application/octet-stream", cacheControl: "no-store",
      comparing: false)
    if let problem = copied.problem { throw problem }
  }
}
