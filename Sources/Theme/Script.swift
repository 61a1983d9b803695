/// A script of the theme, as people wrote it.
package struct Script {
  private let source: [UInt8]

  package init(_ source: [UInt8]) {
    self.source = source
  }

  /// The script without indentation and without the lines that are nothing but comment.
  ///
  /// Template literals stay as they are. A script with one literal in another, or with a comment that
  /// begins behind code and goes on below, stays so as a whole.
  package var published: [UInt8] {
    func isBlank(_ byte: UInt8) -> Bool { " \t\r".utf8.contains(byte) }
    func hasPair(_ first: Unicode.Scalar, _ second: Unicode.Scalar, _ text: some Collection<UInt8>)
      -> Bool
    {
      zip(text, text.dropFirst()).contains {
        $0 == UInt8(ascii: first) && $1 == UInt8(ascii: second)
      }
    }
    if hasPair("{", "`", source), source.contains("${`".utf8) { return source }
    var kept: [ArraySlice<UInt8>] = []
    var isLiteral = false
    var comment: [ArraySlice<UInt8>] = []
    for line in source.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      let text = line.drop(while: isBlank)
      let content = text.lastIndex { !isBlank($0) }.map { text[...$0] } ?? []
      let endsComment = hasPair("*", "/", text)
      if !isLiteral, !comment.isEmpty || text.starts(with: "/*".utf8) {
        comment.append(line)
        guard endsComment else { continue }
        // Code behind a comment is kept, together with it.
        if !content.suffix(2).elementsEqual("*/".utf8) { kept += comment }
        comment = []
      } else if !isLiteral, hasPair("/", "*", text), !endsComment {
        return source
      } else if isLiteral || !(content.isEmpty || text.starts(with: "//".utf8)) {
        kept.append(isLiteral ? line : text)
        if !line.count(where: { $0 == UInt8(ascii: "`") }).isMultiple(of: 2) { isLiteral.toggle() }
      }
    }
    // A comment that does not end is left for the browser to refuse.
    return Array((kept + comment).joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")]
  }
}
