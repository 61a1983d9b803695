/// The certification body as printed: its name and its licence from BNSP.
public struct Issuer: Sendable, Hashable {
  public let name: String
  public let licence: String

  public init(name: String, licence: String) {
    self.name = name
    self.licence = licence
  }
}
