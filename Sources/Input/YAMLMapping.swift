public import Diagnostics

/// A YAML mapping whose keys are known in advance.
public struct YAMLMapping {
  let value: YAMLValue
  /// Keys and values in the order of the file.
  public let entries: [(key: YAMLValue, value: YAMLValue)]

  /// Reports every key that is not one of `known`.
  ///
  /// - Parameters:
  ///   - elsewhere: where keys belong that stand in another place of the file, as in `under contact`.
  ///   - hint: the way out for a key and its value, if there is one that is better than a similar key.
  public func expectKeys(
    _ known: [String], id: DiagnosticID = "unknown-key", elsewhere: [String: String] = [:],
    hint: (_ key: String, _ value: YAMLValue) -> String? = { _, _ in nil },
    findings: inout Findings
  ) {
    for entry in entries {
      let key = entry.key.text ?? ""
      guard !known.contains(key) else { continue }
      let meant = suggestion(for: key, among: known)
      findings.add(
        entry.key.diagnostic(
          id, message: "Keys here are \(known.joined(separator: ", "))",
          hint: elsewhere[key].map { "`\(key)` belongs \($0)" } ?? hint(key, entry.value)
            ?? meant.map { "did you mean `\($0)`?" } ?? "remove `\(key)`"))
    }
  }

  /// The value of a key, or nil where the key is absent.
  public subscript(key: String) -> YAMLValue? {
    entries.first { $0.key.text == key }?.value
  }

  /// The value of a key that must be there; a finding at the mapping where it is not.
  public func require(_ key: String, _ findings: inout Findings) -> YAMLValue? {
    if let found = self[key] { return found }
    findings.add(
      value.diagnostic(
        "missing-key", message: "The key `\(key)` is required here", hint: "add `\(key): …`"))
    return nil
  }

  /// The non-empty text of a key that must be there.
  public func requireString(_ key: String, _ findings: inout Findings) -> String? {
    guard let found = require(key, &findings) else { return nil }
    let before = findings.errorCount
    if let text = found.string(&findings), !text.isEmpty { return text }
    if findings.errorCount == before {
      findings.add(
        found.diagnostic(
          "missing-key", message: "The key `\(key)` needs a value", hint: "write it after the colon"
        ))
    }
    return nil
  }

  /// A finding at the start of the mapping.
  public func diagnostic(
    _ id: DiagnosticID, _ severity: Severity = .error, message: String, hint: String
  ) -> Diagnostic {
    value.diagnostic(id, severity, message: message, hint: hint)
  }
}
