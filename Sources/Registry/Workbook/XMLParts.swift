import CExpat

/// What is told of the elements of an XML part, by their names without prefix.
protocol XMLVisitor: AnyObject {
  /// - Returns: whether the text inside is wanted.
  func start(_ name: XMLName, _ attributes: XMLAttributes)
  /// - Returns: whether to pause.
  func end(_ name: XMLName) -> Bool
  func text(_ bytes: UnsafeRawBufferPointer)
}

/// A name as the parser has it, compared without being copied.
struct XMLName {
  private let start: UnsafePointer<CChar>

  /// - Parameter qualified: with or without a prefix.
  init(_ qualified: UnsafePointer<CChar>) {
    var start = qualified
    var next = qualified
    while next.pointee != 0 {
      if next.pointee == CChar(UInt8(ascii: ":")) { start = next + 1 }
      next += 1
    }
    self.start = start
  }

  static func == (name: XMLName, word: StaticString) -> Bool {
    var letter = name.start
    for index in 0..<word.utf8CodeUnitCount {
      guard UInt8(bitPattern: letter.pointee) == word.utf8Start[index] else { return false }
      letter += 1
    }
    return letter.pointee == 0
  }
}

/// The attributes of an element, while it is being told of.
struct XMLAttributes {
  let list: UnsafeMutablePointer<UnsafePointer<CChar>?>?

  subscript(name: StaticString) -> UnsafePointer<CChar>? {
    guard var next = list else { return nil }
    while let key = next.pointee {
      if XMLName(key) == name { return next[1] }
      next += 2
    }
    return nil
  }

  func string(_ name: StaticString) -> String? { self[name].map { String(cString: $0) } }

  /// Whether an attribute says yes: `1` or `true`.
  func isTrue(_ name: StaticString) -> Bool {
    guard let value = self[name] else { return false }
    return value.pointee == CChar(UInt8(ascii: "1")) || value.pointee == CChar(UInt8(ascii: "t"))
  }
}

/// Takes an XML part of a workbook apart as it is unpacked, and can pause between elements.
///
/// A document type, which could declare entities, ends it.
final class XMLPart {
  private static let chunk = 1 << 16
  /// More than this without an element's end is no workbook, and would have to be kept in memory.
  private static let longestElement = 4 << 20

  private let part: ZipPart
  private let parser: XML_Parser
  private unowned let visitor: any XMLVisitor
  private var isPaused = false
  private var isAtEnd = false
  private var hasDoctype = false
  private var bytesRead = 0

  init?(_ part: ZipPart, _ visitor: any XMLVisitor) {
    guard let parser = XML_ParserCreate(nil) else { return nil }
    self.part = part
    self.parser = parser
    self.visitor = visitor
    XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
    XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, _ in
      guard let part = XMLPart.of(data) else { return }
      part.hasDoctype = true
      XML_StopParser(part.parser, 0)
    }
    XML_SetElementHandler(
      parser,
      { data, name, attributes in
        guard let name else { return }
        XMLPart.of(data)?.visitor.start(XMLName(name), XMLAttributes(list: attributes))
      },
      { data, name in
        guard let part = XMLPart.of(data), let name else { return }
        if part.visitor.end(XMLName(name)) { XML_StopParser(part.parser, 1) }
      })
    XML_SetCharacterDataHandler(parser) { data, text, length in
      XMLPart.of(data)?.visitor.text(UnsafeRawBufferPointer(start: text, count: Int(length)))
    }
  }

  deinit {
    XML_ParserFree(parser)
  }

  private static func of(_ data: UnsafeMutableRawPointer?) -> XMLPart? {
    data.map { Unmanaged<XMLPart>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Goes on until the visitor pauses.
  ///
  /// - Returns: false at the end of the part.
  func next() throws(ZipArchive.Problem) -> Bool {
    while true {
      let status: XML_Status
      if isPaused {
        isPaused = false
        status = XML_ResumeParser(parser)
      } else if isAtEnd {
        return false
      } else {
        status = try parseChunk()
      }
      if status == XML_STATUS_SUSPENDED {
        isPaused = true
        return true
      }
      guard status == XML_STATUS_OK else { throw problem }
      guard
        bytesRead - max(0, Int(XML_GetCurrentByteIndex(parser))) <= Self.longestElement || isAtEnd
      else { throw ZipArchive.Problem(reason: "is damaged: an element has no end") }
    }
  }

  private func parseChunk() throws(ZipArchive.Problem) -> XML_Status {
    guard let buffer = XML_GetBuffer(parser, Int32(Self.chunk)) else { throw problem }
    let count = try part.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: Self.chunk))
    bytesRead += count
    isAtEnd = count == 0
    return XML_ParseBuffer(parser, Int32(count), isAtEnd ? 1 : 0)
  }

  private var problem: ZipArchive.Problem {
    if hasDoctype { return ZipArchive.Problem(reason: "has a document type, as no workbook has") }
    let code = XML_GetErrorCode(parser)
    let words = XML_ErrorString(code).map { String(cString: $0) } ?? "error \(code.rawValue)"
    return ZipArchive.Problem(reason: "is damaged: \(words)")
  }
}
