public import Input
import Layout
public import Proof

/// Reads the public log of a site, trusting nothing but the keys it was given.
package struct LogReader: Sendable {
  let site: PublishedSite
  /// Who signs today's checkpoint.
  let verifiers: [NoteVerifier]
  /// Who may have signed a checkpoint that somebody saved.
  package let earlierVerifiers: [NoteVerifier]
  package let checkpoint: Checkpoint
  /// The signed checkpoint as it was read.
  package let note: [UInt8]
  /// The key that the issuer's site names as the log's.
  package var verifier: NoteVerifier { verifiers[0] }

  /// Opens the site's checkpoint.
  ///
  /// - Throws: `NoteFailure` when it is missing or not signed by a known key.
  package init(_ site: PublishedSite, directory: KeyDirectory) async throws {
    let origin = directory.logOrigin
    guard let note = try await site.read("log/checkpoint", limit: SignedNote.longest) else {
      throw NoteFailure(missing: "log/checkpoint")
    }
    self.site = site
    self.note = note
    verifiers = [try NoteVerifier(name: origin, key: directory.logKey)]
    earlierVerifiers = try directory.earlierLogVerifiers()
    checkpoint = try Checkpoint(text: try SignedNote(note).open(verifiers))
    guard checkpoint.origin == origin else {
      throw NoteFailure("the checkpoint is that of \(checkpoint.origin), not of \(origin)")
    }
  }

  /// A log on another site, whose checkpoint was opened already.
  init(_ log: LogReader, on site: PublishedSite, _ note: [UInt8], _ checkpoint: Checkpoint) {
    self.site = site
    self.note = note
    verifiers = log.verifiers
    earlierVerifiers = log.earlierVerifiers
    self.checkpoint = checkpoint
  }

  /// Holds the tiles of the tree's right edge against the root that is signed.
  ///
  /// - Throws: `NoteFailure` where they lead to another.
  func checkRoot() async throws {
    let root = try await compute { try $0.root(size: checkpoint.size) }
    guard root == checkpoint.root else {
      throw NoteFailure("the log's tiles do not lead to the root of its checkpoint")
    }
  }

  /// The hashes beside the way from an entry to the root.
  func inclusionPath(index: Int) async throws -> [Digest] {
    try await compute { try $0.inclusionPath(index: index, size: checkpoint.size) }
  }

  /// The root that the tree had at an earlier size.
  package func root(at size: Int) async throws -> Digest {
    try await compute { try $0.root(size: size) }
  }

  /// What shows that an earlier tree is a prefix of this one.
  package func consistencyProof(from size: Int) async throws -> [Digest] {
    try await compute { try $0.consistencyProof(oldSize: size, newSize: checkpoint.size) }
  }

  /// Whether the log only grew since a checkpoint that somebody saved, in words.
  func consistency(with earlier: [UInt8]) async throws -> Result<String, NoteFailure> {
    do {
      let old = try Checkpoint(text: try SignedNote(earlier).open(earlierVerifiers))
      guard old.origin == checkpoint.origin else {
        return .failure(NoteFailure("the saved checkpoint is that of another log, \(old.origin)"))
      }
      guard old.size <= checkpoint.size else {
        return .failure(NoteFailure("the log has shrunk: it had \(old.size) entries"))
      }
      let isPrefix = MerkleTree.isConsistent(
        oldSize: old.size, oldRoot: old.root, newSize: checkpoint.size, newRoot: checkpoint.root,
        proof: try await consistencyProof(from: old.size))
      return isPrefix
        ? .success("the log only grew since it had \(old.size) entries")
        : .failure(NoteFailure("the log was rewritten since it had \(old.size) entries"))
    } catch let failure as NoteFailure where !failure.isMissing {
      return .failure(failure)
    }
  }

  /// Runs a computation over the tree's hashes, fetching each tile it asks for.
  private func compute<Result>(_ run: (TileHashes) throws -> Result) async throws -> Result {
    var hashes = TileHashes(size: checkpoint.size)
    while true {
      do {
        return try run(hashes)
      } catch let missing as TileHashes.Missing {
        let path = "log/\(missing.tile.path)"
        guard let bytes = try await site.read(path, limit: Tile.width * 32) else {
          throw NoteFailure(missing: path)
        }
        guard hashes.add(missing.tile, bytes: bytes) else {
          throw NoteFailure("\(path) has another length than its tile")
        }
      }
    }
  }
}

extension LogProof {
  /// Makes the proof of a certificate that a site publishes, and checks it.
  ///
  /// - Returns: the proof, and what the policy makes of its checkpoint, where there is one.
  /// - Throws: `NoteFailure` when the site's files do not lead to its checkpoint.
  public static func make(
    for code: CertificateCode, on site: PublishedSite, policy: WitnessPolicy?, today: CalendarDate
  ) async throws -> (proof: LogProof, witnesses: WitnessReport?) {
    do {
      let (fingerprint, index) = try await place(of: code, on: site)
      guard let did = try await site.read(SingleFile.didDocument.path.text) else {
        throw NoteFailure("did.json is missing")
      }
      let log = try await LogReader(site, directory: try KeyDirectory(did))
      let proof = LogProof(
        certificate: fingerprint, index: index, path: try await log.inclusionPath(index: index),
        checkpoint: log.note)
      _ = try proof.verify(log.verifiers)
      let note = try SignedNote(log.note)
      let report = try policy.map { policy throws(NoteFailure) in
        try WitnessReport(note, by: log.verifier, policy: policy, today: today)
      }
      return (proof, report)
    } catch let failure as JSONFailure {
      throw NoteFailure("credential.json is not JSON: \(failure)")
    } catch let failure as DataIntegrity.Failure {
      throw NoteFailure(failure.description)
    }
  }

  /// The fingerprint and the position in the log that a certificate's credential names, or its page
  /// where there is none.
  private static func place(
    of code: CertificateCode, on site: PublishedSite
  ) async throws -> (Fingerprint, Int) {
    if let bytes = try await site.read("\(code.folder)/credential.json") {
      let document = try JSONParser.parse(bytes)
      guard let fingerprint = CertificateVerifier.fingerprint(in: document),
        fingerprint.code == code, let index = CertificateVerifier.logIndex(document)
      else { throw NoteFailure("the certificate's credential is incomplete") }
      return (fingerprint, index)
    }
    guard
      let page = try await site.read("\(code.folder)/index.html").flatMap({
        CertificatePageMetadata($0)
      }),
      page.fingerprint.code == code
    else { throw NoteFailure("the site has no certificate with this code") }
    guard let index = page.logIndex else {
      throw NoteFailure("the certificate's page does not say where in the log it is")
    }
    return (page.fingerprint, index)
  }
}
