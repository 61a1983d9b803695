import Foundation
import Input
import Layout
import Proof

/// Saved files: a record, a credential, a badge, a page, or a proof of the log.
extension CertificateVerifier {
  /// What a saved file turned out to be.
  enum Saved {
    case record([UInt8])
    /// A credential or a badge.
    case credential([UInt8], JSONValue)
    case proof([UInt8])
    case page([UInt8])
  }

  /// Runs every step for a saved file: a record, a credential, a badge, a page, or a proof of the log.
  ///
  /// - Parameter proof: a saved proof of the log, for checking without the network.
  public func verify(saved bytes: [UInt8], proof: [UInt8]?) async -> Verification {
    var run = Verification()
    switch kind(of: bytes) {
    case .record(let record): await check(savedRecord: record, in: &run)
    case .page(let page): await check(page: page, in: &run)
    case .proof(let proof): await check(proof: proof, of: nil, in: &run)
    case .credential(let credential, let document):
      guard let fingerprint = Self.fingerprint(in: document) else {
        run.fail("credential", "it does not name the record that it was made from")
        return run
      }
      guard let site else {
        checkAlone(document, fingerprint, in: &run)
        await check(proof: proof, of: document, in: &run)
        run.skip("status", "a status is known to the site alone, and no site was named", .missing)
        checkDates(stated: document, fingerprint, in: &run)
        return run
      }
      let code = fingerprint.code
      let files = await files(of: code, on: site)
      guard let record = await self.record(files, site, in: &run) else {
        // Without its record, a forged one is told from one that was erased by its signature.
        if let keys = await keys(in: &run) {
          checkSignature(of: document, keys.directory, in: &run)
        }
        return run
      }
      await check(
        record: record, files: files, credential: .bytes(credential), SignedFile(document),
        code: code, fingerprint: fingerprint, host: nil, in: &run)
      if let proof { await check(proof: proof, of: document, in: &run) }
    }
    return run
  }

  private func kind(of bytes: [UInt8]) -> Saved {
    if LogProof.isProof(bytes) { return .proof(bytes) }
    guard bytes.first == UInt8(ascii: "{") else { return .page(bytes) }
    do {
      let document = try JSONParser.parse(bytes)
      return document["proof"] == nil ? .record(bytes) : .credential(bytes, document)
    } catch {
      // The step of the record says that it is not JSON.
      return .record(bytes)
    }
  }

  // MARK: Records and pages

  private func check(savedRecord record: [UInt8], in run: inout Verification) async {
    guard let site else {
      run.skip("record", "no site was named to compare the record with", .missing)
      return
    }
    do {
      _ = try Record(record)
    } catch {
      run.fail("record", "the file is no record of a certificate: \(error)")
      return
    }
    let code = Fingerprint(of: record).code
    let files = await files(of: code, on: site)
    guard let published = await self.record(files, site, in: &run) else { return }
    guard published == record else {
      run.fail("record", "the site's own record differs from this one")
      return
    }
    await check(
      record: record, files: files, credential: files.credential, code: code, fingerprint: nil,
      host: nil, in: &run)
  }

  /// A saved page must be the site's own, byte for byte.
  private func check(page bytes: [UInt8], in run: inout Verification) async {
    guard let saved = CertificatePageMetadata(bytes) else {
      run.skip(
        "page", "the file is no certificate page, record, credential, badge or proof", .unforeseen)
      return
    }
    guard let site else {
      run.skip("page", "no site was named to compare the page with", .missing)
      return
    }
    let code = saved.fingerprint.code
    let files = await files(of: code, on: site)
    switch files.page {
    case .failed(let reason): run.skip("page", reason, .connection)
    case .missing:
      run.fail("page", "the site has no such certificate")
      run.isMissing = true
    case .bytes(let published):
      if isErased(files, in: &run) { return }
      guard published == bytes else {
        run.fail("page", "the saved page is not what the site says today")
        return
      }
      run.pass("page", "the saved page is the site's own, byte for byte")
      let rest = await verify(code, fingerprint: saved.fingerprint)
      run.steps += rest.steps
      run.states = rest.states
      run.record = rest.record
      run.officialHost = rest.officialHost
      run.isCopy = rest.isCopy
      run.isPreview = rest.isPreview
    }
  }

  // MARK: Without a site

