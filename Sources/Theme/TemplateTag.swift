import Files

/// A tag of a template, such as `{{t.home.lead}}` or `{{> head}}`; comments are none.
struct TemplateTag {
  /// What it names, without its sigil.
  let name: String
  let isPartial: Bool
  /// `#` or `^` where it opens a section, `/` where it closes one.
  let sigil: Character?
  let line: Int
  /// In Unicode scalars, from 1.
  let column: Int
  let length: Int

  /// The template that it takes in: as a partial, or as a parent whose blocks it fills.
  var template: String? {
    if isPartial { return name }
    return sigil == "<" ? String(name.drop { $0 == "<" || $0 == " " }) : nil
  }

  /// Whether it opens or closes a section.
  var isOfASection: Bool { sigil.map { "#^/".contains($0) } ?? false }

  private static let sigils = Array("#^/&{} >!".utf8)

  /// Every tag of a template, in the order of the file.
  static func all(in file: SourceFile) -> [TemplateTag] {
    var tags: [TemplateTag] = []
    let lines = Array(file.text.utf8).split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      var rest = line
      while let open = pair(UInt8(ascii: "{"), in: rest) {
        let start = open + 2
        guard let end = pair(UInt8(ascii: "}"), in: rest[start...]) else { break }
        let inner = rest[start..<end]
        if inner.first != UInt8(ascii: "!") {
          tags.append(
            TemplateTag(
              name: String(
                decoding: inner.drop { sigils.contains($0) }.prefix { !sigils.contains($0) },
                as: UTF8.self),
              isPartial: inner.first == UInt8(ascii: ">"),
              sigil: inner.first.map { Character(Unicode.Scalar($0)) }, line: index + 1,
              column: scalars(line[..<open]) + 1, length: scalars(inner) + 4))
        }
        rest = rest[(end + 2)...]
      }
    }
    return tags
  }

  /// Where a byte first stands twice.
  private static func pair(_ byte: UInt8, in line: ArraySlice<UInt8>) -> Int? {
    line.indices.dropLast().first { line[$0] == byte && line[$0 + 1] == byte }
  }

  /// How many Unicode scalars UTF-8 stands for: as many as bytes that do not go on with one.
  private static func scalars(_ text: ArraySlice<UInt8>) -> Int {
    text.count { $0 & 0xC0 != 0x80 }
  }

  /// The first section that is never closed, or that another one closes.
  static func unclosed(in file: SourceFile) -> TemplateTag? {
    var open: [TemplateTag] = []
    for tag in all(in: file) {
      switch tag.sigil {
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
