public import Input

/// A witness's statement that a checkpoint was the largest one of its log that it knew at a moment, and
/// that the log had only grown until then: C2SP tlog-cosignature, Ed25519.
public struct Cosignature: Sendable, Hashable {
  public let witness: NoteVerifier
  /// Seconds since 1970-01-01T00:00:00Z.
  public let seconds: Int
  private let signature: [UInt8]

  private static let heading = "cosignature/v1"
  /// The first second that no calendar of four digits has; zero stands for no moment.
  private static let end: UInt64 = 253_402_300_800

  /// Takes the bytes behind the key id: eight of the moment, big-endian, and 64 of the signature.
  ///
  /// - Returns: nil unless the witness signed the moment and the checkpoint's text.
  init?(_ bytes: [UInt8], of text: String, by witness: NoteVerifier) {
    guard witness.kind == .cosignature, bytes.count == 72 else { return nil }
    let moment = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard (1..<Self.end).contains(moment), let seconds = Int(exactly: moment),
      witness.key.isValid(Array(bytes.dropFirst(8)), for: Self.message(text, at: moment))
    else { return nil }
    self.witness = witness
    self.seconds = seconds
    signature = bytes
  }

  /// The bytes that a witness signs.
  static func message(_ text: String, at moment: UInt64) -> [UInt8] {
    Array("\(heading)\ntime \(moment)\n\(text)".utf8)
  }

  static func bytes(of moment: UInt64) -> [UInt8] {
    (0..<8).reversed().map { UInt8(truncatingIfNeeded: moment >> ($0 * 8)) }
  }

  /// The line below the checkpoint, with its newline.
  public var line: String {
    SignedNote.Signature(name: witness.name, keyID: witness.keyID, signature: signature).line
  }

  /// The day of the moment, in UTC.
  public var day: CalendarDate { CalendarDate(daysSinceEpoch: seconds / 86_400) }

  /// The moment in UTC, as in `2026-11-23 05:17 UTC`.
  public var moment: String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(day) \(two(seconds / 3600 % 24)):\(two(seconds / 60 % 60)) UTC"
  }

  /// Whether a clock can have shown the moment by a day: one day may be the time zone.
  public func isPossible(on today: CalendarDate) -> Bool {
    seconds / 86_400 <= today.daysSinceEpoch + 1
  }
}

extension SignedNote {
  /// The newest cosignature of a witness; nil where it has none.
  ///
  /// - Throws: `NoteFailure` when a line under its name and key does not hold.
  public func cosignature(by witness: NoteVerifier) throws(NoteFailure) -> Cosignature? {
    var newest: Cosignature?
    for line in signatures where line.name == witness.name && line.keyID == witness.keyID {
      guard let found = Cosignature(line.signature, of: text, by: witness) else {
        throw NoteFailure("the cosignature by \(witness.name) does not fit the checkpoint")
      }
      if newest.map({ $0.seconds < found.seconds }) ?? true { newest = found }
    }
    return newest
  }

  /// The signature lines that a test takes, in their order.
  func lines(_ isKept: (Signature) -> Bool = { _ in true }) -> [UInt8] {
    Array(signatures.filter(isKept).map(\.line).joined().utf8)
  }

  /// The note with the lines of one key alone.
  package func note(signedBy key: NoteVerifier) -> [UInt8] {
    Array("\(text)\n".utf8) + lines { $0.name == key.name && $0.keyID == key.keyID }
  }

  /// The note with a witness's line in place of those that it had.
  public func adding(_ cosignature: Cosignature) -> [UInt8] {
    let witness = cosignature.witness
    return Array("\(text)\n".utf8)
      + lines { $0.name != witness.name || $0.keyID != witness.keyID }
      + Array(cosignature.line.utf8)
  }

  /// Lines that stand alone, as a witness answers with them, read below this note's text; nil where they
  /// are not signature lines.
  public func answered(_ lines: [UInt8]) -> SignedNote? {
    do {
      return try SignedNote(Array("\(text)\n".utf8) + lines)
    } catch {
      return nil
    }
  }
}
