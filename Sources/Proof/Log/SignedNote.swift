import Foundation

/// Why a note or a key of one is not accepted.
public struct NoteFailure: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Kind: Sendable, Hashable {
    case wrong
    /// A file is not there, so that nothing could be checked.
    case missing
    /// No key that is known here signed the note.
    case unknownSigner
  }

  public let description: String
  package let kind: Kind

  package init(_ description: String, _ kind: Kind = .wrong) {
    self.description = description
    self.kind = kind
  }

  package init(missing path: String) {
    self.init("\(path) is missing", .missing)
  }

  package var isMissing: Bool { kind == .missing }
}

/// A text with signatures below it, by C2SP signed-note.
public struct SignedNote: Sendable {
  /// Longer notes are refused before they are looked at.
  public static let longest = 64 * 1024

  public struct Signature: Sendable, Hashable {
    public let name: String
    /// Four bytes that tell the keys of one name apart.
    public let keyID: [UInt8]
    public let signature: [UInt8]

    /// The line below the text, with its newline.
    var line: String {
      "\u{2014} \(name) \(Data(keyID + signature).base64EncodedString())\n"
    }
  }

  /// Ends in a newline.
  public let text: String
  public let signatures: [Signature]

  /// Takes a note apart without trusting anything in it.
  ///
  /// - Throws: `NoteFailure` for anything the format does not allow.
  public init(_ bytes: [UInt8]) throws(NoteFailure) {
    guard bytes.count <= Self.longest else { throw NoteFailure("the note is longer than 64 KiB") }
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw NoteFailure("the note is not UTF-8")
    }
    guard !bytes.contains(where: { $0 < 0x20 && $0 != 0x0A }) else {
      throw NoteFailure("the note has control characters")
    }
    // Split by bytes: the last empty line parts the text from the signatures.
    let starts = bytes.indices.dropLast().filter { bytes[$0] == 0x0A && bytes[$0 + 1] == 0x0A }
    guard let end = starts.last, bytes.last == 0x0A else {
      throw NoteFailure("the note has no signatures")
    }
    text = String(decoding: bytes[...end], as: UTF8.self)
    var signatures: [Signature] = []
    for line in bytes[(end + 2)...].dropLast().split(
      separator: 0x0A, omittingEmptySubsequences: false)
    {
      signatures.append(try Self.signature(String(decoding: line, as: UTF8.self)))
    }
    guard !signatures.isEmpty else { throw NoteFailure("the note has no signatures") }
    self.signatures = signatures
  }

  private static func signature(_ line: String) throws(NoteFailure) -> Signature {
    let parts = line.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "\u{2014}", NoteVerifier.isName(parts[1]),
      let data = Data(base64Encoded: String(parts[2])), data.count > 4,
      data.base64EncodedString() == parts[2]
    else { throw NoteFailure("the note has a line that is no signature: \(line)") }
    return Signature(
      name: String(parts[1]), keyID: Array(data.prefix(4)), signature: Array(data.dropFirst(4)))
  }

  /// Whether the note has a line of a key, valid or not.
  package func names(_ verifier: NoteVerifier) -> Bool {
    signatures.contains { $0.name == verifier.name && $0.keyID == verifier.keyID }
  }

  /// The text, if a trusted key signed it.
  ///
  /// - Throws: `NoteFailure` when no key did, or a signature by one of them is wrong.
  public func open(_ verifiers: [NoteVerifier]) throws(NoteFailure) -> String {
    var isSigned = false
    for signature in signatures {
      let known = verifiers.first { $0.name == signature.name && $0.keyID == signature.keyID }
      guard let known else { continue }
      guard known.isValid(signature.signature, for: text) else {
        throw NoteFailure("the signature by \(signature.name) does not fit the note")
      }
      isSigned = true
    }
    guard isSigned else { throw NoteFailure("no known key signed the note", .unknownSigner) }
    return text
  }
}

/// A public key that signs notes under a name.
public struct NoteVerifier: Sendable, Hashable {
  /// What a key's signatures cover: the type byte of C2SP signed-note.
  public enum Kind: UInt8, Sendable {
    /// The note's text.
    case text = 0x01
    /// A moment and the text of a checkpoint, by C2SP tlog-cosignature.
    case cosignature = 0x04
  }

  public let name: String
  public let key: PublicKey
  public let kind: Kind
  /// First four bytes of the hash of name, kind and key.
  public let keyID: [UInt8]

  public init(name: String, key: PublicKey, kind: Kind = .text) throws(NoteFailure) {
    guard Self.isName(name) else {
      throw NoteFailure("a key's name has no spaces and no plus sign")
    }
    self.name = name
    self.key = key
    self.kind = kind
    keyID = Array(
      Digest(prefix: Array(name.utf8) + [0x0A, kind.rawValue], hashing: key.bytes).bytes.prefix(4))
  }

  /// Reads a verifier key: `name+id+base64`.
  ///
  /// - Throws: `NoteFailure` for anything else, a key of another kind among it.
  public init(_ text: String, kind: Kind = .text) throws(NoteFailure) {
    let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let id = Hex.decode(Array(parts[1].utf8)), id.count == 4,
      let bytes = Data(base64Encoded: String(parts[2])), let type = bytes.first
    else { throw NoteFailure("a verifier key is written name+id+base64") }
    guard type == kind.rawValue else {
      throw NoteFailure(
        "the verifier key is of type \(type), and an Ed25519 key for this has type \(kind.rawValue)"
      )
    }
    guard let key = PublicKey(Array(bytes.dropFirst())) else {
      throw NoteFailure("the verifier key holds no Ed25519 public key that can be trusted")
    }
    try self.init(name: String(parts[0]), key: key, kind: kind)
    guard keyID == id else { throw NoteFailure("the verifier key's id does not fit its key") }
  }

  static func isName(_ name: some StringProtocol) -> Bool {
    !name.isEmpty
      && !name.unicodeScalars.contains {
        $0 == "+" || $0.properties.isWhitespace || $0.value < 0x20
      }
  }

  func isValid(_ signature: [UInt8], for text: String) -> Bool {
    switch kind {
    case .text: key.isValid(signature, for: Array(text.utf8))
    case .cosignature: Cosignature(signature, of: text, by: self) != nil
    }
  }
}

extension NoteVerifier: CustomStringConvertible {
  /// `name+id+base64`.
  public var description: String {
    let packed = Data([kind.rawValue] + key.bytes).base64EncodedString()
    return "\(name)+\(String(decoding: Hex.encode(keyID), as: UTF8.self))+\(packed)"
  }
}
