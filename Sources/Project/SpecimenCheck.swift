import Diagnostics
import Files
import SystemPackage

/// Finds what a real site still has of the specimen that it was begun from.
///
/// What is sealed cannot be taken back, so that nothing invented may come that far.
struct SpecimenCheck {
  let root: FilePath

  func find(texts: [String], findings: inout Findings) throws(MachineFailure) {
    for path in ["content/site.yml", "seeds/schemes.yml"] + texts {
      guard let bytes = try SourceFile.readBytes(root.appending(path), displayPath: path),
        let text = String(validating: bytes, as: UTF8.self)
      else { continue }
      let file = SourceFile(path: path, text: text)
      let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
      for (index, line) in lines.enumerated() {
        let isYAML = path.hasSuffix(".yml")
        guard let found = Self.trace(in: isYAML ? Self.withoutComment(line) : line, isYAML: isYAML)
        else { continue }
        findings.add(
          file.diagnostic(
            "specimen-left", line: index + 1,
            column: line.unicodeScalars.distance(
              from: line.unicodeScalars.startIndex, to: found.startIndex) + 1,
            length: found.unicodeScalars.count,
            message:
              "With specimen: false, nothing of the specimen may be left, and this is: `\(found)`",
            hint:
              "write what is true of your institution, or take it out; `canting init` begins a project"
              + " without any of it"))
      }
    }
  }

  private static func withoutComment(_ line: Substring) -> Substring {
    let text = line.drop { $0 == " " || $0 == "\t" }
    if text.first == "#" { return line.prefix(0) }
    guard let comment = line.firstRange(of: " #") else { return line }
    return line[..<comment.lowerBound]
  }

  private static func trace(in line: Substring, isYAML: Bool) -> Substring? {
    // The key that says whether the site is one.
    if isYAML, line.hasPrefix("specimen:") { return nil }
    let own =
      /(?i)[a-z0-9.@\-]+\.(?:example|test|invalid)\b|BNSP-LSP-0000[^ ,"'}]*|LSP Batik Nusantara|\+62 274 000 0000|C\.13BTK01\.9[0-9]{2}\.[0-9]/
    if let found = line.firstMatch(of: own)?.output { return found }
    let word = /(?i)\bspecimens?\b|\bspesimen\b/
    if isYAML { return line.firstMatch(of: word)?.output }
    // In texts the word alone may mean a sample of something else.
    let words =
      /(?i)\(specimen\)|\bspecimen (?:site|register|data|pages?|institution)\b|\bthis specimen\b|\b(?:situs|register|data) (?:contoh|spesimen)\b/
    return line.firstMatch(of: words)?.output
  }
}
