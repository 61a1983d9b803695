import Input
public import Registry

/// Where the parts of a credential are published.
public struct CredentialAddresses: Sendable {
  /// The site's address, without a slash at its end.
  public let site: String
  /// As in `did:web:verify.example.org`.
  public let issuer: String
  /// The offset of the institution's time zone, as in `+07:00`.
  public let offset: String

  /// - Parameter host: the official domain, with its port if there is one.
  public init(site: String, host: String, offset: String) {
    self.site = site
    // did:web writes the colon of a port as %3A.
    issuer = "did:web:" + host.split(separator: ":").joined(separator: "%3A")
    self.offset = offset
  }

  var context: String { "\(site)/contexts/certificate-v1.jsonld" }

  func statusList(_ purpose: StatusList.Purpose, _ list: Int) -> String {
    "\(site)/status/\(purpose.rawValue)/\(list)"
  }

  func key(_ key: PublicKey) -> String { "\(issuer)#\(key.multikey)" }

  /// The first moment of a day where the institution is.
  func start(of day: CalendarDate) -> String { "\(day)T00:00:00\(offset)" }

  /// The last second of a day where the institution is.
  func end(of day: CalendarDate) -> String { "\(day)T23:59:59\(offset)" }
}

/// Writes a certificate as a W3C Verifiable Credential 2.0, secured by `eddsa-jcs-2022`.
///
/// A credential is derived: made anew from the record with today's key. Its bytes are canonical
/// JSON, so what is signed is cut out of what is written.
public struct CredentialFormat: Sendable {
  private let addresses: CredentialAddresses
  private let key: SigningKey
  private let method: String
  /// First day of the key; a proof is not dated before it.
  private let keyFrom: CalendarDate
  /// `{"code":…,"title":…,"units":…}` by scheme and edition.
  private let schemes: [[[UInt8]]]
  private let issuers: [Issuer]

  public init(
    registry: Registry, addresses: CredentialAddresses, key: SigningKey, history: KeyHistory
  ) {
    self.addresses = addresses
    self.key = key
    method = key.publicKey.map(addresses.key) ?? ""
    keyFrom = history.current?.from ?? .distantPast
    schemes = registry.schemes.map { scheme in
      scheme.editions.all.map {
        CanonicalJSON.encode(RecordFormat.json(scheme.code, $0.value))
      }
    }
    issuers = registry.issuer.all.map(\.value)
  }

  /// The credential's bytes.
  ///
  /// - Parameter index: the certificate's position in the log.
  public func bytes(
    of certificate: Certificate, fingerprint: Fingerprint, index: Int
  ) throws -> [UInt8] {
    let before = before(certificate, fingerprint: fingerprint, index: index)
    let after = after(certificate, fingerprint: fingerprint)
    let options = options(certificate)
    let document = Digest(prefix: before, hashing: after)
    let hashes = Digest(prefix: options.start, hashing: options.end)
    let signature = try key.sign(hashes.bytes + document.bytes)
    let value = #""proofValue":"z\#(Base58.encode(signature))","#
    return before + #""proof":"#.utf8 + options.start + value.utf8 + options.end + ",".utf8 + after
  }

  /// What stands before the proof, in the order of RFC 8785.
  private func before(
    _ certificate: Certificate, fingerprint: Fingerprint, index: Int
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(1600)
    bytes += #"{"@context":\#(context),"credentialStatus":["#.utf8
    for (position, purpose) in StatusList.Purpose.allCases.enumerated() {
      let list = addresses.statusList(purpose, index / StatusList.length)
      let bit = index % StatusList.length
      if position > 0 { bytes += ",".utf8 }
      bytes += #"{"id":"\#(list)#\#(bit)","statusListCredential":"\#(list)","#.utf8
      bytes += #""statusListIndex":"\#(bit)","statusPurpose":"\#(purpose.rawValue)","#.utf8
      bytes += #""type":"BitstringStatusListEntry"}"#.utf8
    }
    bytes += #"],"credentialSubject":{"certificate":{"expires":""#.utf8
    bytes += certificate.expires.isoBytes
    bytes += #"","issued":""#.utf8
    bytes += certificate.issued.isoBytes
    bytes += #"","licence":"#.utf8
    let issuer = issuers[certificate.issuerEdition]
    CanonicalJSON.appendString(issuer.licence.utf8, to: &bytes)
    bytes += #","number":"#.utf8
    CanonicalJSON.appendString(certificate.number.bytes, to: &bytes)
    if let registration = certificate.registration {
      bytes += #","registration":"#.utf8
      CanonicalJSON.appendString(registration.bytes, to: &bytes)
    }
    if certificate.revision >= 2 { bytes += #","revision":\#(certificate.revision)"#.utf8 }
    bytes += #","scheme":"#.utf8
    bytes += schemes[certificate.scheme][certificate.schemeEdition]
    bytes += #","type":"CompetencyCertificate"},"name":"#.utf8
    CanonicalJSON.appendString(certificate.holder.bytes, to: &bytes)
    bytes += #","type":"Person"},"id":"\#(address(fingerprint))/credential.json","#.utf8
    bytes += #""issuer":{"id":"\#(addresses.issuer)","name":"#.utf8
    CanonicalJSON.appendString(issuer.name.utf8, to: &bytes)
    bytes += "},".utf8
    return bytes
  }

  /// What stands behind the proof.
  private func after(_ certificate: Certificate, fingerprint: Fingerprint) -> [UInt8] {
    let digest = String(decoding: fingerprint.base64, as: UTF8.self)
    var text = #""relatedResource":[{"digestSRI":"sha256-\#(digest)","#
    text += #""id":"\#(address(fingerprint))/record.json","mediaType":"application/json"}],"#
    text += #""type":["VerifiableCredential","CompetencyCredential"],"#
    text += #""validFrom":"\#(addresses.start(of: certificate.issued))","#
    text += #""validUntil":"\#(addresses.end(of: certificate.expires))"}"#
    return Array(text.utf8)
  }

  /// The proof around its value.
  private func options(_ certificate: Certificate) -> (start: [UInt8], end: [UInt8]) {
    let created = addresses.start(of: max(certificate.issued, keyFrom))
    let start =
      #"{"@context":\#(context),"created":"\#(created)","cryptosuite":"eddsa-jcs-2022","#
      + #""proofPurpose":"assertionMethod","#
    let end = #""type":"DataIntegrityProof","verificationMethod":"\#(method)"}"#
    return (Array(start.utf8), Array(end.utf8))
  }

  private var context: String {
    #"["https://www.w3.org/ns/credentials/v2","\#(addresses.context)"]"#
  }

  private func address(_ fingerprint: Fingerprint) -> String {
    "\(addresses.site)/\(fingerprint.code.folder)"
  }
}
