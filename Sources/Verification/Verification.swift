public import Proof

/// What is true of a certificate, as far as it could be checked. The browser's twin is
/// `certificate.js/verdict.js`.
public struct Verification: Sendable {
  public enum Verdict: String, Sendable, Encodable {
    case valid, expired, suspended, revoked, superseded
    /// Issued once; its data was erased at the holder's request.
    case erased
    /// Found at another address than the official one.
    case copy
    case notGenuine = "not genuine"
    case notFound = "not found"
    case couldNotBeChecked = "could not be checked"
  }

  /// Why a step could not run.
  public enum Cause: String, Sendable, Encodable {
    /// The host or the disk did not answer.
    case connection
    case missing
    /// The clock of this machine is wrong.
    case clock
    /// The site's status lists are not good today.
    case outdated
    /// A page does not know its own address.
    case address
    /// In browsers alone: too old, or on a page that was not sent securely.
    case browser, insecure
    /// The key is none of those that the user named.
    case key
    /// The witnesses that the user insists on did not cosign the log's checkpoint.
    case witnesses
    case unforeseen
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
    /// Why the step could not run; nil for one that did.
    let cause: Cause?

    init(name: String, result: Result, reason: String, cause: Cause? = nil) {
      self.name = name
      self.result = result
      self.reason = reason
      self.cause = cause
    }

    private enum CodingKeys: String, CodingKey {
      case name, result, reason
    }
  }

  public package(set) var steps: [Step] = []
  /// The record, once its bytes and fields were checked.
  public internal(set) var record: Record?
  /// The official domain, once it is known.
  public internal(set) var officialHost: String?
  package init() {}

  /// What the steps found that speaks against validity.
  package var states: Set<Verdict> = []
  /// Whether there is no such certificate on the site.
  var isMissing = false
  /// Whether the site says that its data was erased.
  var isErased = false
  /// Whether the page is not at its official address.
  package var isCopy = false
  /// Whether it is on this very computer, as a preview is.
  public internal(set) var isPreview = false

  /// What follows from the steps, by the rules of the design, in their order.
  public var verdict: Verdict {
    if isMissing { return .notFound }
    if isCopy { return .copy }
    if steps.contains(where: { $0.result == .failed }) { return .notGenuine }
    if isErased { return .erased }
    // Nobody gains by forging bad news: it stands, whatever could not run.
    let gravestFirst: [Verdict] = [.revoked, .superseded, .suspended, .expired]
    if let gravest = gravestFirst.first(where: states.contains) { return gravest }
    return steps.isEmpty || cause != nil ? .couldNotBeChecked : .valid
  }

  /// Whether every step could run.
  public var isWhole: Bool { cause == nil }

  /// Why the first of the steps that could not run could not.
  public var cause: Cause? { steps.lazy.compactMap(\.cause).first }

  /// A verification that could not even begin.
  public static func impossible(
    _ name: String, _ reason: String, _ cause: Cause = .unforeseen
  ) -> Verification {
    var verification = Verification()
    verification.skip(name, reason, cause)
    return verification
  }

  package mutating func pass(_ name: String, _ reason: String) {
    steps.append(Step(name: name, result: .passed, reason: reason))
  }

  package mutating func fail(_ name: String, _ reason: String) {
    steps.append(Step(name: name, result: .failed, reason: reason))
  }

  package mutating func skip(_ name: String, _ reason: String, _ cause: Cause) {
    steps.append(Step(name: name, result: .notRun, reason: reason, cause: cause))
  }

  package mutating func state(_ name: String, _ state: Verdict, _ reason: String) {
    steps.append(Step(name: name, result: .notValid, reason: reason))
    states.insert(state)
  }
}
