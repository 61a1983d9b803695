import Foundation
public import Input
import Layout
public import Proof

/// Checks a certificate step by step, as a buyer's technician would.
///
/// A step whose file does not come could not run; all others run nevertheless, since bad news stands
/// (`Verification.verdict`). The browser's twin is `certificate.js/steps.js` in `templates/assets/`, whose
/// steps have the same names: `fields`, `signature`, `log`, `status` and `dates`.
public struct CertificateVerifier: Sendable {
  /// The site, where there is one to ask.
  let site: PublishedSite?
  /// Public keys that the user brought along and trusts more than the site.
  let named: [PublicKey]
  /// A checkpoint that the user saved earlier.
  let earlier: [UInt8]?
  /// Whose cosignatures the log's checkpoint must have; nil for nobody's.
  let policy: WitnessPolicy?
  /// Whether the keys must be those in the DNS.
  let asksDNS: Bool
  /// The day by which validity is decided.
  let today: CalendarDate

  public init(
    site: PublishedSite?, named: [PublicKey], earlier: [UInt8]?, policy: WitnessPolicy? = nil,
    asksDNS: Bool = false, today: CalendarDate
  ) {
    self.site = site
    self.named = named
    self.earlier = earlier
    self.policy = policy
    self.asksDNS = asksDNS
    self.today = today
  }

  /// Runs every step for a code, a fingerprint or an address.
  ///
  /// - Parameter host: the host at which the page was found, where the user named one.
  public func verify(
    _ code: CertificateCode, fingerprint: Fingerprint? = nil, host: String? = nil
  ) async -> Verification {
    var run = Verification()
    guard let site else {
      run.skip("record", "no site was named to look the code up on", .missing)
      return run
    }
    let files = await files(of: code, on: site)
    if let record = await record(files, site, in: &run) {
      await check(
        record: record, files: files, credential: files.credential, code: code,
        fingerprint: fingerprint, host: host, in: &run)
    } else if let page = files.savedPage {
      // Without its record nothing of it is proved, but what its page says against it stands.
      let keys = await keys(in: &run)
      checkHost(host, keys, in: &run)
      await checkStatus(page.logIndex, page: files.page, keys, in: &run)
      run.checkDates(issued: nil, expires: page.expires, today: today)
    }
    return run
  }

  // MARK: Files

  /// A file of the site, as far as it could be had.
  enum Fetched {
    case bytes([UInt8])
    case missing
    /// In the words of the host or the disk.
    case failed(String)

    var bytes: [UInt8]? {
      if case .bytes(let bytes) = self { bytes } else { nil }
    }
  }

  /// What a site has of one certificate.
  struct Files {
    let record: Fetched
    let credential: Fetched
    let page: Fetched

    var savedPage: CertificatePageMetadata? { page.bytes.flatMap { CertificatePageMetadata($0) } }

    /// The record as the site has it: a file, or a part of the page.
    var publishedRecord: [UInt8]? { record.bytes ?? savedPage?.record }
  }

  func files(of code: CertificateCode, on site: PublishedSite) async -> Files {
    Files(
      record: await Self.fetch("\(code.folder)/record.json", site),
      credential: await Self.fetch("\(code.folder)/credential.json", site),
      page: await Self.fetch("\(code.folder)/index.html", site))
  }

  static func fetch(_ path: String, _ site: PublishedSite) async -> Fetched {
    do {
      return try await site.read(path).map { .bytes($0) } ?? .missing
    } catch {
      return .failed("\(error)")
    }
  }

