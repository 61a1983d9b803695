package import Layout
package import Proof

/// A file that a build added, changed or removed: what an uploader has to know of it.
package struct FileChange: Sendable {
  package enum Kind: String { case added, changed, deleted }

  package let path: OutputPath
  package let kind: Kind
  /// In bytes.
  package let size: Int
  /// SHA-256 of the bytes; nil for a file that was deleted.
  package let digest: Digest?

  package init(path: OutputPath, kind: Kind, size: Int, digest: Digest?) {
    self.path = path
    self.kind = kind
    self.size = size
    self.digest = digest
  }

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
