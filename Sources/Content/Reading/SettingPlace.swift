import Input

/// Where the value of a setting stands in its file.
public struct SettingPlace: Sendable, Hashable {
  /// From 1.
  public let line: Int
  /// In Unicode scalars, from 1.
  public let column: Int
  /// How many Unicode scalars it has; at least 1.
  public let length: Int

  init(_ value: YAMLValue) {
    line = value.line
    column = value.column
    length = max(1, value.text?.unicodeScalars.count ?? 1)
  }
}

extension YAMLMapping {
  /// The places of all values, by their keys.
  var places: [String: SettingPlace] {
    Dictionary(
      entries.compactMap { entry in entry.key.text.map { ($0, SettingPlace(entry.value)) } },
      uniquingKeysWith: { first, _ in first })
  }
}
