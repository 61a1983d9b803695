/// What a build did.
public struct BuildReceipt: Sendable, Codable {
  public package(set) var certificates = 0
  public package(set) var schemes = 0
  public package(set) var pages = 0
  public package(set) var announcements = 0
  public package(set) var files = 0
  public package(set) var added = 0
  public package(set) var changed = 0
  public package(set) var unchanged = 0
  public package(set) var removed = 0
  /// Entries appended to the log.
  public package(set) var sealed = 0
  public package(set) var logSize = 0
  /// Why announcements are shared with the common picture, each in a sentence.
  public package(set) var pictureNotes: [String] = []

  /// What the site goes without, for want of something that can be installed, each in a sentence.
  public package(set) var omissions: [String] = []

  package init() {}

  package mutating func count(_ change: OutputWriter.Change) {
    files += 1
    switch change {
    case .added: added += 1
    case .changed: changed += 1
    case .unchanged: unchanged += 1
    }
  }

  /// The receipt of a build that found this one's site as it was.
  package var repeated: BuildReceipt {
    var receipt = self
    receipt.unchanged = files
    receipt.added = 0
    receipt.changed = 0
    receipt.removed = 0
    receipt.sealed = 0
    return receipt
  }
}