  /// The record of a certificate; nil, with a step that tells why, where there is none.
  func record(
    _ files: Files, _ site: PublishedSite, in run: inout Verification
  ) async -> [UInt8]? {
    if let record = files.publishedRecord { return record }
    if isErased(files, in: &run) { return nil }
    switch files.record {
    case .failed(let reason): run.skip("record", reason, .connection)
    case .bytes: break
    case .missing where files.savedPage.map(statesBadNews) ?? false:
      run.skip("record", "the certificate's record.json is missing", .missing)
    case .missing where files.savedPage != nil:
      run.fail("record", "the site has a page for this code, and no record")
      run.isMissing = true
    case .missing:
      switch await Self.fetch("index.html", site) {
      case .failed(let reason): run.skip("record", reason, .connection)
      case .missing: run.skip("record", "\(site.name) holds no site", .missing)
      case .bytes:
        run.fail("record", "the site has no certificate with this code")
        run.isMissing = true
      }
    }
    return nil
  }

  private func statesBadNews(_ page: CertificatePageMetadata) -> Bool {
    page.status != "valid" || page.expires.map { $0 < today } ?? false
  }

  /// Whether the site says that a certificate was erased, which is then all that can be known of it.
  func isErased(_ files: Files, in run: inout Verification) -> Bool {
    guard let page = files.page.bytes, ErasedPage.isOne(page) else { return false }
    run.skip(
      "record",
      "the site says that it was issued, and that its data was erased at the holder's request",
      .missing)
    run.isErased = true
    return true
  }

  // MARK: Steps

  /// The steps for a record that is on the site.
  ///
  /// - Parameters:
  ///   - credential: the site's own, or one that somebody saved.
  ///   - file: what `credential` is to be: somebody may have saved a badge.
  func check(
    record bytes: [UInt8], files: Files, credential: Fetched, _ file: SignedFile = .credential,
    code: CertificateCode, fingerprint: Fingerprint?, host: String?, in run: inout Verification
  ) async {
    let hash = Fingerprint(of: bytes)
    guard hash.code == code, fingerprint ?? hash == hash else {
      run.fail("fields", "the record's hash is \(hash), which is not what was asked for")
      return
    }
    run.pass("fields", "SHA-256 of the record is \(hash)")
    let record: Record
    do {
      record = try Record(bytes)
    } catch {
      run.fail("fields", "\(error)")
      return
    }
    run.record = record
    run.pass("fields", "the fields written anew give the same bytes")
    let page = files.savedPage
    let keys = await keys(in: &run)
    checkHost(host, keys, in: &run)
    var index = page?.logIndex
    if case .missing = credential, let page, page.isSignedByLogAlone {
      await checkLog(hash, index: index, keys, in: &run)
      checkSignatureByLog(keys, in: &run)
    } else {
      let document = await checkCredential(
        credential, file, of: record, own: files.credential, keys, in: &run)
      index = document.flatMap(Self.logIndex) ?? index
      await checkLog(hash, index: index, keys, in: &run)
    }
    await checkStatus(index, page: files.page, keys, in: &run)
    run.checkDates(
      issued: CalendarDate(iso: record.issued), expires: CalendarDate(iso: record.expires),
      today: today)
  }

  /// The issuer's keys as the site lists them; nil, with a step that tells why, where they are not
  /// to be had.
  func keys(in run: inout Verification) async -> TrustedKeys? {
    guard let site else { return nil }
    switch await Self.fetch(SingleFile.didDocument.path.text, site) {
    case .failed(let reason): run.skip("signature", reason, .connection)
    case .missing: run.skip("signature", "did.json is missing", .missing)
    case .bytes(let bytes):
      do {
        let keys = try TrustedKeys(try KeyDirectory(bytes), named: named)
        run.officialHost = keys.directory.officialHost
        await compareDNS(keys.directory, site, in: &run)
        return keys
      } catch {
        run.fail("signature", "\(error)")
      }
    }
    return nil
  }

  /// Compares the site's keys with those in the DNS, if the user asked for that.
  private func compareDNS(
    _ directory: KeyDirectory, _ site: PublishedSite, in run: inout Verification
  ) async {
    guard asksDNS else { return }
    do {
      guard let keys = try await IssuerKeys.read(site, origin: directory.logOrigin) else {
        throw NoteFailure(missing: SingleFile.keys.path.text)
      }
      switch KeyRecordCheck.run(keys, host: directory.host) {
      case .same(let reason): run.pass("dns", reason)
      case .differs(let reason): run.fail("dns", reason)
      case .notRun(let reason): run.skip("dns", reason, .connection)
      }
    } catch {
      run.skip("dns", "\(error)", .missing)
    }
  }

