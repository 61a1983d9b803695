public import SystemPackage

/// The machine, not the input, stood in the way: a full disk, a missing permission.
public struct MachineFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was being done, as in `write public/index.html`.
  public let action: String
  public let reason: String

  public init(_ action: String, reason: String) {
    self.action = action
    self.reason = reason
  }

  public init(_ action: String, _ errno: Errno) {
    self.init(
      action,
      reason: errno == .notDirectory
        ? "a file lies where a folder belongs; move it away" : errno.description)
  }

  public var description: String { "cannot \(action): \(reason)" }
}
