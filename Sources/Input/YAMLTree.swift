public import Diagnostics
import Yams

/// YAML of any shape, for what only templates understand.
public indirect enum YAMLTree: Sendable, Hashable {
  case text(String)
  case list([YAMLTree])
  case group([String: YAMLTree])
}

extension YAMLValue {
  /// Everything at and below this node, its scalars as they are written.
  public func tree(_ findings: inout Findings) -> YAMLTree {
    if isScalar { return .text(string(&findings) ?? "") }
    if isList {
      var items: [YAMLTree] = []
      for item in list(&findings) { items.append(item.tree(&findings)) }
      return .list(items)
    }
    var group: [String: YAMLTree] = [:]
    for (key, value) in mapping(&findings)?.entries ?? [] {
      if let name = key.string(&findings) { group[name] = value.tree(&findings) }
    }
    return .group(group)
  }

  /// Whether a single value stands here.
  public var isScalar: Bool { node.scalar != nil }

  /// Whether a list stands here.
  public var isList: Bool { node.sequence != nil }

  /// A list of texts, or one text alone.
  public func strings(_ findings: inout Findings) -> [(text: String, value: YAMLValue)] {
    var texts: [(String, YAMLValue)] = []
    for item in isScalar ? [self] : list(&findings) {
      if let text = item.string(&findings) { texts.append((text, item)) }
    }
    return texts
  }
}
