import Input
import Content

/// HTML as a strict reader sees it: every tag is closed in its order, and nothing in it runs.
struct RenderedHTML {
  private let scalars: [Unicode.Scalar]

  init(_ html: String) {
    scalars = Array(html.unicodeScalars)
  }

  /// What is wrong; nil when nothing is.
  ///
  /// - Parameter allowsUnseen: whether there may be characters that a finding has named.
  func problem(allowsUnseen: Bool = false) -> String? {
    if !allowsUnseen, let scalar = scalars.first(where: \.isForbiddenInText) {
      return "U+\(String(scalar.value, radix: 16))"
    }
    var open: [String] = []
    var index = 0
    while index < scalars.count {
      defer { index += 1 }
      if scalars[index] == ">" { return "> at \(index)" }
      guard scalars[index] == "<" else { continue }
      guard let tag = tag(at: &index) else { return "< at \(index)" }
      if tag.name == "script" { return "a script" }
      for (name, value) in tag.attributes {
        if name.hasPrefix("on") || name == "style" { return "\(name)=" }
        guard ["href", "src"].contains(name), let scheme = LinkSafety.scheme(of: plain(value))
        else {
          continue
        }
        if !["http", "https", "mailto", "tel", "cert"].contains(scheme) {
          return "\(name)=\(value)"
        }
      }
      if tag.isEnd {
        guard open.popLast() == tag.name else { return "</\(tag.name)> closes another" }
      } else if !tag.isEmpty {
        open.append(tag.name)
      }
    }
    return open.last.map { "<\($0)> is left open" }
  }

  private struct Tag {
    var name = ""
    var attributes: [(name: String, value: String)] = []
    var isEnd = false
    var isEmpty = false
  }

  /// Reads a tag and stops at its last character; nil for what is none.
  private func tag(at index: inout Int) -> Tag? {
    var tag = Tag()
    index += 1
    tag.isEnd = skip("/", &index)
    tag.name = name(&index)
    guard !tag.name.isEmpty else { return nil }
    while skip(" ", &index) {
      if skip("/", &index) {
        tag.isEmpty = true
        break
      }
      let attribute = name(&index)
      guard !attribute.isEmpty, skip("=", &index), skip("\"", &index),
        let end = scalars[index...].firstIndex(of: "\"")
      else { return nil }
      let value = scalars[index..<end]
      guard !value.contains("<"), !value.contains(">") else { return nil }
      tag.attributes.append((attribute, value.reduce(into: "") { $0.unicodeScalars.append($1) }))
      index = end + 1
    }
    return index < scalars.count && scalars[index] == ">" ? tag : nil
  }

  private func skip(_ scalar: Unicode.Scalar, _ index: inout Int) -> Bool {
    guard index < scalars.count, scalars[index] == scalar else { return false }
    index += 1
    return true
  }

  private func name(_ index: inout Int) -> String {
    var name = ""
    while index < scalars.count,
      "a"..."z" ~= scalars[index] || "0"..."9" ~= scalars[index] || scalars[index] == "-"
    {
      name.unicodeScalars.append(scalars[index])
      index += 1
    }
    return name
  }

  private func plain(_ value: String) -> String {
    [
      ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&lt;", "<"), ("&gt;", ">"),
      ("&amp;", "&"),
    ]
    .reduce(value) { $0.replacing($1.0, with: $1.1) }
  }
}