  private func checkHost(
    _ host: String?, _ keys: TrustedKeys?, in run: inout Verification
  ) {
    guard let official = keys?.directory.officialHost else { return }
    for asked in [host, site?.host].compactMap({ $0 }) where asked != official {
      run.fail(
        "address", "\(asked) is not the issuer's site: the official address is \(official)")
      run.isCopy = true
      run.isPreview = isLoopback(asked)
      return
    }
  }

  /// For a site without credentials: the log's checkpoint is what the institution signed.
  private func checkSignatureByLog(_ keys: TrustedKeys?, in run: inout Verification) {
    if run.steps.last?.result != .passed {
      run.skip("signature", "this site signs the log's checkpoint alone", .missing)
    } else if keys?.countsLogAlone ?? false {
      run.pass("signature", "the log's checkpoint is signed and covers it")
    } else {
      run.skip(
        "signature", "this site signs the log's checkpoint alone: name the log's key too", .key)
    }
  }

  private func checkLog(
    _ fingerprint: Fingerprint, index: Int?, _ keys: TrustedKeys?, in run: inout Verification
  ) async {
    guard let site, let index, let keys else {
      run.skip(
        "log", keys == nil ? "no key is known" : "nothing says where in the log it is", .missing)
      return
    }
    do {
      let log = try await LogReader(site, directory: keys.directory)
      let proof = LogProof(
        certificate: fingerprint, index: index, path: try await log.inclusionPath(index: index),
        checkpoint: log.note)
      _ = try proof.verify(log.verifiers)
      run.pass("log", "it is entry \(index) of \(log.checkpoint.size) in \(log.checkpoint.origin)")
      checkWitnesses(of: log.note, by: log.verifiers, in: &run)
      guard let earlier else { return }
      switch try await log.consistency(with: earlier) {
      case .success(let text): run.pass("consistency", text)
      case .failure(let failure): run.fail("consistency", failure.description)
      }
    } catch let failure as NoteFailure where !failure.isMissing {
      run.fail("log", failure.description)
    } catch {
      run.skip("log", "\(error)", error is NoteFailure ? .missing : .connection)
    }
  }

  /// Holds a checkpoint against the policy, where there is one.
  ///
  /// - Parameter logs: who may have signed it.
  func checkWitnesses(of note: [UInt8], by logs: [NoteVerifier], in run: inout Verification) {
    guard let policy else { return }
    do {
      let note = try SignedNote(note)
      guard let log = logs.first(where: note.names) else {
        throw NoteFailure("no known key signed the checkpoint")
      }
      let report = try WitnessReport(note, by: log, policy: policy, today: today)
      if report.hasQuorum {
        run.pass("witnesses", report.sentence)
      } else {
        run.skip("witnesses", report.sentence, .witnesses)
      }
    } catch {
      run.fail("witnesses", "\(error)")
    }
  }

  private func checkStatus(
    _ index: Int?, page: Fetched, _ keys: TrustedKeys?, in run: inout Verification
  ) async {
    let reader = site.flatMap { site in
      keys.map { StatusListReader(site: site, keys: $0, today: today) }
    }
    let stated: String?
    if case .failed(let reason) = page {
      run.skip("status", reason, .connection)
      stated = nil
    } else {
      stated = page.bytes.flatMap { CertificatePageMetadata($0) }?.status
    }
    await run.checkStatus(
      stated: stated,
      lists: { purpose in
        guard let reader, let index else {
          return .notRun(.missing, "nothing says where in the \(purpose.rawValue) list it is")
        }
        return await reader.bit(index, purpose)
      }, today: today)
  }
}
