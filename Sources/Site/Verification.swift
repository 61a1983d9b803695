public import Proof

/// What is true of a certificate, as far as it could be checked.
public struct Verification: Sendable {
  public enum Verdict: String, Sendable, Encodable {
    case valid, expired, suspended, revoked, superseded
    /// Issued once; its data was erased at the holder's request.
    case erased
    case notGenuine = "not genuine"
    case notFound = "not found"
    case couldNotBeChecked = "could not be checked"
  }

  /// One thing that was checked.
  public struct Step: Sendable, Encodable {
    public enum Result: String, Sendable, Encodable {
      case passed, failed
      /// Genuine all the same, but not valid.
      case notValid = "not valid"
      case notRun = "could not be checked"
    }

    public let name: String
    public let result: Result
    /// One sentence why.
    public let reason: String
  }

  public internal(set) var steps: [Step] = []
  /// The record, once its bytes and fields were checked.
  public internal(set) var record: Record?
  /// What the status steps found beside validity, the gravest first.
  var states: Set<Verdict> = []
  /// Whether there is no such certificate on the site.
  var isMissing = false
  /// Whether the site says that its data was erased.
  var isErased = false

  /// A step that could not run never counts as passed, and one that failed outweighs all others.
  public var verdict: Verdict {
    if isMissing { return .notFound }
    if steps.contains(where: { $0.result == .failed }) { return .notGenuine }
    if isErased { return .erased }
    if steps.isEmpty || steps.contains(where: { $0.result == .notRun }) {
      return .couldNotBeChecked
    }
    return [.revoked, .superseded, .suspended, .expired].first { states.contains($0) } ?? .valid
  }

  /// A verification that could not even begin.
  public static func impossible(_ name: String, _ reason: String) -> Verification {
    var verification = Verification()
    verification.skip(name, reason)
    return verification
  }

  mutating func pass(_ name: String, _ reason: String) {
    steps.append(Step(name: name, result: .passed, reason: reason))
  }

  mutating func fail(_ name: String, _ reason: String) {
    steps.append(Step(name: name, result: .failed, reason: reason))
  }

  mutating func skip(_ name: String, _ reason: String) {
    steps.append(Step(name: name, result: .notRun, reason: reason))
  }

  mutating func state(_ name: String, _ state: Verdict, _ reason: String) {
    steps.append(Step(name: name, result: .notValid, reason: reason))
    states.insert(state)
  }
}
