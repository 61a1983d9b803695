import Diagnostics
import Foundation
import Input
import Proof

/// Saved files: a record, a credential, a page, or a proof of the log.
extension CertificateVerifier {
  /// What a saved file turned out to be.
  enum Saved {
    case record([UInt8])
    case credential([UInt8], JSONValue)
    case proof([UInt8])
    case page([UInt8])
  }

  /// Runs every step for a saved file: a record, a credential, a page, or a proof of the log.
  ///
  /// - Parameter proof: a saved proof of the log, for checking without the network.
  public func verify(saved bytes: [UInt8], proof: [UInt8]?) async throws -> Verification {
    var run = Verification()
    switch kind(of: bytes) {
    case .record(let record):
      let code = Fingerprint(of: record).code
      let published = try await publishedRecord(code)
      guard try await isPublished(record, published, in: &run) else { return run }
      try await check(
        record: record, credential: try await site?.read("\(code.folder)/credential.json"),
        code: code, fingerprint: nil, host: nil, in: &run)
    case .page(let page): try await check(page: page, in: &run)
    case .proof(let proof): try await check(proof: proof, of: nil, in: &run)
    case .credential(let credential, let document):
      guard let fingerprint = Self.fingerprint(in: document) else {
        run.fail("credential", "it does not name the record that it was made from")
        return run
      }
      let record = try await publishedRecord(fingerprint.code)
      if let record {
        try await check(
          record: record, credential: credential, code: fingerprint.code, fingerprint: fingerprint,
          host: nil, in: &run)
      } else {
        try await checkAlone(document, fingerprint: fingerprint, proof: proof, in: &run)
        _ = try await isErased(fingerprint.code, in: &run)
      }
    }
    return run
  }

  private func kind(of bytes: [UInt8]) -> Saved {
    if LogProof.isProof(bytes) { return .proof(bytes) }
    if bytes.first == UInt8(ascii: "{") {
      do {
        let document = try JSONParser.parse(bytes)
        if document["proof"] != nil { return .credential(bytes, document) }
      } catch {
        // What is no JSON is told so where the record is read.
        return .record(bytes)
      }
      return .record(bytes)
    }
    return .page(bytes)
  }

  private func isPublished(
    _ record: [UInt8], _ published: [UInt8]?, in run: inout Verification
  ) async throws -> Bool {
    guard let site else {
      run.skip("record", "no site was named to compare the record with")
      return false
    }
    guard let published else {
      if try await site.read("index.html") == nil {
        run.skip("record", "\(site.name) holds no site")
      } else if Self.isRecord(record),
        try await isErased(Fingerprint(of: record).code, in: &run)
      {
        return false
      } else {
        run.fail("record", "the site has no such certificate")
        run.isMissing = Self.isRecord(record)
      }
      return false
    }
    if published == record { return true }
    run.fail("record", "the site's own record differs from this one")
    return false
  }

  private static func isRecord(_ bytes: [UInt8]) -> Bool {
    do {
      _ = try Record(bytes)
      return true
    } catch {
      return false
    }
  }

  /// The steps for a saved credential whose record is not at hand.
  private func checkAlone(
    _ document: JSONValue, fingerprint: Fingerprint, proof: [UInt8]?, in run: inout Verification
  ) async throws {
    guard let directory = try await directory(in: &run, issuer: document["issuer"]?["id"]?.string)
    else { return }
    verifySignature(of: document, directory, in: &run)
    if let proof {
      try await check(proof: proof, of: fingerprint, in: &run)
    } else {
      run.skip("log", "neither a site nor a saved proof of the log was named")
    }
    run.skip("status", "a status is known to the site alone, and none was named")
    let expires = document["credentialSubject"]?["certificate"]?["expires"]?.string
    checkDates(expires ?? "", in: &run)
  }

  /// A proof of the log, by itself or with a certificate that it must belong to.
  private func check(
    proof bytes: [UInt8], of fingerprint: Fingerprint?, in run: inout Verification
  ) async throws {
    do {
      let proof = try LogProof(bytes)
      guard fingerprint ?? proof.certificate == proof.certificate else {
        run.fail("log", "the proof is that of another certificate")
        return
      }
      let origin = try Checkpoint.origin(of: SignedNote(proof.checkpoint))
      let issuer = "did:web:" + origin.replacing("/log", with: "").replacing(":", with: "%3A")
      guard let directory = try await directory(in: &run, issuer: issuer) else { return }
      let checkpoint = try proof.verify(try directory.verifiers(origin: origin))
      run.pass("log", "it is entry \(proof.index) of \(checkpoint.size) in \(checkpoint.origin)")
      if fingerprint == nil {
        run.skip("status", "a proof says that a certificate was issued, not what became of it")
      }
    } catch let failure as NoteFailure {
      run.fail("log", failure.description)
    }
  }

  /// A saved page must be the site's own, byte for byte.
  private func check(page: [UInt8], in run: inout Verification) async throws {
    guard let saved = SavedPage(page) else {
      run.skip("page", "the file is no certificate page, record, credential or proof")
      return
    }
    guard let site else {
      run.skip("page", "no site was named to compare the page with")
      return
    }
    let code = saved.fingerprint.code
    guard let published = try await site.read("\(code.folder)/index.html") else {
      run.fail("page", "the site has no such certificate")
      run.isMissing = true
      return
    }
    if try await isErased(code, in: &run) { return }
    guard published == page else {
      run.fail("page", "the saved page is not what the site says today")
      return
    }
    run.pass("page", "the saved page is the site's own, byte for byte")
    let rest = try await verify(code, fingerprint: saved.fingerprint)
    run.steps += rest.steps
    run.states = rest.states
    run.record = rest.record
  }
}