  /// The signature of a saved credential, by the keys that the user named.
  private func checkAlone(
    _ document: JSONValue, _ fingerprint: Fingerprint, in run: inout Verification
  ) {
    guard let issuer = document["issuer"]?["id"]?.string,
      let keys = KeyDirectory(named: named, issuer: issuer)
    else {
      run.skip("signature", "no site and no key was named", .key)
      return
    }
    let file = SignedFile(document)
    guard let claimed = Self.claims(of: document, fingerprint),
      file.isThat(of: claimed, document, host: keys.host) != nil
    else {
      run.fail("signature", "the \(file.word) says more than a certificate does, or less")
      return
    }
    let method = document.proof?["verificationMethod"]?.string ?? ""
    guard keys.keys[method] != nil else {
      run.skip("signature", "it is signed by a key that was not named: \(method)", .key)
      return
    }
    checkSignature(of: document, keys, in: &run)
  }

  private func checkSignature(
    of document: JSONValue, _ keys: KeyDirectory, in run: inout Verification
  ) {
    do {
      try DataIntegrity.verify(document, SignedFile(document).cryptosuite) { keys.keys[$0] }
      run.pass("signature", "\(keys.issuer) signed it")
    } catch {
      run.fail("signature", error.description)
    }
  }

  private static func claims(of document: JSONValue, _ fingerprint: Fingerprint) -> Record? {
    document.isBadge
      ? Record(claimedByBadge: document, fingerprint) : Record(claimedBy: document, fingerprint)
  }

  private func checkDates(
    stated document: JSONValue, _ fingerprint: Fingerprint, in run: inout Verification
  ) {
    let claimed = Self.claims(of: document, fingerprint)
    run.checkDates(
      issued: claimed.flatMap { CalendarDate(iso: $0.issued) },
      expires: claimed.flatMap { CalendarDate(iso: $0.expires) }, today: today)
  }

  /// A proof of the log, by itself or with a credential that it must belong to.
  private func check(
    proof bytes: [UInt8]?, of credential: JSONValue?, in run: inout Verification
  ) async {
    guard let bytes else {
      run.skip("log", "neither a site nor a saved proof of the log was named", .missing)
      return
    }
    do {
      let proof = try LogProof(bytes)
      let origin = try Checkpoint.origin(of: SignedNote(proof.checkpoint))
      if let credential {
        guard Self.fingerprint(in: credential) == proof.certificate else {
          throw NoteFailure("the proof is that of another certificate")
        }
        let issuer = credential["issuer"]?["id"]?.string ?? ""
        guard origin == KeyDirectory.host(of: issuer) + "/log" else {
          throw NoteFailure("the proof is of another log, \(origin)")
        }
      }
      guard let directory = try await directory(ofLog: origin, in: &run) else { return }
      let logs = try directory.earlierLogVerifiers()
      let checkpoint = try proof.verify(logs)
      run.pass("log", "it is entry \(proof.index) of \(checkpoint.size) in \(checkpoint.origin)")
      checkWitnesses(of: proof.checkpoint, by: logs, in: &run)
      if credential == nil {
        run.skip(
          "status", "a proof says that a certificate was issued, not what became of it", .missing)
      }
    } catch let failure as NoteFailure where failure.kind == .unknownSigner && site == nil {
      run.skip("log", "its checkpoint is signed by a key that was not named: the log's", .key)
    } catch {
      run.fail("log", "\(error)")
    }
  }

  /// The keys that may have signed a proof's checkpoint: a log is the issuer's if its name is the
  /// issuer's host and `/log`.
  private func directory(
    ofLog origin: String, in run: inout Verification
  ) async throws -> KeyDirectory? {
    if site != nil {
      guard let directory = await keys(in: &run)?.directory else { return nil }
      guard directory.logOrigin == origin else {
        throw NoteFailure("the proof is of another log, \(origin)")
      }
      return directory
    }
    guard origin.hasSuffix("/log") else {
      throw NoteFailure("the proof is of another log, \(origin)")
    }
    let host = origin.dropLast("/log".count)
    let directory = KeyDirectory(
      named: named, issuer: "did:web:" + host.replacing(":", with: "%3A"))
    if directory == nil { run.skip("signature", "no site and no key was named", .key) }
    return directory
  }
}
