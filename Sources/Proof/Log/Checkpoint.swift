import Foundation

/// What a log says of its tree at a moment, by C2SP tlog-checkpoint.
public struct Checkpoint: Sendable, Hashable {
  /// The log's name: the host of the site and `/log`.
  public let origin: String
  /// How many entries the tree has.
  public let size: Int
  public let root: Digest

  /// More entries than any log of certificates has: with fewer, no arithmetic on sizes, indices and
  /// paths of tiles can overflow.
  public static let largestSize = Int(UInt32.max)

  public init(origin: String, size: Int, root: Digest) {
    self.origin = origin
    self.size = size
    self.root = root
  }

  /// The text that is signed.
  public var text: String {
    "\(origin)\n\(size)\n\(Data(root.bytes).base64EncodedString())\n"
  }

  /// The origin that a note claims, before anything of it is trusted.
  public static func origin(of note: SignedNote) throws(NoteFailure) -> String {
    try Checkpoint(text: note.text).origin
  }

  /// Reads the text of a note that was opened.
  ///
  /// - Throws: `NoteFailure` for anything but origin, size and root.
  public init(text: String) throws(NoteFailure) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count == 4, lines[3].isEmpty, !lines[0].isEmpty else {
      throw NoteFailure("a checkpoint has three lines: origin, size and root")
    }
    let digits = lines[1].utf8
    guard digits.allSatisfy({ (0x30...0x39).contains($0) }), let size = Int(lines[1]),
      digits.first != 0x30 || digits.count == 1
    else { throw NoteFailure("a checkpoint's size is a whole number") }
    guard size <= Self.largestSize else {
      throw NoteFailure("it claims \(size) entries, and no log of certificates has that many")
    }
    guard let data = Data(base64Encoded: String(lines[2])),
      data.base64EncodedString() == lines[2], let root = Digest(bytes: data)
    else { throw NoteFailure("a checkpoint's root is 32 bytes in base64") }
    self.init(origin: String(lines[0]), size: size, root: root)
  }
}
