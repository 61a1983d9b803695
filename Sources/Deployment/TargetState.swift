import Layout
import Output
import Proof

/// What lies at a target, as the last deploys left it: two small files beside the site there.
///
/// A file stands in it by the hash of its path and a digest of its bytes, both worth nothing to
/// whoever has no certificate's address: the digest is made of the path too, since a record's hash by
/// itself would be the code. Since the state lies at the target, it holds whoever deployed last,
/// from wherever.
///
/// It never says more than is true: before files travel, it says that their bytes are not known.
/// It is the word of one deploy; what others claim is weighed against it.
public struct TargetState: Sendable {
  /// A file by the first eight bytes of its path's hash.
  struct Entry: Sendable, Equatable {
    let key: UInt64
    let contentDigest: UInt64
  }

  /// Something may be there, nobody knows what.
  package static let unknownDigest: UInt64 = 0
  /// Nothing is there any more.
  static let gone: UInt64 = 1

  /// The path of the whole state, relative to the site.
  public static let basePath = "\(OutputPath.stateFolder)/deployed"
  /// The path of what changed since the whole was written, so that little changes travel quickly.
  public static let changesPath = "\(OutputPath.stateFolder)/deployed-since"

  /// By rising key.
  private let base: [Entry]
  private var baseID: UInt64
  private var changes: [UInt64: UInt64]
  /// Of the rules for headers that all files went up with; 0 when not all did.
  var rules: UInt64
  /// The number of the deploy that wrote it; 0 when none did.
  public var writer: UInt64 = 0
  /// Whether no file is there that it does not know.
  package private(set) var isComplete = true

  /// Nothing is there.
  public init() {
    self.init(base: [], baseID: 0, changes: [:], rules: HostHeaders.rulesDigest)
  }

  private init(base: [Entry], baseID: UInt64, changes: [UInt64: UInt64], rules: UInt64) {
    self.base = base
    self.baseID = baseID
    self.changes = changes
    self.rules = rules
  }

  /// Something may be there, and nobody knows what.
  public static var unknown: TargetState {
    var state = TargetState()
    state.forget()
    state.rules = 0
    return state
  }

  // MARK: Files

  static func key(_ path: OutputPath) -> UInt64 { Digest(hashing: path.bytes).high }

  private static let digestPrefix = Array("canting/deployed/v1\n".utf8)

  /// What a file is at a target: its bytes and what the host sends with them.
  static func contentDigest(_ path: OutputPath, headers: HostHeaders, bytes: Digest) -> UInt64 {
    let sent = "\n\(headers.contentType)\n\(headers.lifetime.rawValue)\n"
    let digest = Digest(prefix: digestPrefix, hashing: path.bytes + sent.utf8 + bytes.bytes)
    return max(digest.high, gone + 1)
  }

  /// What is known of a file; nil when there is none.
  package func contentDigest(_ key: UInt64) -> UInt64? {
    if let contentDigest = changes[key] { return contentDigest == Self.gone ? nil : contentDigest }
    let position = base.sortedPosition { $0.key < key }
    return position < base.count && base[position].key == key ? base[position].contentDigest : nil
  }

  /// Whether a file is said to be there, whatever its bytes.
  public func claims(_ path: String) -> Bool {
    let contentDigest = contentDigest(Self.key(OutputPath(path)))
    return contentDigest != nil && contentDigest != Self.unknownDigest
  }

  package mutating func set(_ key: UInt64, _ contentDigest: UInt64) { changes[key] = contentDigest }

  /// Stops believing what it says: the bytes of all files are unknown, and there may be others.
  public mutating func forget() {
    for key in keys { set(key, Self.unknownDigest) }
    isComplete = false
  }

  /// What is left of it when other deploys are considered.
  ///
  /// A deploy that was overtaken may still write its state, over that of the one that went on.
  public func weighed(against claims: [DeployClaim]) -> TargetState {
    var state = self
    if writer < claims.map(\.floor).max() ?? 0 {
      state.forget()
      state.rules = 0
    }
    for claim in claims where claim.id != writer {
      for key in claim.keys { state.set(key, Self.unknownDigest) }
    }
    return state
  }

  /// The keys of all files that are or may be there.
  var keys: [UInt64] {
    base.lazy.map(\.key).filter { changes[$0] == nil }
      + changes.filter { $0.value != Self.gone }.map(\.key)
  }

  var isEmpty: Bool { keys.isEmpty }

  // MARK: As files

  private static let baseHeading = Array("canting deployed, version 2\n".utf8)
  private static let changesHeading = Array("canting deployed since, version 2\n".utf8)

  /// The state as one file, and no changes since.
  public func whole() -> TargetState {
    var all = base.filter { changes[$0.key] == nil }
    for (key, contentDigest) in changes where contentDigest != Self.gone {
      all.append(Entry(key: key, contentDigest: contentDigest))
    }
    all.sort { $0.key < $1.key }
    var state = TargetState(base: all, baseID: 0, changes: [:], rules: rules)
    state.writer = writer
    state.baseID = Self.id(state.baseFile)
    return state
  }

  /// Whether the changes are so many that the whole is written anew.
  public var isWorthWriting: Bool { changes.count > max(1024, base.count / 8) }

  /// The bytes of the whole; those of the changes belong to it.
  public var baseFile: [UInt8] {
    DigestedFile.bytes(
      Self.baseHeading, [writer, rules] + base.flatMap { [$0.key, $0.contentDigest] })
  }

  public var changesFile: [UInt8] {
    let entries = changes.sorted { $0.key < $1.key }
    return DigestedFile.bytes(
      Self.changesHeading, [writer, baseID, rules] + entries.flatMap { [$0.key, $0.value] })
  }

  private static func id(_ file: [UInt8]) -> UInt64 { Digest(hashing: file).high }

  private static func words(_ file: [UInt8], _ heading: [UInt8]) -> [UInt64]? {
    guard let content = DigestedFile.content(file, heading), content.count.isMultiple(of: 8) else {
      return nil
    }
    return DigestedFile.words(content)
  }

  private static func entries(_ words: ArraySlice<UInt64>) -> [Entry]? {
    let read = DigestedFile.records(words, of: 2) { words in
      Entry(key: words[words.startIndex], contentDigest: words[words.startIndex + 1])
    }
    guard let entries = read else { return nil }
    for position in entries.indices.dropFirst()
    where entries[position - 1].key > entries[position].key { return nil }
    return entries
  }

  /// Reads the two files; nil where there is neither, or where one was cut or changed, so that
  /// nothing is known.
  public init?(base: [UInt8]?, changes: [UInt8]?) {
    var state = TargetState()
    if let base {
      guard let words = Self.words(base, Self.baseHeading), words.count >= 2,
        let entries = Self.entries(words.dropFirst(2))
      else { return nil }
      state = TargetState(base: entries, baseID: Self.id(base), changes: [:], rules: words[1])
      state.writer = words[0]
    }
    guard let changes else {
      if base == nil { return nil }
      self = state
      return
    }
    guard let words = Self.words(changes, Self.changesHeading), words.count >= 3,
      let entries = Self.entries(words.dropFirst(3))
    else { return nil }
    // Changes to another whole: the deploy that wrote this one was cut off before it could say that
    // there are none since.
    if words[1] == state.baseID {
      state.writer = words[0]
      state.rules = words[2]
      state.changes = Dictionary(
        entries.map { ($0.key, $0.contentDigest) }, uniquingKeysWith: { _, last in last })
    } else if base == nil {
      return nil
    }
    self = state
  }
}
