import CExpat
package import Diagnostics
import Files
import Foundation

/// An SVG file, read by expat: its size, and what makes it more than a picture.
///
/// Browsers run what an SVG holds when somebody opens its address, under the official domain, and not every
/// host sends the header that forbids it. So a picture holds no script and refers to nothing elsewhere.
package struct SVGPicture {
  /// A longer or deeper file is no drawing.
  static let largestByteCount = 10_000_000
  static let largestDepth = 256
  /// The reader stops after so many findings in a file.
  static let largestFindingCount = 20

  /// The size in pixels that the outermost element states, or that of its view box.
  let size: ImageSize?
  package let findings: [Diagnostic]

  /// Whether a file is an SVG, by its name.
  package static func isNamed(_ path: String) -> Bool {
    path.lowercased().hasSuffix(".svg")
  }

  package init(_ bytes: [UInt8], path: String) {
    guard bytes.count <= Self.largestByteCount else {
      size = nil
      findings = [
        Diagnostic(
          "malformed-svg", at: SourceLocation(path: path),
          message: "This SVG has \(bytes.count / 1_000_000) MB, and an SVG has at most"
            + " \(Self.largestByteCount / 1_000_000) MB",
          hint: "simplify the drawing, or save it as PNG")
      ]
      return
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      size = nil
      findings = [SourceFile.notUTF8(bytes, path: path)]
      return
    }
    let reader = SVGReader(bytes, of: SourceFile(path: path, text: text))
    reader.read()
    size = reader.size
    findings = reader.findings
  }
}

/// One pass of expat over a file. Nothing is expanded: a document type, which could declare entities, ends it.
private final class SVGReader {
  private let bytes: [UInt8]
  private let file: SourceFile
  private let parser: XML_Parser?
  private(set) var size: ImageSize?
  private(set) var findings: [Diagnostic] = []
  private var depth = 0
  /// The style element that is being read: its text, and where that begins.
  private var style: (text: String, line: Int, depth: Int)?

  init(_ bytes: [UInt8], of file: SourceFile) {
    self.bytes = bytes
    self.file = file
    // Names come as `namespace local`. An encoding that is given here is stronger than the file's own word.
    parser = XML_ParserCreateNS("UTF-8", XML_Char(UInt8(ascii: " ")))
  }

  deinit {
    XML_ParserFree(parser)
  }

