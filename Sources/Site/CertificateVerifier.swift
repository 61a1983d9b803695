import Diagnostics
import Foundation
public import Input
public import Proof

/// Checks a certificate step by step, as a buyer's technician would.
public struct CertificateVerifier: Sendable {
  /// The site, where there is one to ask.
  let site: PublishedSite?
  /// A public key that the user brought along and trusts more than the site.
  let pinned: PublicKey?
  /// A checkpoint that the user saved earlier.
  let earlier: [UInt8]?
  /// The day by which validity is decided.
  let today: CalendarDate

  public init(
    site: PublishedSite?, pinned: PublicKey?, earlier: [UInt8]?, today: CalendarDate
  ) {
    self.site = site
    self.pinned = pinned
    self.earlier = earlier
    self.today = today
  }

  /// What a saved file turned out to be.
  enum Saved {
    case record([UInt8])
    case credential([UInt8], JSONValue)
    case proof([UInt8])
    case page([UInt8])
  }

  /// Runs every step for a code, a fingerprint or an address.
  public func verify(
    _ code: CertificateCode, fingerprint: Fingerprint? = nil, host: String? = nil
  ) async throws -> Verification {
    var run = Verification()
    guard let site else {
      run.skip("record", "no site was named to look the code up on")
      return run
    }
    guard let record = try await site.read("\(code.folder)/record.json") else {
      if try await site.read("index.html") == nil {
        run.skip("record", "\(site.name) holds no site")
      } else {
        run.fail("record", "the site has no certificate with this code")
        run.isMissing = true
      }
      return run
    }
    try await check(
      record: record, credential: try await site.read("\(code.folder)/credential.json"),
      code: code, fingerprint: fingerprint, host: host, in: &run)
    return run
  }

