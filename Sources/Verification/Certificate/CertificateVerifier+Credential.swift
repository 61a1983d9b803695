import Diagnostics
import Foundation
import Input
import Proof

/// The signature of a credential. The browser's twin is `certificate.js/credential.js`.
extension CertificateVerifier {
  /// Holds a credential against the record that it was made from, and checks who signed it and when.
  ///
  /// - Parameters:
  ///   - file: what `credential` is to be.
  ///   - own: the site's own credential, which must be signed by a named key where the one that
  ///     somebody saved was signed by a key of another time.
  /// - Returns: the credential, if it could be read and says what the record says.
  func checkCredential(
    _ credential: Fetched, _ file: SignedFile, of record: Record, own: Fetched,
    _ keys: TrustedKeys?,
    in run: inout Verification
  ) async -> JSONValue? {
    let bytes: [UInt8]
    switch credential {
    case .bytes(let found): bytes = found
    case .missing:
      run.skip("signature", "credential.json is missing", .missing)
      return nil
    case .failed(let reason):
      run.skip("signature", reason, .connection)
      return nil
    }
    guard let keys else {
      run.skip("signature", "no key is known that it could be checked with", .missing)
      return nil
    }
    do {
      let signed = try await Signed(bytes, file, of: record, keys.directory)
      if keys.counts(signed.key) {
        run.pass("signature", "\(keys.directory.issuer) signed it")
      } else if let own = own.bytes, own != bytes,
        keys.counts(try await Signed(own, of: record, keys.directory).key)
      {
        run.pass("signature", "the site's own credential is signed by the key that was named")
      } else {
        run.skip("signature", "\(signed.key.multikey) signed it, which was not named", .key)
      }
      await checkDays(of: signed, record, keys, in: &run)
      return signed.document
    } catch {
      run.fail("signature", "\(error)")
      return nil
    }
  }

  /// The two signed files of a certificate.
  enum SignedFile: String {
    case credential = "credential.json"
    case badge = "badge.json"

    /// What a document says that it is.
    init(_ document: JSONValue) { self = document.isBadge ? .badge : .credential }

    var word: String { self == .badge ? "badge" : "credential" }
    var cryptosuite: DataIntegrity.Cryptosuite { self == .badge ? .rdfc : .jcs }

    /// Whether a document says what follows from a record, and nothing else.
    func isThat(
      of record: Record, _ document: JSONValue, host: String
    ) -> CredentialAddresses? {
      guard let index = CertificateVerifier.logIndex(document),
        let addresses = CredentialAddresses(of: document, host: host)
      else { return nil }
      let expected =
        self == .badge
        ? record.badge(index: index, as: document, addresses: addresses)
        : record.credential(index: index, addresses: addresses)
      return expected.map(document.withoutProof.isSame) ?? false ? addresses : nil
    }
  }

  /// A credential or badge that agrees with its record in every member, and that one of the issuer's
  /// keys signed.
  struct Signed {
    let document: JSONValue
    let key: PublicKey
    let addresses: CredentialAddresses
    /// `created` of its proof.
    let created: String

    /// - Throws: `NoteFailure` or what its parts throw, in words.
    init(
      _ bytes: [UInt8], _ file: SignedFile = .credential, of record: Record,
      _ directory: KeyDirectory
    ) async throws {
      let document: JSONValue
      do {
        document = try JSONParser.parse(bytes)
      } catch {
        throw NoteFailure("\(file.rawValue) is not JSON: \(error)")
      }
      guard let addresses = file.isThat(of: record, document, host: directory.host) else {
        throw NoteFailure("the \(file.word) says something else than its record, or more")
      }
      key = try DataIntegrity.verify(document, file.cryptosuite) { directory.keys[$0] }
      self.document = document
      self.addresses = addresses
      created = document.proof?["created"]?.string ?? ""
    }

    /// Why the key cannot have signed it then; nil where it can. A credential is signed on the day of
    /// issue, or on the first day of a key that came later.
    func objection(to record: Record, _ history: KeyHistory) -> String? {
      guard let entry = history.days(of: key), let issued = CalendarDate(iso: record.issued) else {
        return "keys.json does not know the key \(key.multikey)"
      }
      let day = max(issued, entry.from)
      let isInItsTime = entry.until.map { day <= $0 } ?? true
      if created == addresses.start(of: day), isInItsTime { return nil }
      let span = "from \(entry.from)" + (entry.until.map { " until \($0)" } ?? " until today")
      return "the key was in use \(span), and the signature is of \(created)"
    }
  }

  /// Whether the key was in use when it signed.
  private func checkDays(
    of signed: Signed, _ record: Record, _ keys: TrustedKeys, in run: inout Verification
  ) async {
    guard let site else { return }
    let listed: IssuerKeys?
    do {
      listed = try await IssuerKeys.read(site, origin: keys.directory.logOrigin)
    } catch let failure as MachineFailure {
      run.skip("signature", failure.description, .connection)
      return
    } catch {
      run.fail("signature", "\(error)")
      return
    }
    guard let listed else {
      run.skip("signature", "keys.json is missing, which says when the key was in use", .missing)
      return
    }
    if let objection = signed.objection(to: record, listed.history) {
      run.fail("signature", objection)
    } else {
      run.pass("signature", "\(signed.key.multikey), in its time by keys.json")
    }
  }

  // MARK: What a credential names

  /// The fingerprint in a credential's `relatedResource`.
  static func fingerprint(in document: JSONValue) -> Fingerprint? {
    guard let digest = document["relatedResource"]?.array?.first?["digestSRI"]?.string,
      digest.hasPrefix("sha256-"), let bytes = Data(base64Encoded: String(digest.dropFirst(7))),
      let hash = Digest(bytes: bytes)
    else { return nil }
    return Fingerprint(hex: hash.description)
  }

  /// The position in the log that the status entries of a credential or badge name.
  static func logIndex(_ document: JSONValue) -> Int? {
    let status = document["credentialStatus"]
    guard let entry = status?.array?.first ?? status,
      let bit = entry["statusListIndex"]?.string.flatMap({ Int($0) }),
      let list = entry["statusListCredential"]?.string?.split(separator: "/").last,
      let number = Int(list), (0...Checkpoint.largestSize / StatusList.length).contains(number),
      (0..<StatusList.length).contains(bit)
    else { return nil }
    return number * StatusList.length + bit
  }
}
