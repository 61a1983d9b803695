/// An address that a text had before.
public struct Alias: Sendable {
  public let address: String
  public let place: SettingPlace
}
