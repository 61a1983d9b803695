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

  /// Runs every step for a code, a fingerprint or an address.
  public func verify(
    _ code: CertificateCode, fingerprint: Fingerprint? = nil, host: String? = nil
  ) async throws -> Verification {
    var run = Verification()
    guard let site else {
      run.skip("record", "no site was named to look the code up on")
      return run
    }
    guard let record = try await publishedRecord(code) else {
      if try await site.read("index.html") == nil {
        run.skip("record", "\(site.name) holds no site")
      } else if try await !isErased(code, in: &run) {
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

  /// The record of a certificate as the site has it: a file, or a part of the page.
  func publishedRecord(_ code: CertificateCode) async throws -> [UInt8]? {
    if let record = try await site?.read("\(code.folder)/record.json") { return record }
    return try await publishedPage(code)?.record
  }

  private func publishedPage(_ code: CertificateCode) async throws -> SavedPage? {
    try await site?.read("\(code.folder)/index.html").flatMap { SavedPage($0) }
  }

  // MARK: Steps

  /// The steps for a record that is on the site.
  func check(
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
    let index: Int?
    if credential == nil, let page = try await publishedPage(code), page.isSignedByLogAlone {
      index = page.logIndex
      try await checkLog(hash, index: index, directory, in: &run)
      if run.steps.last?.result == .passed {
        run.pass("signature", "the log's checkpoint is signed and covers it")
      } else {
        run.skip("signature", "this site signs the log's checkpoint alone")
      }
    } else {
      let document = checkCredential(credential, record: record, directory, in: &run)
      index = document.flatMap(Self.logIndex)
      try await checkKey(document, directory, in: &run)
      try await checkLog(hash, index: index, directory, in: &run)
    }
    try await checkStatus(hash, index: index, directory, in: &run)
    checkDates(record.expires, in: &run)
  }

  /// The issuer's keys: the pinned one, or those the site lists.
  func directory(
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

  func verifySignature(
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
      if failure.isMissing {
        run.skip("log", failure.description)
      } else {
        run.fail("log", failure.description)
      }
    }
  }

  private func checkConsistency(_ log: LogReader, in run: inout Verification) async throws {
    guard let earlier else { return }
    switch try await log.consistency(with: earlier) {
    case .success(let text): run.pass("consistency", text)
    case .failure(let failure): run.fail("consistency", failure.description)
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
    let lists = StatusReading(
      site: site, directory: directory, days: try await KeyDays.read(site) ?? [:], today: today)
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
    case "revoked" where !run.states.contains(.revoked),
      "suspended" where !run.states.contains(.suspended):
      run.fail("status", "the page says another status than the signed lists")
    case .some: break
    case nil: run.skip("status", "the certificate's page is missing or states no status")
    }
  }

  func checkDates(_ expires: String, in run: inout Verification) {
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
