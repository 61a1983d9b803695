import Layout
import Output

/// What one deploy is about to change at a target, written there before it changes anything.
///
/// Every deploy writes a file that no other writes, so two that run at once lose nothing of what the
/// other noted. The one with the highest number goes on, the other stops. Whatever a claim names is
/// of unknown bytes to all other deploys, until one of them has uploaded or deleted it.
public struct DeployClaim: Sendable, Equatable {
  /// How many deploys began before, and 32 random bits.
  public let id: UInt64
  /// States of deploys before this one are not believed: they were written too late.
  let floor: UInt64
  /// The keys of the files that the deploy changes, rising; none once it ended well.
  let keys: [UInt64]
  /// The checkpoint that it publishes, and then those of deploys that it took over from.
  public let checkpoints: [[UInt8]]

  /// Whether the deploy ended well.
  public var isFinished: Bool { floor == id }

  /// The folder of all claims at a target.
  public static let folder = OutputPath.stateFolder
  public static let prefix = "deploy-"

  package init(id: UInt64, floor: UInt64, keys: [UInt64], checkpoints: [[UInt8]]) {
    self.id = id
    self.floor = floor
    self.keys = keys
    self.checkpoints = checkpoints
  }

  /// The number of a deploy that begins after others; nil when there is none left.
  public static func id(after others: [UInt64], random: UInt32) -> UInt64? {
    let last = (others.max() ?? 0) >> 32
    return last < UInt64(UInt32.max) ? (last + 1) << 32 | UInt64(random) : nil
  }

  /// The claim of a deploy that ended well.
  public var finished: DeployClaim {
    DeployClaim(id: id, floor: id, keys: [], checkpoints: checkpoints)
  }

  // MARK: As a file

  private static let heading = Array("canting deploy, version 1\n".utf8)

  /// The name of a deploy's claim.
  public static func name(of id: UInt64) -> String {
    let digits = String(id, radix: 16)
    return prefix + String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The path of a deploy's claim, relative to the site.
  public static func path(of id: UInt64) -> String { "\(folder)/\(name(of: id))" }

  public var path: String { Self.path(of: id) }

  /// The number in the name of a claim's file; nil for another file.
  public static func id(named name: String) -> UInt64? {
    guard name.hasPrefix(prefix), let id = UInt64(name.dropFirst(prefix.count), radix: 16),
      self.name(of: id) == name
    else { return nil }
    return id
  }

  public var file: [UInt8] {
    let words = [floor, UInt64(keys.count)] + keys
    // A checkpoint is text and has no NUL.
    return DigestedFile.bytes(Self.heading, words, Array(checkpoints.joined(separator: [0])))
  }

  /// Reads a claim; nil for one that was cut: nothing travels before a claim is whole.
  public init?(id: UInt64, file: [UInt8]) {
    guard let content = DigestedFile.content(file, Self.heading), content.count >= 16 else {
      return nil
    }
    let head = DigestedFile.words(content.prefix(16))
    let rest = content.dropFirst(16)
    guard head[1] <= UInt64(rest.count / 8) else { return nil }
    let keys = DigestedFile.words(rest.prefix(Int(head[1]) * 8))
    let notes = rest.dropFirst(keys.count * 8).split(separator: 0).map(Array.init)
    self.init(id: id, floor: head[0], keys: keys, checkpoints: notes)
  }
}
