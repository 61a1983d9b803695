import Layout
import Proof

extension IssuerKeys {
  /// The keys with their days, as a site's `keys.json` lists them; nil where that is missing.
  ///
  /// - Throws: `NoteFailure` when it says something impossible, `MachineFailure` when it cannot be read.
  static func read(_ site: PublishedSite, origin: String) async throws -> IssuerKeys? {
    try await site.read(SingleFile.keys.path.text).map { bytes throws(NoteFailure) in
      try IssuerKeys(published: bytes, origin: origin)
    }
  }
}
