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
/// JSON, so what is signed is cut out of what is written. What all credentials share is put into
/// bytes once.
public struct CredentialFormat: Sendable {
  private let addresses: CredentialAddresses
  private let key: SigningKey
  /// First day of the key; a proof is not dated before it.
  private let keyFrom: CalendarDate
  private let site: [UInt8]
  private let start: [UInt8]
  /// By purpose: the list's address without its number, and what follows the index.
  private let statuses: [(list: [UInt8], end: [UInt8])]
  /// `,"scheme":{"code":…,"title":…,"units":…},"type":…` by scheme and edition.
  private let schemes: [[[UInt8]]]
  /// Licence and name as JSON strings, by edition.
  private let issuers: [(licence: [UInt8], name: [UInt8])]
  private let issuerStart: [UInt8]
  private let optionsStart: [UInt8]
  private let optionsMiddle: [UInt8]
  private let optionsEnd: [UInt8]

  public init(
    registry: Registry, addresses: CredentialAddresses, key: SigningKey, history: KeyHistory
  ) {
    self.addresses = addresses
    self.key = key
    keyFrom = history.current?.from ?? .distantPast
    site = Array(addresses.site.utf8)
    let context = #"["https://www.w3.org/ns/credentials/v2","\#(addresses.context)"]"#
    start = Array(#"{"@context":\#(context),"credentialStatus":["#.utf8)
    statuses = StatusList.Purpose.allCases.map { purpose in
      (
        Array("\(addresses.site)/status/\(purpose.rawValue)/".utf8),
        Array(
          #"","statusPurpose":"\#(purpose.rawValue)","type":"BitstringStatusListEntry"}"#.utf8)
      )
    }
    schemes = registry.schemes.map { scheme in
      scheme.editions.all.map { edition in
        Array(#","scheme":"#.utf8)
          + CanonicalJSON.encode(RecordFormat.json(scheme.code, edition.value))
          + Array(#","type":"CompetencyCertificate"},"name":"#.utf8)
      }
    }
    issuers = registry.issuer.all.map { edition in
      (
        CanonicalJSON.encode(.string(edition.value.licence)),
        CanonicalJSON.encode(.string(edition.value.name))
      )
    }
    issuerStart = Array(#"/credential.json","issuer":{"id":"\#(addresses.issuer)","name":"#.utf8)
    let method = key.publicKey.map(addresses.key) ?? ""
    optionsStart = Array(#"{"@context":\#(context),"created":""#.utf8)
    optionsMiddle = Array(
      #"","cryptosuite":"eddsa-jcs-2022","proofPurpose":"assertionMethod","#.utf8)
    optionsEnd = Array(#""type":"DataIntegrityProof","verificationMethod":"\#(method)"}"#.utf8)
  }

  /// Changes whenever a credential would be written or signed otherwise, its certificate being the
  /// same.
  package var context: Digest {
    var hash = Digest.Hash()
    let parts =
      [start, issuerStart, optionsStart, optionsMiddle, optionsEnd, keyFrom.isoBytes]
      + statuses.flatMap { [$0.list, $0.end] } + schemes.joined()
      + issuers.flatMap { [$0.licence, $0.name] }
      + [Array(addresses.site.utf8), Array(addresses.offset.utf8)]
    for part in parts {
      hash.add(Array("\(part.count):".utf8))
      hash.add(part)
    }
    return hash.digest
  }

  /// The credential's bytes.
  ///
  /// - Parameter index: the certificate's position in the log.
  public func bytes(
    of certificate: Certificate, fingerprint: Fingerprint, index: Int
  ) throws -> [UInt8] {
    let folder = fingerprint.code.folderBytes
    var bytes: [UInt8] = []
    bytes.reserveCapacity(3072)
    appendBefore(certificate, folder: folder, index: index, to: &bytes)
    var after: [UInt8] = []
    after.reserveCapacity(512)
    appendAfter(certificate, fingerprint, folder: folder, to: &after)
    let options =
      optionsStart + addresses.start(of: max(certificate.issued, keyFrom)).utf8 + optionsMiddle
    let document = Digest(prefix: bytes, hashing: after)
    let hashes = Digest(prefix: options, hashing: optionsEnd)
    let signature = try key.sign(hashes.bytes + document.bytes)
    bytes += #""proof":"#.utf8
    bytes += options
    bytes += #""proofValue":"z"#.utf8
    bytes += Base58.encode(signature).utf8
    bytes += #"","#.utf8
    bytes += optionsEnd
    bytes.append(UInt8(ascii: ","))
    bytes += after
    return bytes
  }

  /// What stands before the proof, in the order of RFC 8785.
  private func appendBefore(
    _ certificate: Certificate, folder: [UInt8], index: Int, to bytes: inout [UInt8]
  ) {
    bytes += start
    let list = String(index / StatusList.length).utf8
    let bit = String(index % StatusList.length).utf8
    for (position, status) in statuses.enumerated() {
      if position > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes += #"{"id":""#.utf8
      bytes += status.list
      bytes += list
      bytes.append(UInt8(ascii: "#"))
      bytes += bit
      bytes += #"","statusListCredential":""#.utf8
      bytes += status.list
      bytes += list
      bytes += #"","statusListIndex":""#.utf8
      bytes += bit
      bytes += status.end
    }
    bytes += #"],"credentialSubject":{"certificate":{"expires":""#.utf8
    bytes += certificate.expires.isoBytes
    bytes += #"","issued":""#.utf8
    bytes += certificate.issued.isoBytes
    bytes += #"","licence":"#.utf8
    bytes += issuers[certificate.issuerEdition].licence
    bytes += #","number":"#.utf8
    CanonicalJSON.appendString(certificate.number.bytes, to: &bytes)
    if let registration = certificate.registration {
      bytes += #","registration":"#.utf8
      CanonicalJSON.appendString(registration.bytes, to: &bytes)
    }
    if certificate.revision >= 2 { bytes += #","revision":\#(certificate.revision)"#.utf8 }
    bytes += schemes[certificate.scheme][certificate.schemeEdition]
    CanonicalJSON.appendString(certificate.holder.bytes, to: &bytes)
    bytes += #","type":"Person"},"id":""#.utf8
    appendAddress(folder, to: &bytes)
    bytes += issuerStart
    bytes += issuers[certificate.issuerEdition].name
    bytes += "},".utf8
  }

  /// What stands behind the proof.
  private func appendAfter(
    _ certificate: Certificate, _ fingerprint: Fingerprint, folder: [UInt8],
    to bytes: inout [UInt8]
  ) {
    bytes += #""relatedResource":[{"digestSRI":"sha256-"#.utf8
    bytes += fingerprint.base64
    bytes += #"","id":""#.utf8
    appendAddress(folder, to: &bytes)
    bytes += #"/record.json","mediaType":"application/json"}],"#.utf8
    bytes += #""type":["VerifiableCredential","CompetencyCredential"],"validFrom":""#.utf8
    bytes += addresses.start(of: certificate.issued).utf8
    bytes += #"","validUntil":""#.utf8
    bytes += addresses.end(of: certificate.expires).utf8
    bytes += #""}"#.utf8
  }

  private func appendAddress(_ folder: [UInt8], to bytes: inout [UInt8]) {
    bytes += site
    bytes.append(UInt8(ascii: "/"))
    bytes += folder
  }
}
