import Layout
import Proof

extension KeyDirectory {
  /// The issuer's host as browsers write it.
  var officialHost: String { normalHost(host) ?? host }
}

/// The issuer's keys as its site lists them, with those among them that the user named.
///
/// Who names keys trusts them more than the site. Each of them must be listed; then a signature counts
/// if it is by one of them, of the kind that it is for: signing keys for documents, the log's for
/// checkpoints. Where no key of a kind was named, the site's word counts for that kind.
struct TrustedKeys: Sendable {
  let directory: KeyDirectory
  private let named: Set<PublicKey>

  /// - Throws: `NoteFailure` when the site does not list a key that the user named.
  init(_ directory: KeyDirectory, named keys: [PublicKey]) throws(NoteFailure) {
    self.directory = directory
    named = Set(keys)
    let listed = Set(directory.keys.values).union([directory.logKey])
    guard named.isSubset(of: listed) else {
      throw NoteFailure("the site does not list the key that was named")
    }
  }

  /// Whether a signature of a document by a listed key counts.
  func counts(_ key: PublicKey) -> Bool {
    let signing = named.intersection(directory.keys.values)
    return signing.isEmpty || signing.contains(key)
  }

  /// Whether the log's checkpoint counts in the place of a signed document, for a site that has no
  /// credentials.
  var countsLogAlone: Bool { named.isEmpty || named.contains(directory.logKey) }
}
