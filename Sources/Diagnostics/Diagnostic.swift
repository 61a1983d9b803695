/// How bad a finding is: wrong output is an error, suspicious input a warning, and what is as it should
/// be but worth knowing a note.
public enum Severity: String, Sendable {
  case note
  case warning
  case error

  /// The graver, the higher.
  var rank: Int {
    switch self {
    case .note: 0
    case .warning: 1
    case .error: 2
    }
  }
}

/// The stable kebab-case name of a rule, such as `duplicate-certificate-number`.
public struct DiagnosticID: Sendable, Hashable, ExpressibleByStringLiteral {
  public let name: String

  public init(stringLiteral name: String) {
    self.name = name
  }
}

/// One line of the input with the part that a finding is about.
public struct Excerpt: Sendable, Hashable {
  /// The line without its end; personal data is already masked in it.
  public let line: String
  /// Where the marked part begins in `line`, in Unicode scalars from 1.
  public let column: Int
  /// How many Unicode scalars are marked; at least 1.
  public let length: Int

  public init(line: String, column: Int, length: Int = 1) {
    self.line = line
    self.column = max(1, column)
    self.length = max(1, length)
  }

  /// A text shown without the line that it stands in.
  public static func alone(_ text: String) -> Excerpt {
    Excerpt(line: text, column: 1, length: text.unicodeScalars.count)
  }
}

/// One finding about the input: the rule that holds, where it is broken, and the way out.
public struct Diagnostic: Sendable, Hashable {
  public let id: DiagnosticID
  public let severity: Severity
  public let location: SourceLocation
  /// The rule that holds, as a sentence without its full stop.
  public let message: String
  /// What to do about it.
  public let hint: String
  public let excerpt: Excerpt?

  public init(
    _ id: DiagnosticID,
    _ severity: Severity = .error,
    at location: SourceLocation,
    message: String,
    hint: String,
    excerpt: Excerpt? = nil
  ) {
    self.id = id
    self.severity = severity
    self.location = location
    self.message = message
    self.hint = hint
    self.excerpt = excerpt
  }
}

/// Everything that was found in one run, in the order of discovery.
public struct Findings: Sendable {
  public private(set) var diagnostics: [Diagnostic] = []
  /// Facts worth saying once that ask for nothing, such as columns left out.
  public private(set) var notes: [String] = []

  public init() {}

  public var errorCount: Int { diagnostics.count { $0.severity == .error } }
  public var warningCount: Int { diagnostics.count { $0.severity == .warning } }
  public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

  public mutating func add(_ diagnostic: Diagnostic) {
    diagnostics.append(diagnostic)
  }

  public mutating func add(contentsOf other: some Sequence<Diagnostic>) {
    diagnostics.append(contentsOf: other)
  }

  /// The same without those of a rule.
  public func excluding(_ id: DiagnosticID) -> Findings {
    var rest = self
    rest.diagnostics.removeAll { $0.id == id }
    return rest
  }

  /// Notes a fact; one that was noted already is not said again.
  public mutating func note(_ text: String) {
    if !notes.contains(text) { notes.append(text) }
  }
}
