public import Diagnostics
import Files
public import Input
public import SystemPackage

/// The institution's public keys, oldest first: what it signed with, and when.
///
/// Kept for ever, since saved credentials and checkpoints name keys that were retired since.
public struct KeyHistory: Sendable, Hashable {
  public struct Entry: Sendable, Hashable {
    public let key: PublicKey
    /// First day of use.
    public let from: CalendarDate
    /// The day on which the next key took over; nil for the key in use.
    public let until: CalendarDate?
  }

  public let entries: [Entry]

  /// The key in use.
  public var current: Entry? { entries.last }

  init(_ entries: [Entry]) {
    self.entries = entries
  }

  /// Reads the history file.
  ///
  /// - Returns: nil, with findings, when it is missing or says something impossible.
  public static func load(
    _ file: FilePath, displayPath path: String, findings: inout Findings
  ) throws(MachineFailure) -> KeyHistory? {
    let read = try SourceFile.read(file, displayPath: path, findings: &findings)
    guard let source = read, let yaml = YAMLValue.parse(source, findings: &findings) else {
      return nil
    }
    let before = findings.errorCount
    let entries = yaml.list(&findings).compactMap { entry($0, findings: &findings) }
    guard findings.errorCount == before else { return nil }
    let history = KeyHistory(entries)
    if history.isWhole { return history }
    findings.add(
      yaml.diagnostic(
        "bad-key-history",
        message:
          "One key follows the other: each `until` is the next key's `from`, the last has none",
        hint: "restore \(path) from your backup"))
    return nil
  }

  private static func entry(_ yaml: YAMLValue, findings: inout Findings) -> Entry? {
    guard let mapping = yaml.mapping(&findings) else { return nil }
    mapping.expectKeys(["key", "from", "until"], findings: &findings)
    let text = mapping.requireString("key", &findings)
    let from = mapping.require("from", &findings).flatMap {
      CalendarDate(yaml: $0, findings: &findings)
    }
    let until = mapping["until"].flatMap { CalendarDate(yaml: $0, findings: &findings) }
    guard let text, let from else { return nil }
    guard let key = PublicKey(multikey: text) else {
      findings.add(
        yaml.diagnostic(
          "bad-key-history", message: "A public key is written as Multikey, as in z6Mk…",
          hint: "restore the file from your backup"))
      return nil
    }
    return Entry(key: key, from: from, until: until)
  }

  /// The history after another key took over on a day.
  func adding(_ key: PublicKey, from day: CalendarDate) -> KeyHistory {
    var entries = entries
    if let last = entries.popLast() {
      entries.append(Entry(key: last.key, from: last.from, until: max(last.from, day)))
    }
    let start = entries.last?.until ?? day
    return KeyHistory(entries + [Entry(key: key, from: start, until: nil)])
  }

  /// The file's text.
  var yaml: String {
    "# The institution's public keys, oldest first. Keep every line for ever.\n"
      + entries.map { entry in
        "- key: \(entry.key.multikey)\n  from: \(entry.from)\n"
          + (entry.until.map { "  until: \($0)\n" } ?? "")
      }.joined()
  }
}
