/// The institution's keys as TXT records of the DNS, below its host: a second place that another hand keeps.
public struct KeyRecords: Sendable {
  /// Before the site's host.
  public static let label = "_canting"

  /// Each record's text, the log's key first.
  public let texts: [String]

  private static let log = "canting1 log="
  private static let key = "canting1 key="

  /// - Throws: `NoteFailure` when the origin cannot be a key's name.
  public init(_ keys: IssuerKeys, origin: String) throws(NoteFailure) {
    let verifiers = try keys.logVerifiers(origin: origin)
    var texts = verifiers.suffix(1).map { Self.log + $0.description }
    if let key = keys.history.current?.key { texts.append(Self.key + key.multikey) }
    self.texts = texts
  }

  /// The name that the records stand at; a port is no part of it.
  public static func name(host: String) -> String {
    "\(label).\(host.split(separator: ":").first ?? "")"
  }

  /// What contradicts that the DNS has these keys; nil where it names each of them.
  ///
  /// More keys than these may stand there, while a new key is being brought in.
  ///
  /// - Parameter found: all TXT records of the name.
  public func contradiction(to found: [String]) -> String? {
    let stated = found.filter { $0.hasPrefix(Self.log) || $0.hasPrefix(Self.key) }
    let missing = texts.filter { !stated.contains($0) }
    guard let first = missing.first else { return nil }
    return "the DNS does not have `\(first)`; it has "
      + stated.map { "`\($0)`" }.joined(separator: ", ")
  }

  /// Whether the DNS says anything of keys.
  public static func areStated(in found: [String]) -> Bool {
    found.contains { $0.hasPrefix(log) || $0.hasPrefix(key) }
  }
}
