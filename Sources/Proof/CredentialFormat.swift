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
  func start(of day: CalendarDate) -> String { "\(day)\(dayStart)" }

  /// The last second of a day where the institution is.
  func end(of day: CalendarDate) -> String { "\(day)\(dayEnd)" }

  /// What follows a date for the first moment of its day, and for its last second.
  var dayStart: String { "T00:00:00\(offset)" }
  var dayEnd: String { "T23:59:59\(offset)" }
}

/// Writes a certificate as a W3C Verifiable Credential 2.0, secured by `eddsa-jcs-2022`.
///
/// A credential is derived: made anew from the record with today's key. Its bytes are canonical
/// JSON, so what is signed is cut out of what is written. What all credentials share is put into
/// bytes once.
public struct CredentialFormat: Sendable {
  private let key: SigningKey
  /// First day of the key; a proof is not dated before it.
  private let keyFrom: CalendarDate
  private let site: [UInt8]
  private let dayStart: [UInt8]
  private let dayEnd: [UInt8]
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
    self.key = key
    keyFrom = history.current?.from ?? .distantPast
    site = Array(addresses.site.utf8)
    dayStart = Array(addresses.dayStart.utf8)
    dayEnd = Array(addresses.dayEnd.utf8)
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
      + [site, dayStart, dayEnd]
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
    var bytes: [UInt8] = []
    try write(certificate, fingerprint: fingerprint, index: index, into: &bytes)
    return bytes
  }

  /// Writes the same into a buffer, instead of what is in it.
  public func write(
    _ certificate: Certificate, fingerprint: Fingerprint, index: Int, into bytes: inout [UInt8]
  ) throws {
    let folder = fingerprint.code.folderBytes
    bytes.removeAll(keepingCapacity: true)
    bytes.reserveCapacity(3072)
    appendBefore(certificate, folder: folder, index: index, to: &bytes)
    var after: [UInt8] = []
    after.reserveCapacity(512)
    appendAfter(certificate, fingerprint, folder: folder, to: &after)
    let document = Digest(prefix: bytes, hashing: after)
    bytes.append(#""proof":"#)
    let optionsPlace = bytes.count
    bytes += optionsStart
    appendStart(of: max(certificate.issued, keyFrom), to: &bytes)
    bytes += optionsMiddle
    let options = Digest(prefix: bytes[optionsPlace...], hashing: optionsEnd)
    let signature = try key.sign(options.bytes + document.bytes)
    bytes.append(#""proofValue":"z"#)
    bytes += Base58.digits(of: signature)
    bytes.append(#"","#)
    bytes += optionsEnd
    bytes.append(UInt8(ascii: ","))
    bytes += after
  }

  /// What stands before the proof, in the order of RFC 8785.
  private func appendBefore(
    _ certificate: Certificate, folder: [UInt8], index: Int, to bytes: inout [UInt8]
  ) {
    bytes += start
    let list = index / StatusList.length
    let bit = index % StatusList.length
    for (position, status) in statuses.enumerated() {
      if position > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes.append(#"{"id":""#)
      bytes += status.list
      bytes.append(decimal: list)
      bytes.append(UInt8(ascii: "#"))
      bytes.append(decimal: bit)
      bytes.append(#"","statusListCredential":""#)
      bytes += status.list
      bytes.append(decimal: list)
      bytes.append(#"","statusListIndex":""#)
      bytes.append(decimal: bit)
      bytes += status.end
    }
    bytes.append(#"],"credentialSubject":{"certificate":{"expires":""#)
    bytes.append(certificate.expires)
    bytes.append(#"","issued":""#)
    bytes.append(certificate.issued)
    bytes.append(#"","licence":"#)
    bytes += issuers[certificate.issuerEdition].licence
    bytes.append(#","number":"#)
    CanonicalJSON.appendString(certificate.number.bytes, to: &bytes)
    if let registration = certificate.registration {
      bytes.append(#","registration":"#)
      CanonicalJSON.appendString(registration.bytes, to: &bytes)
    }
    if certificate.revision >= 2 {
      bytes.append(#","revision":"#)
      bytes.append(decimal: certificate.revision)
    }
    bytes += schemes[certificate.scheme][certificate.schemeEdition]
    CanonicalJSON.appendString(certificate.holder.bytes, to: &bytes)
    bytes.append(#","type":"Person"},"id":""#)
    appendAddress(folder, to: &bytes)
    bytes += issuerStart
    bytes += issuers[certificate.issuerEdition].name
    bytes.append("},")
  }

  /// What stands behind the proof.
  private func appendAfter(
    _ certificate: Certificate, _ fingerprint: Fingerprint, folder: [UInt8],
    to bytes: inout [UInt8]
  ) {
    bytes.append(#""relatedResource":[{"digestSRI":"sha256-"#)
    bytes += fingerprint.base64
    bytes.append(#"","id":""#)
    appendAddress(folder, to: &bytes)
    bytes.append(#"/record.json","mediaType":"application/json"}],"#)
    bytes.append(#""type":["VerifiableCredential","CompetencyCredential"],"validFrom":""#)
    appendStart(of: certificate.issued, to: &bytes)
    bytes.append(#"","validUntil":""#)
    bytes.append(certificate.expires)
    bytes += dayEnd
    bytes.append(#""}"#)
  }

  private func appendStart(of day: CalendarDate, to bytes: inout [UInt8]) {
    bytes.append(day)
    bytes += dayStart
  }

  private func appendAddress(_ folder: [UInt8], to bytes: inout [UInt8]) {
    bytes += site
    bytes.append(UInt8(ascii: "/"))
    bytes += folder
  }
}
