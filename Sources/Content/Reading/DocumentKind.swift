/// A kind of file that readers may take home: nothing in it runs when it is opened in a browser or by its usual program.
///
/// Archives are none of them, since nobody sees what they hold; nor are the old formats of Office and those with
/// macros.
struct DocumentKind {
  /// What people call it.
  let name: String
  private let signature: Signature

  private enum Signature {
    case begins([UInt8], at: Int)
    case beginsWithOne(of: [[UInt8]])
    case text
  }

  /// The kind that an ending of a file's name stands for; nil for any other.
  init?(_ ending: String) {
    guard let kind = Self.kinds[ending.lowercased()] else { return nil }
    (name, signature) = kind
  }

  /// Whether the bytes of a file begin as such a file does.
  func isOne(_ bytes: [UInt8]) -> Bool {
    switch signature {
    case .begins(let start, let place): bytes.dropFirst(place).starts(with: start)
    case .beginsWithOne(let starts): starts.contains { bytes.starts(with: $0) }
    case .text: !bytes.contains(0) && String(validating: bytes, as: UTF8.self) != nil
    }
  }

  private static func begin(_ text: String, at place: Int = 0) -> Signature {
    .begins(Array(text.utf8), at: place)
  }

  private static let package = begin("PK\u{3}\u{4}")

  private static let kinds: [String: (String, Signature)] = [
    "pdf": ("PDF", begin("%PDF-")), "docx": ("Word document (.docx)", package),
    "xlsx": ("Excel workbook (.xlsx)", package),
    "pptx": ("PowerPoint presentation (.pptx)", package),
    "odt": ("OpenDocument text (.odt)", package),
    "ods": ("OpenDocument spreadsheet (.ods)", package),
    "odp": ("OpenDocument presentation (.odp)", package), "epub": ("EPUB book", package),
    "csv": ("CSV file in UTF-8", .text), "txt": ("text in UTF-8", .text),
    "ics": ("calendar file (.ics)", begin("BEGIN:VCALENDAR")),
    "mp3": (
      "MP3", .beginsWithOne(of: [Array("ID3".utf8), [0xFF, 0xFB], [0xFF, 0xF3], [0xFF, 0xF2]])
    ),
    "m4a": ("MPEG-4 sound (.m4a)", begin("ftyp", at: 4)),
    "mp4": ("MPEG-4 video (.mp4)", begin("ftyp", at: 4)), "ogg": ("Ogg file", begin("OggS")),
    "wav": ("WAV sound", begin("WAVE", at: 8)),
    "webm": ("WebM video", .begins([0x1A, 0x45, 0xDF, 0xA3], at: 0)),
  ]

  /// The endings of all kinds, in the order of the alphabet.
  static var endings: [String] { kinds.keys.sorted() }
}
