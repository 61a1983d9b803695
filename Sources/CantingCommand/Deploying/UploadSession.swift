import Deployment
import Diagnostics
import Foundation
import Proof
import SystemPackage

/// A site and the target that it is uploaded to: what the target has, and what is noted there.
struct UploadSession {
  let rclone: Rclone
  let site: SiteFiles
  let folder: FilePath
  let log: TargetLog
  let ledger: LedgerStore
  let jobs: Int
  let progress: ProgressLine

  /// What is at the target.
  struct Target {
    fileprivate(set) var state: TargetState
    /// The checkpoint as it lies there.
    let checkpoint: [UInt8]?
    /// Of other deploys.
    let claims: [DeployClaim]
    /// Of all claims of other deploys, those that were cut too.
    let others: [UInt64]
    /// Names of what lies there, where nothing is a deploy's.
    let strangers: [String]
    fileprivate let notes: [String: [UInt8]]

    func isSame(as other: Target) -> Bool {
      checkpoint == other.checkpoint && notes == other.notes
    }

    /// The checkpoint that the log goes on from.
    ///
    /// A deploy that was overtaken may write its own over that of the one that went on. This is not
    /// undone by hand: the last deploy that ended well says which one counts.
    var countingCheckpoint: [UInt8]? {
      guard let checkpoint, let last = claims.filter(\.isFinished).max(by: { $0.id < $1.id }),
        let counting = last.checkpoints.first, checkpoint != counting,
        !claims.contains(where: { $0.id > last.id && $0.checkpoints.first == checkpoint }),
        last.checkpoints.contains(checkpoint)
          || claims.contains(where: { $0.id < last.id && $0.checkpoints.contains(checkpoint) })
      else { return checkpoint }
      return counting
    }
  }

  /// Longer files at a target are no state of a site: it would have a hundred million files.
  private static let longestState = 1 << 31
  /// Names that a folder may have although nobody has a site there.
  private static let harmless: Set<String> = [
    ".gitkeep", ".gitignore", ".DS_Store", "\(DeployClaim.folder)/",
  ]

  // MARK: Looking

  /// Asks the target what it holds.
  ///
  /// - Parameters:
  ///   - forgets: whether its state is not believed.
  ///   - claim: the deploy's own, which is not one of the others.
  ///   - probe: the name of a file that lies in the site's own folder for the moment.
  /// - Returns: nil when that file is at the target: the two are one.
  func look(forgets: Bool, except claim: UInt64? = nil, probe: String? = nil) throws -> Target? {
    let checkpoint = try rclone.read("log/checkpoint", limit: SignedNote.longest)
    let statePaths = [TargetState.basePath, TargetState.changesPath]
    let stateNames = statePaths.map { String($0.dropFirst(DeployClaim.folder.count + 1)) }
    var notes = try rclone.fetch(
      stateNames + ["\(DeployClaim.prefix)*"] + (probe.map { [$0] } ?? []),
      of: DeployClaim.folder, limit: Self.longestState)
    if let probe, notes[probe] != nil { return nil }
    let isOurs = checkpoint != nil || !notes.isEmpty
    if let claim { notes[DeployClaim.name(of: claim)] = nil }
    let others = notes.keys.compactMap(DeployClaim.id(named:))
    let claims = others.compactMap { id in
      notes[DeployClaim.name(of: id)].flatMap { DeployClaim(id: id, file: $0) }
    }
    let (base, changes) = (notes[stateNames[0]], notes[stateNames[1]])
    var strangers: [String] = []
    if checkpoint == nil, base == nil, changes == nil {
      strangers = try rclone.names(in: "").filter { !Self.harmless.contains($0) }
    }
    var state =
      checkpoint == nil && base == nil && changes == nil && strangers.isEmpty
      ? TargetState() : TargetState(base: base, changes: changes) ?? .unknown
    // A log that was there does not go: somebody emptied the target behind the state's back.
    if forgets || (checkpoint == nil && state.claims("log/checkpoint")) { state.forget() }
    return Target(
      state: state.weighed(against: claims), checkpoint: checkpoint, claims: claims,
      others: others, strangers: isOurs ? [] : strangers, notes: notes)
  }

  /// The numbers of all deploys that have claims at the target.
  func claimed() throws -> [UInt64] {
    try rclone.names(in: DeployClaim.folder).compactMap(DeployClaim.id(named:))
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

  // MARK: Claims

  /// Says at the target what a deploy is about to change there.
  ///
  /// - Parameter id: the number that the deploy has already.
  func claim(_ plan: UploadPlan, at target: Target, id: UInt64? = nil) throws -> DeployClaim {
    let next = DeployClaim.id(
      after: target.others + [target.state.writer], random: .random(in: .min ... .max))
    guard let id = id ?? next else {
      throw MachineFailure(
        "begin a deploy",
        reason: "the numbers in the names of \(DeployClaim.folder)/\(DeployClaim.prefix)… at the"
          + " target have no successor; remove these files")
    }
    let claim = try plan.claim(id: id, state: target.state, others: target.claims)
    try put(claim)
    return claim
  }

  func put(_ claim: DeployClaim) throws { try put(claim.path, claim.file) }

  /// Removes claims from the target.
  func remove(_ claims: [UInt64]) throws { try rclone.delete(claims.map(DeployClaim.path(of:))) }

  /// Writes a file of a few bytes to the target.
  func put(
    _ path: String, _ bytes: [UInt8], contentType: String = "application/octet-stream",
    cacheControl: String = "no-store"
  ) throws {
    let local = rclone.work.appending("state")
    let file = local.appending(path)
    try FileManager.default.createDirectory(
      atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(filePath: file.string))
    let copied = try rclone.copy(
      [path], of: local, contentType: contentType, cacheControl: cacheControl, comparing: false)
    if let problem = copied.problem { throw problem }
  }
}
