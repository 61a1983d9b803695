public import Diagnostics
import Files
import Layout
public import Output
public import Proof

/// What has to travel so that a target holds a site: uploads in their order, then deletions.
public struct UploadPlan: Sendable {
  /// A file that travels, with the digest of its content.
  struct File: Sendable {
    let path: OutputPath
    let contentDigest: UInt64
  }

  /// Files that travel together: nothing in them refers to another that is not there yet, and the
  /// host sends the same headers with all.
  public struct Group: Sendable {
    let phase: Phase
    /// Whether the target has nothing in their places.
    let isNew: Bool
    public let contentType: String
    public let cacheControl: String
    /// Whether the target may hold some of them already, as after a deploy that was cut off.
    public let isUnsure: Bool
    fileprivate(set) var files: [File] = []

    public var paths: [String] { files.map(\.path.text) }
    public var count: Int { files.count }

    /// Whether it says that all before it is there.
    public var isLast: Bool { phase >= .edge }

    public var isCheckpoint: Bool { phase == .checkpoint }

    /// How many of some paths are new at the target.
    public func countNew(among paths: Set<String>) -> Int {
      isNew ? files.count { paths.contains($0.path.text) } : 0
    }

    /// Some of the files.
    public func part(_ range: Range<Int>) -> Group {
      var part = self
      part.files = Array(files[range])
      return part
    }

    /// Those files of which a path is not among others.
    public func without(_ paths: Set<String>) -> Group {
      var rest = self
      rest.files.removeAll { paths.contains($0.path.text) }
      return rest
    }
  }

  public private(set) var groups: [Group] = []
  /// Keys of files at the target that the site does not have any more.
  private var staleKeys: Set<UInt64> = []
  public private(set) var unchanged = 0
  public private(set) var added = 0
  public private(set) var changed = 0
  /// Files of which nobody knows whether the target has them.
  public private(set) var unsure = 0
  /// Whether the target may have files that nobody knows of.
  public let hasUnknownFiles: Bool
  private let site: SiteFiles

  public var uploads: Int { groups.reduce(0) { $0 + $1.count } }
  public var deletions: Int { staleKeys.count }
  /// How many files the target is known to hold.
  public let known: Int
  public var isEmpty: Bool { groups.isEmpty && staleKeys.isEmpty }

  /// Holds a site against a target.
  ///
  /// - Parameters:
  ///   - state: what the target holds.
  ///   - digests: of the files as they were read last; those of now afterwards.
  /// - Returns: nil, with findings, when the site is not as the last build left it.
  public static func plan(
    _ site: SiteFiles, state: TargetState, digests: inout ContentDigests, jobs: Int,
    findings: inout Findings
  ) async throws -> UploadPlan? {
    struct Kind: Hashable {
      let phase: Phase
      let isNew: Bool
      let type: String
      let lifetime: HostHeaders.Lifetime
      let isUnsure: Bool
    }
    let keys = state.keys
    var plan = UploadPlan(site: site, known: keys.count, hasUnknownFiles: !state.isComplete)
    var missing = Set(keys)
    var groups: [Kind: [File]] = [:]
    var seen: [(key: UInt64, signature: UInt64, contentDigest: UInt64)] = []
    let isWhole = try await site.forEach(known: digests, jobs: jobs, findings: &findings) { files in
      for file in files {
        let key = TargetState.key(file.path)
        seen.append((key, file.signature.value, file.contentDigest))
        missing.remove(key)
        let there = state.contentDigest(key) ?? (state.isComplete ? nil : TargetState.unknownDigest)
        if there == file.contentDigest {
          plan.unchanged += 1
          continue
        }
        switch there {
        case nil: plan.added += 1
        case TargetState.unknownDigest: plan.unsure += 1
        default: plan.changed += 1
        }
        let headers = HostHeaders.of(file.path.text)
        let kind = Kind(
          phase: .of(file.path), isNew: there == nil, type: headers.contentType,
          lifetime: headers.lifetime, isUnsure: there == TargetState.unknownDigest)
        groups[kind, default: []].append(
          File(path: file.path, contentDigest: file.contentDigest))
      }
    }
    guard isWhole else { return nil }
    digests = digests.replaced(by: seen)
    plan.groups = groups.map { kind, files in
      Group(
        phase: kind.phase, isNew: kind.isNew, contentType: kind.type,
        cacheControl: kind.lifetime.rawValue,
        isUnsure: kind.isUnsure, files: files.sorted { $0.path < $1.path })
    }.sorted {
      ($0.phase, $0.isNew ? 0 : 1, $0.contentType, $0.cacheControl, $0.isUnsure ? 1 : 0)
        < ($1.phase, $1.isNew ? 0 : 1, $1.contentType, $1.cacheControl, $1.isUnsure ? 1 : 0)
    }
    plan.staleKeys = missing
    return plan
  }

