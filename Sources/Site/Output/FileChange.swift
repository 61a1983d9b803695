import Proof

/// A file that a build added, changed or removed: what an uploader has to know of it.
struct FileChange: Sendable {
  enum Kind: String { case added, changed, deleted }

  let path: OutputPath
  let kind: Kind
  /// In bytes.
  let size: Int
  /// SHA-256 of the bytes; nil for a file that was deleted.
  let digest: Digest?

  /// One object of the receipt, as JSON.
  var json: [UInt8] {
    var members: [String: JSONValue] = [
      "path": .string(path.text), "change": .string(kind.rawValue),
    ]
    if let digest {
      members["size"] = .integer(size)
      members["sha256"] = .string(digest.description)
    }
    return CanonicalJSON.encode(.object(members))
  }
}