  func read() {
    XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
    XML_SetXmlDeclHandler(parser) { data, _, encoding, _ in
      if let encoding { SVGReader.of(data)?.declared(String(cString: encoding)) }
    }
    XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, _ in SVGReader.of(data)?.doctype() }
    XML_SetProcessingInstructionHandler(parser) { data, target, _ in
      if let target { SVGReader.of(data)?.instruction(String(cString: target)) }
    }
    XML_SetElementHandler(
      parser, { data, name, attributes in SVGReader.of(data)?.start(name, attributes) },
      { data, _ in SVGReader.of(data)?.end() })
    XML_SetCharacterDataHandler(parser) { data, text, length in
      guard let text else { return }
      let bytes = UnsafeRawBufferPointer(start: text, count: Int(length))
      SVGReader.of(data)?.style?.text += String(decoding: bytes, as: UTF8.self)
    }
    let status = bytes.withUnsafeBytes { bytes in
      XML_Parse(
        parser, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count), 1)
    }
    let code = XML_GetErrorCode(parser)
    guard status == XML_STATUS_ERROR, code != XML_ERROR_ABORTED else { return }
    let reason = XML_ErrorString(code).map { String(cString: $0) } ?? "error \(code.rawValue)"
    report(
      "malformed-svg", "An SVG is well-formed XML, and this one is not: \(reason)",
      "open it in a drawing program and save it again as plain SVG")
  }

  private static func of(_ data: UnsafeMutableRawPointer?) -> SVGReader? {
    data.map { Unmanaged<SVGReader>.fromOpaque($0).takeUnretainedValue() }
  }

  // MARK: Events

  private func declared(_ encoding: String) {
    if encoding.lowercased() == "utf-8" { return }
    report(
      "malformed-svg", "This SVG states the encoding \(encoding.prefix(40)), and an SVG is UTF-8",
      "save it again as UTF-8")
  }

  private func doctype() {
    // expat tells of it where it ends.
    let read = bytes.prefix(max(0, XML_GetCurrentByteIndex(parser)))
    let start = read.indices.last { read[$0...].starts(with: "<!DOCTYPE".utf8) } ?? 0
    let lines = read[..<start].split(separator: 0x0A, omittingEmptySubsequences: false)
    report(
      "unsafe-svg", "This SVG has a document type, which can draw other files into it",
      "remove <!DOCTYPE …>, or save the drawing again as plain SVG", line: max(1, lines.count),
      column: (lines.last?.count { $0 & 0xC0 != 0x80 } ?? 0) + 1)
    stop()
  }

  private func instruction(_ target: String) {
    guard target.lowercased() == "xml-stylesheet" else { return }
    report(
      "unsafe-svg", "This SVG takes its style sheet from another file",
      "remove <?xml-stylesheet …?>, and write the styles into a <style> element")
  }

  private func start(
    _ name: UnsafePointer<XML_Char>?, _ pairs: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
  ) {
    let element = SVGName(name)
    var attributes: [(name: SVGName, value: String)] = []
    var index = 0
    while let name = pairs?[index], let value = pairs?[index + 1] {
      attributes.append((SVGName(name), String(cString: value)))
      index += 2
    }
    depth += 1
    if depth == 1 {
      guard element.local == "svg", element.namespace == SVGName.svg else {
        report(
          "malformed-svg", "The outermost element of an SVG is svg, in the namespace of SVG",
          "begin it with <svg xmlns=\"\(SVGName.svg)\" …>")
        return stop()
      }
      size = Self.size(attributes)
    }
    if depth > SVGPicture.largestDepth {
      report(
        "malformed-svg", "Elements of this SVG lie more than \(SVGPicture.largestDepth) deep",
        "simplify the drawing")
      return stop()
    }
    if style != nil { report(.nestedStyle) }
    if let problem = SVGRules.problem(with: element) { report(problem) }
    for (name, value) in attributes {
      guard let problem = SVGRules.problem(with: name, value, of: element) else { continue }
      let place = place(ofAttribute: name.local)
      report(problem, line: place.line, column: place.column)
    }
    if style == nil, element.local.lowercased() == "style" { style = ("", tagEndLine, depth) }
  }

  private func end() {
    defer { depth -= 1 }
    guard let style, style.depth == depth else { return }
    self.style = nil
    for (problem, line) in SVGRules.problems(withStyles: style.text) {
      report(problem, line: style.line + line, column: 1)
    }
  }

  private static func size(_ attributes: [(name: SVGName, value: String)]) -> ImageSize? {
    func value(_ name: String) -> String? {
      attributes.first { $0.name.namespace.isEmpty && $0.name.local == name }?.value
    }
    return ImageSize(
      svgWidth: value("width"), height: value("height"), viewBox: value("viewBox"))
  }

  // MARK: Findings

  private var currentLine: Int { Int(XML_GetCurrentLineNumber(parser)) }

  /// The bytes of the current tag.
  private var tag: ArraySlice<UInt8> {
    let start = max(0, min(XML_GetCurrentByteIndex(parser), bytes.count))
    return bytes[start...].prefix(Int(XML_GetCurrentByteCount(parser)))
  }

  private var tagEndLine: Int { currentLine + tag.count { $0 == 0x0A } }

  /// Where an attribute of the current tag is written; expat knows where the tag begins.
  private func place(ofAttribute name: String) -> (line: Int, column: Int) {
    var (line, column) = (currentLine, Int(XML_GetCurrentColumnNumber(parser)) + 1)
    let (tag, tagPlace, written) = (tag, (line, column), Array(name.utf8))
    for index in tag.indices.dropLast() {
      // Columns count characters.
      if bytes[index] == 0x0A {
        (line, column) = (line + 1, 0)
      } else if bytes[index] & 0xC0 != 0x80, index > tag.startIndex {
        column += 1
      }
      let isStart = [0x09, 0x0A, 0x0D, 0x20, UInt8(ascii: ":")].contains(bytes[index])
      let rest = tag[(index + 1)...]
      if isStart, rest.starts(with: written),
        let next = rest.dropFirst(written.count).first(where: { ![9, 10, 13, 32].contains($0) }),
        next == UInt8(ascii: "=")
      {
        return (line, column + 1)
      }
    }
    return tagPlace
  }

  private func report(_ problem: SVGRules.Problem, line: Int? = nil, column: Int? = nil) {
    report("unsafe-svg", problem.message, problem.hint, line: line, column: column)
  }

  private func report(
    _ id: DiagnosticID, _ message: String, _ hint: String, line: Int? = nil, column: Int? = nil
  ) {
    guard findings.count < SVGPicture.largestFindingCount else { return stop() }
    findings.append(
      file.diagnostic(
        id, line: line ?? currentLine,
        column: column ?? Int(XML_GetCurrentColumnNumber(parser)) + 1, message: message, hint: hint)
    )
  }

  private func stop() {
    XML_StopParser(parser, XML_Bool(XML_FALSE))
  }
}