  private init(site: SiteFiles, known: Int, hasUnknownFiles: Bool) {
    self.site = site
    self.known = known
    self.hasUnknownFiles = hasUnknownFiles
  }

  // MARK: The state of the target

  /// The keys of all files that change.
  private var keys: [UInt64] {
    groups.flatMap { $0.files.map { TargetState.key($0.path) } } + staleKeys
  }

  /// What the state is while a deploy changes files: of these, nobody knows.
  public func beginning(_ state: TargetState, by claim: DeployClaim) -> TargetState {
    var state = state
    state.writer = claim.id
    for key in keys { state.set(key, TargetState.unknownDigest) }
    return state
  }

  /// The claim of a deploy that does this.
  ///
  /// - Parameters:
  ///   - state: the plan's, as the target has it.
  ///   - others: the claims that are at the target.
  public func claim(
    id: UInt64, state: TargetState, others: [DeployClaim]
  ) throws(MachineFailure) -> DeployClaim {
    let ours = try site.bytes(LogFile.checkpoint.path)
    let floor = others.map(\.floor).max() ?? 0
    let theirs = Set(others.filter { !$0.isFinished }.flatMap(\.checkpoints)).subtracting([ours])
    return DeployClaim(
      id: id, floor: max(floor, state.writer), keys: keys.sorted(),
      checkpoints: [ours] + theirs.sorted { $0.lexicographicallyPrecedes($1) })
  }

  /// Whether all that is there went up with the headers of today, so that bytes alone are compared.
  public static func hasTodaysHeaders(_ state: TargetState) -> Bool {
    state.rules == HostHeaders.rulesDigest
  }

  /// Says in a state that its files have the headers of today.
  public static func noteHeaders(_ state: inout TargetState) {
    state.rules = HostHeaders.rulesDigest
  }

  /// Notes in a state that files of a group are there.
  public static func note(_ group: Group, in state: inout TargetState) {
    for file in group.files { state.set(TargetState.key(file.path), file.contentDigest) }
  }

  /// Notes in a state that the files to delete are gone.
  public func noteGone(in state: inout TargetState) {
    for key in staleKeys { state.set(key, TargetState.gone) }
  }

  // MARK: Deletions

  /// The paths to delete that follow from the codes of all certificates ever published, pages first;
  /// the keys that are left are of other files.
  public func deletions(
    of ledger: LedgerStore
  ) throws(MachineFailure) -> (paths: [String], areAll: Bool) {
    guard !staleKeys.isEmpty else { return ([], true) }
    var paths: [String] = []
    for code in try ledger.publishedCodes() {
      for name in CertificateFiles.inOrder.map(\.name).reversed() {
        let path = OutputPath(folder: code.folderBytes, name: name)
        if staleKeys.contains(TargetState.key(path)) { paths.append(path.text) }
      }
    }
    return (paths, paths.count == staleKeys.count)
  }

  /// Whether a file at the target is one that the site had and does not have any more.
  public func isStale(_ path: String) -> Bool {
    staleKeys.contains(TargetState.key(OutputPath(path)))
  }

  /// Adds files that the target has and the site has not, where only the program puts files: they are
  /// left from a time that nobody remembers.
  ///
  /// - Parameter listed: the paths of all files at the target.
  public mutating func addUnknownFiles(_ listed: [String], digests: ContentDigests) {
    for path in listed.lazy.map({ OutputPath($0) })
    where SiteFolder.of(path)?.emptiedPrefix.map(path.text.hasPrefix) ?? false {
      let key = TargetState.key(path)
      if !digests.knows(key) { staleKeys.insert(key) }
    }
  }

  // MARK: As a list

  /// Lists what travels, in the form of a build's receipt.
  public func write(
    _ list: consuming ReceiptFile, deletions: [String], logSize: Int
  ) throws(MachineFailure) {
    var list = list
    for group in groups {
      for file in group.files {
        let bytes = try site.bytes(file.path)
        try list.append(
          FileChange(
            path: file.path, kind: group.isNew ? .added : .changed, size: bytes.count,
            digest: Digest(hashing: bytes)))
      }
    }
    for path in deletions {
      try list.append(
        FileChange(path: OutputPath(path), kind: .deleted, size: 0, digest: nil))
    }
    try list.finish(logSize: logSize, followsInterruption: false)
  }
}
