import Diagnostics
import Foundation

/// A tag of a template, such as `{{t.home.lead}}` or `{{> head}}`; comments are none.
struct TemplateTag {
  /// What it names, without its mark.
  let name: String
  let isPartial: Bool
  /// `#` or `^` where it opens a section, `/` where it closes one.
  let mark: Character?
  let line: Int
  /// In Unicode scalars, from 1.
  let column: Int
  let length: Int

  /// Whether it opens or closes a section.
  var isOfASection: Bool { mark.map { "#^/".contains($0) } ?? false }

  private static let marks: Set<Character> = ["#", "^", "/", "&", "{", "}", " ", ">", "!"]

  /// Every tag of a template, in the order of the file.
  static func all(in file: SourceFile) -> [TemplateTag] {
    var tags: [TemplateTag] = []
    for (index, line) in file.text.split(separator: "\n", omittingEmptySubsequences: false)
      .enumerated()
    {
      var rest = line[...]
      while let open = rest.range(of: "{{") {
        let column = line.unicodeScalars.distance(from: line.startIndex, to: open.lowerBound) + 1
        rest = rest[open.upperBound...]
        guard let close = rest.range(of: "}}") else { break }
        let inner = rest[..<close.lowerBound]
        if inner.first != "!" {
          tags.append(
            TemplateTag(
              name: String(inner.drop { marks.contains($0) }.prefix { !marks.contains($0) }),
              isPartial: inner.first == ">", mark: inner.first, line: index + 1, column: column,
              length: inner.unicodeScalars.count + 4))
        }
        rest = rest[close.upperBound...]
      }
    }
    return tags
  }

  /// The first section that is never closed, or that another one closes.
  static func unclosed(in file: SourceFile) -> TemplateTag? {
    var open: [TemplateTag] = []
    for tag in all(in: file) {
      switch tag.mark {
      case "#", "^": open.append(tag)
      case "/":
        guard let last = open.last else { return nil }
        if last.name != tag.name { return last }
        open.removeLast()
      default: continue
      }
    }
    return open.last
  }
}