  /// Runs every step for a saved file: a record, a credential, a page, or a proof of the log.
  ///
  /// - Parameter proof: a saved proof of the log, for checking without the network.
  public func verify(saved bytes: [UInt8], proof: [UInt8]?) async throws -> Verification {
    var run = Verification()
    switch kind(of: bytes) {
    case .record(let record):
      let code = Fingerprint(of: record).code
      let published = try await site?.read("\(code.folder)/record.json")
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
      let record = try await site?.read("\(fingerprint.code.folder)/record.json")
      if let record {
        try await check(
          record: record, credential: credential, code: fingerprint.code, fingerprint: fingerprint,
          host: nil, in: &run)
      } else {
        try await checkAlone(document, fingerprint: fingerprint, proof: proof, in: &run)
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

  // MARK: Steps

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

  /// The steps for a record that is on the site.
  private func check(
    record bytes: [UInt8], credential: [UInt8]?, code: CertificateCode, fingerprint: Fingerprint?,
    host: String?, in run: inout Verification
  ) async throws {
    let hash = Fingerprint(of: bytes)
    guard hash.code == code, fingerprint ?? hash == hash else {
      run.fail("record hash", "the record's hash is \(hash), which is not what was asked for")
      return
    }
    run.pass("record hash", "SHA-256 of the record is \(hash)")
    do {
      run.record = try Record(bytes)
    } catch {
      run.fail("record fields", "\(error)")
      return
    }
    run.pass("record fields", "the fields written anew give the same bytes")
    guard let record = run.record, let directory = try await directory(in: &run) else { return }
    checkHost(host, directory, in: &run)
    let document = checkCredential(credential, record: record, directory, in: &run)
    let index = document.flatMap(Self.logIndex)
    try await checkKey(document, directory, in: &run)
    try await checkLog(hash, index: index, directory, in: &run)
    try await checkStatus(hash, index: index, directory, in: &run)
    checkDates(record.expires, in: &run)
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

  /// The issuer's keys: the pinned one, or those the site lists.
  private func directory(
    in run: inout Verification, issuer: String? = nil
  ) async throws -> KeyDirectory? {
    let published = try await site?.read(ProofFiles.didPath.text)
    do {
      let listed = try published.map { try KeyDirectory($0) }
      if let pinned {
        guard let name = listed?.issuer ?? issuer else {
          run.skip("issuer key", "nothing says whose key the pinned one is")
          return nil
        }
        if let listed, !listed.keys.values.contains(pinned) {
          run.fail("issuer key", "the site does not list the pinned key")
          return nil
        }
        return KeyDirectory(pinned: pinned, issuer: name)
      }
      if let listed { return listed }
      run.skip("issuer key", "did.json is missing, and no key was given with --key")
    } catch {
      run.fail("issuer key", "\(error)")
    }
    return nil
  }

  private func checkHost(_ host: String?, _ directory: KeyDirectory, in run: inout Verification) {
    for asked in [host, site?.host].compactMap({ $0 }) where asked != directory.host {
      run.fail(
        "address", "\(asked) is not the issuer's site: its credentials say \(directory.host)")
      return
    }
  }

  private func checkCredential(
    _ bytes: [UInt8]?, record: Record, _ directory: KeyDirectory, in run: inout Verification
  ) -> JSONValue? {
    guard let bytes else {
      run.skip("signature", "credential.json is missing")
      return nil
    }
    let document: JSONValue
    do {
      document = try JSONParser.parse(bytes)
    } catch {
      run.fail("signature", "credential.json is not JSON: \(error)")
      return nil
    }
    guard CredentialReading(document).agrees(with: record) else {
      run.fail("signature", "the credential says something else than the record")
      return nil
    }
    verifySignature(of: document, directory, in: &run)
    return document
  }

  private func verifySignature(
    of document: JSONValue, _ directory: KeyDirectory, in run: inout Verification
  ) {
    guard document["issuer"]?["id"]?.string == directory.issuer else {
      run.fail("signature", "the credential's issuer is not \(directory.issuer)")
      return
    }
    do {
      try DataIntegrity.verify(document) { directory.keys[$0] }
      run.pass("signature", "\(directory.issuer) signed it")
    } catch {
      run.fail("signature", error.description)
    }
  }

  /// Whether the key was in use when it signed.
  private func checkKey(
    _ document: JSONValue?, _ directory: KeyDirectory, in run: inout Verification
  ) async throws {
    guard let method = document?["proof"]?["verificationMethod"]?.string,
      let created = document?["proof"]?["created"]?.string.map({ $0.prefix(10) }),
      let key = directory.keys[method]
    else { return }
    let days = try await KeyDays.read(site)
    guard let (from, until) = days?[key.multikey] else {
      run.skip("issuer key", "keys.json does not say when the key was in use")
      return
    }
    let span = "from \(from)" + (until.map { " until \($0)" } ?? " until today")
    if let day = CalendarDate(iso: created), day >= from, until.map({ day <= $0 }) ?? true {
      run.pass("issuer key", "\(key.multikey), in use \(span)")
    } else {
      run.fail("issuer key", "the key was in use \(span), and the signature is of \(created)")
    }
  }

  private func checkLog(
    _ fingerprint: Fingerprint, index: Int?, _ directory: KeyDirectory,
    in run: inout Verification
  ) async throws {
    guard let site, let index else {
      run.skip("log", "nothing says where in the log the certificate is")
      return
    }
    do {
      let log = try await LogReader(site, directory: directory)
      let proof = LogProof(
        certificate: fingerprint, index: index, path: try await log.inclusionPath(index: index),
        checkpoint: log.note)
      _ = try proof.verify(log.verifiers)
      run.pass("log", "it is entry \(index) of \(log.checkpoint.size) in \(log.checkpoint.origin)")
      try await checkConsistency(log, in: &run)
    } catch let failure as NoteFailure {
      run.fail("log", failure.description)
    }
  }

  private func checkConsistency(_ log: LogReader, in run: inout Verification) async throws {
    guard let earlier else { return }
    do {
      let old = try Checkpoint(text: try SignedNote(earlier).open(log.verifiers))
      guard old.origin == log.checkpoint.origin else {
        run.fail("consistency", "the saved checkpoint is that of another log, \(old.origin)")
        return
      }
      guard old.size <= log.checkpoint.size else {
        run.fail("consistency", "the log has shrunk: it had \(old.size) entries")
        return
      }
      let proof = try await log.consistencyProof(from: old.size)
      let isConsistent = MerkleTree.isConsistent(
        oldSize: old.size, oldRoot: old.root, newSize: log.checkpoint.size,
        newRoot: log.checkpoint.root, proof: proof)
      if isConsistent {
        run.pass("consistency", "the log only grew since it had \(old.size) entries")
      } else {
        run.fail("consistency", "the log was rewritten since it had \(old.size) entries")
      }
    } catch let failure as NoteFailure {
      run.fail("consistency", failure.description)
    }
  }

  private func checkStatus(
    _ fingerprint: Fingerprint, index: Int?, _ directory: KeyDirectory,
    in run: inout Verification
  ) async throws {
    guard let site, let index else {
      run.skip("status", "nothing says where in the status lists the certificate is")
      return
    }
    let lists = StatusReading(site: site, directory: directory, today: today)
    for purpose in StatusList.Purpose.allCases {
      switch try await lists.bit(index, purpose) {
      case .success(false): run.pass("status", "no \(purpose.rawValue) in the signed list")
      case .success(true):
        run.state(
          "status", purpose == .revocation ? .revoked : .suspended,
          "the signed \(purpose.rawValue) list names it")
      case .failure(let reason):
        if reason.isForgery {
          run.fail("status", reason.text)
        } else {
          run.skip("status", reason.text)
        }
      }
    }
    let page = try await site.read("\(fingerprint.code.folder)/index.html")
    switch page.flatMap({ SavedPage($0) })?.status {
    case "superseded": run.state("status", .superseded, "the page names a successor")
    case .some: break
    case nil: run.skip("status", "the certificate's page is missing or states no status")
    }
  }

  private func checkDates(_ expires: String, in run: inout Verification) {
    guard let day = CalendarDate(iso: expires) else {
      run.skip("dates", "it states no day on which it expires")
      return
    }
    if day >= today {
      run.pass("dates", "it is valid until \(day), and today is \(today)")
    } else {
      run.state("dates", .expired, "it expired on \(day)")
    }
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

  // MARK: Credentials

  /// The fingerprint in a credential's `relatedResource`.
  static func fingerprint(in document: JSONValue) -> Fingerprint? {
    guard let digest = document["relatedResource"]?.array?.first?["digestSRI"]?.string,
      digest.hasPrefix("sha256-"), let bytes = Data(base64Encoded: String(digest.dropFirst(7))),
      let hash = Digest(bytes: bytes)
    else { return nil }
    return Fingerprint(hex: hash.description)
  }

  /// The position in the log that a credential's status entries name.
  static func logIndex(_ document: JSONValue) -> Int? {
    guard let entry = document["credentialStatus"]?.array?.first,
      let bit = entry["statusListIndex"]?.string.flatMap({ Int($0) }), bit >= 0,
      let list = entry["statusListCredential"]?.string?.split(separator: "/").last,
      let number = Int(list), (0..<1 << 20).contains(number), bit < StatusList.length
    else { return nil }
    return number * StatusList.length + bit
  }
}
