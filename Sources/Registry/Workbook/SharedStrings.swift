/// Texts that a workbook keeps once for all its cells, as far as somebody wants them: a column that is left out
/// is left out here too.
final class SharedStrings: XMLVisitor {
  private let wanted: Set<Int>
  private var bytes: [UInt8] = []
  private var ranges: [Int: Range<Int>] = [:]
  private var position = -1
  private var isWanted = false
  private var isInText = false
  private var isInReading = false
  private var start = 0

  init(_ wanted: Set<Int>) {
    self.wanted = wanted
  }

  func read(_ part: ZipPart, upTo last: Int) throws(ZipArchive.Problem) {
    guard let xml = XMLPart(part, self) else { return }
    // Each pause is the end of a text.
    while try xml.next(), position < last {}
  }

  /// A text in UTF-8; nil where it was not wanted or is not there.
  subscript(index: Int) -> ArraySlice<UInt8>? { ranges[index].map { bytes[$0] } }

  func start(_ name: XMLName, _ attributes: XMLAttributes) {
    if name == "si" {
      position += 1
      isWanted = wanted.contains(position)
      start = bytes.count
    } else if name == "t" {
      isInText = true
    } else if name == "rPh" {
      // How a text is read aloud, in Japanese.
      isInReading = true
    }
  }

  func end(_ name: XMLName) -> Bool {
    if name == "t" {
      isInText = false
    } else if name == "rPh" {
      isInReading = false
    } else if name == "si" {
      if isWanted { ranges[position] = start..<bytes.count }
      return true
    }
    return false
  }

  func text(_ piece: UnsafeRawBufferPointer) {
    if isWanted, isInText, !isInReading { bytes += piece }
  }
}
