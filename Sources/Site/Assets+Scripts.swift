/// Scripts as browsers fetch them.
extension Assets {
  /// A script without indentation and without the lines that are nothing but comment.
  ///
  /// Template literals stay as they are; a script with one literal in another stays so as a whole.
  static func withoutComments(_ script: [UInt8]) -> [UInt8] {
    let backtick = UInt8(ascii: "`")
    func isBlank(_ byte: UInt8) -> Bool { " \t\r".utf8.contains(byte) }
    guard !script.contains("${`".utf8) else { return script }
    var kept: [ArraySlice<UInt8>] = []
    var isLiteral = false
    var comment: [ArraySlice<UInt8>] = []
    for line in script.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      let text = line.drop(while: isBlank)
      let end = text.lastIndex { !isBlank($0) }.map { text[...$0] } ?? []
      if !isLiteral, !comment.isEmpty || text.starts(with: "/*".utf8) {
        comment.append(line)
        guard text.contains("*/".utf8) else { continue }
        // Code behind a comment is kept, together with it.
        if end.suffix(2).elementsEqual("*/".utf8) { comment = [] }
        kept += comment
        comment = []
      } else if isLiteral || !(end.isEmpty || text.starts(with: "//".utf8)) {
        kept.append(isLiteral ? line : text)
        if !line.count(where: { $0 == backtick }).isMultiple(of: 2) { isLiteral.toggle() }
      }
    }
    // A comment that does not end is left for the browser to refuse.
    return Array((kept + comment).joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")]
  }
}
