import Foundation

/// That an entry is in a log, for checking without the network: C2SP tlog-proof, version 1.
public struct LogProof: Sendable, Hashable {
  private static let heading = "c2sp.org/tlog-proof@v1"

  /// The certificate whose issuance is proved; carried as extra data, and proved by nothing else
  /// than that its entry leads to the root.
  public let certificate: Fingerprint
  /// Position of the entry, from 0.
  public let index: Int
  /// From the leaf's sibling up.
  public let path: [Digest]
  /// The signed checkpoint.
  public let checkpoint: [UInt8]

  public init(certificate: Fingerprint, index: Int, path: [Digest], checkpoint: [UInt8]) {
    self.certificate = certificate
    self.index = index
    self.path = path
    self.checkpoint = checkpoint
  }

  /// The file's bytes.
  public var bytes: [UInt8] {
    var text = "\(Self.heading)\n"
    text += "extra \(Data(certificate.hex).base64EncodedString())\n"
    text += "index \(index)\n"
    for hash in path { text += "\(Data(hash.bytes).base64EncodedString())\n" }
    return Array(text.utf8) + [0x0A] + checkpoint
  }

  /// Whether a file begins like a proof.
  public static func isProof(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: heading.utf8)
  }

  /// Reads a proof file.
  ///
  /// - Throws: `NoteFailure` for anything the format does not allow, or without our extra data.
  public init(_ bytes: [UInt8]) throws(NoteFailure) {
    guard bytes.count <= SignedNote.longest else { throw NoteFailure("the proof is too long") }
    let blank = bytes.indices.dropLast().first { bytes[$0] == 0x0A && bytes[$0 + 1] == 0x0A }
    guard let blank else { throw NoteFailure("the proof has no checkpoint") }
    let head = String(decoding: bytes[..<blank], as: UTF8.self)
    var lines = head.split(separator: "\n", omittingEmptySubsequences: false)[...]
    guard lines.popFirst() == Self.heading[...] else {
      throw NoteFailure("the first line is not \(Self.heading)")
    }
    guard let extra = lines.popFirst(), extra.hasPrefix("extra "),
      let digits = Data(base64Encoded: String(extra.dropFirst(6))),
      let certificate = Fingerprint(hex: String(decoding: digits, as: UTF8.self))
    else { throw NoteFailure("the proof does not say for which certificate it is") }
    guard let line = lines.popFirst(), line.hasPrefix("index "),
      let index = Int(line.dropFirst(6)), index >= 0, String(index) == line.dropFirst(6)
    else { throw NoteFailure("the proof does not say where in the log the entry is") }
    guard lines.count < 64 else { throw NoteFailure("the path is longer than any tree is high") }
    var path: [Digest] = []
    for line in lines {
      guard let data = Data(base64Encoded: String(line)), let hash = Digest(bytes: data) else {
        throw NoteFailure("the path is made of hashes in base64")
      }
      path.append(hash)
    }
    self.init(
      certificate: certificate, index: index, path: path,
      checkpoint: Array(bytes[(blank + 2)...]))
  }

  /// The checkpoint whose tree has the certificate's issuance.
  ///
  /// - Throws: `NoteFailure` when no known key signed it, or the path does not lead to its root.
  public func verify(_ verifiers: [NoteVerifier]) throws(NoteFailure) -> Checkpoint {
    let opened = try Checkpoint(text: try SignedNote(checkpoint).open(verifiers))
    let leaf = MerkleTree.leaf(LedgerEntry(certificate.logID, .issued).bytes)
    guard
      MerkleTree.root(leaf: leaf, index: index, size: opened.size, path: path) == opened.root
    else { throw NoteFailure("the path does not lead from the certificate to the checkpoint") }
    return opened
  }
}
