package import Input
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

  func statusList(_ series: StatusList.Series, _ list: Int) -> String {
    "\(site)/status/\(series.name)/\(list)"
  }

  func key(_ key: PublicKey) -> String { "\(issuer)#\(key.multikey)" }

  /// The first moment of a day where the institution is.
  package func start(of day: CalendarDate) -> String { "\(day)\(dayStart)" }

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
  /// What all credentials share, by `Part`.
  private let parts: SharedByteTable
  /// By purpose: what stands before the list's number, again before it, and behind the index.
  private let statuses: SharedByteTable
  /// `,"scheme":{"code":…,"title":…,"units":…},"type":…` by scheme and edition.
  private let schemes: SharedByteTable
  /// Licence and name as JSON strings, by edition.
  private let issuers: SharedByteTable

  private enum Part: Int, CaseIterable {
    case start, site, dayStart, dayEnd, issuerStart, optionsStart, optionsMiddle, optionsEnd
  }

  public init(
    registry: Registry, addresses: CredentialAddresses, keys: SigningKeys
  ) {
    key = keys.signing
    keyFrom = keys.issuer.history.current?.from ?? .distantPast
    let context = #"["https://www.w3.org/ns/credentials/v2","\#(addresses.context)"]"#
    let method = addresses.key(keys.signing.publicKey)
    func text(_ part: Part) -> String {
      switch part {
      case .start: #"{"@context":\#(context),"credentialStatus":["#
      case .site: "\(addresses.site)/"
      case .dayStart: addresses.dayStart
      case .dayEnd: addresses.dayEnd
      case .issuerStart: #"/credential.json","issuer":{"id":"\#(addresses.issuer)","name":"#
      case .optionsStart: #"{"@context":\#(context),"created":""#
      case .optionsMiddle: #"","cryptosuite":"eddsa-jcs-2022","proofPurpose":"assertionMethod","#
      case .optionsEnd: #""type":"DataIntegrityProof","verificationMethod":"\#(method)"}"#
      }
    }
    parts = SharedByteTable(Part.allCases.map { [Array(text($0).utf8)] })
    statuses = SharedByteTable(
      StatusList.Purpose.allCases.enumerated().map { position, purpose in
        let list = "\(addresses.site)/status/\(purpose.rawValue)/"
        return [
          (position == 0 ? "" : ",") + #"{"id":"\#(list)"#, #"","statusListCredential":"\#(list)"#,
          #"","statusPurpose":"\#(purpose.rawValue)","type":"BitstringStatusListEntry"}"#,
        ].map { Array($0.utf8) }
      })
    schemes = SharedByteTable(
      registry.schemes.map { scheme in
        scheme.editions.all.map { edition in
          Array(#","scheme":"#.utf8)
            + CanonicalJSON.encode(RecordFormat.json(scheme.code, edition.value))
            + Array(#","type":"CompetencyCertificate"},"name":"#.utf8)
        }
      })
    issuers = SharedByteTable(
      registry.issuer.all.map { edition in
        [edition.value.licence, edition.value.name].map { CanonicalJSON.encode(.string($0)) }
      })
  }

  /// Changes whenever a credential would be written or signed otherwise, its certificate being the
  /// same.
  package var context: Digest {
    var hash = Digest.Hash()
    let all = parts.all + statuses.all + schemes.all + issuers.all + [keyFrom.isoBytes]
    for part in all {
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
    append(.optionsStart, to: &bytes)
    appendStart(of: max(certificate.issued, keyFrom), to: &bytes)
    append(.optionsMiddle, to: &bytes)
    let options = parts.withText(Part.optionsEnd.rawValue, 0) {
      Digest(prefix: bytes[optionsPlace...], hashing: $0)
    }
    let signature = try key.sign(options.bytes + document.bytes)
    bytes.append(#""proofValue":"z"#)
    bytes += Base58.digits(of: signature)
    bytes.append(#"","#)
    append(.optionsEnd, to: &bytes)
    bytes.append(UInt8(ascii: ","))
    bytes += after
  }

  private func append(_ part: Part, to bytes: inout [UInt8]) {
    bytes.append(parts, part.rawValue)
  }

  /// What stands before the proof, in the order of RFC 8785.
  private func appendBefore(
    _ certificate: Certificate, folder: [UInt8], index: Int, to bytes: inout [UInt8]
  ) {
    append(.start, to: &bytes)
    let list = index / StatusList.length
    let bit = index % StatusList.length
    for purpose in 0..<statuses.rowCount {
      bytes.append(statuses, purpose, 0)
      bytes.append(decimal: list)
      bytes.append(UInt8(ascii: "#"))
      bytes.append(decimal: bit)
      bytes.append(statuses, purpose, 1)
      bytes.append(decimal: list)
      bytes.append(#"","statusListIndex":""#)
      bytes.append(decimal: bit)
      bytes.append(statuses, purpose, 2)
    }
    bytes.append(#"],"credentialSubject":{"certificate":{"expires":""#)
    bytes.append(certificate.expires)
    bytes.append(#"","issued":""#)
    bytes.append(certificate.issued)
    bytes.append(#"","licence":"#)
    bytes.append(issuers, certificate.issuerEdition, 0)
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
    bytes.append(schemes, certificate.scheme, certificate.schemeEdition)
    CanonicalJSON.appendString(certificate.holder.bytes, to: &bytes)
    bytes.append(#","type":"Person"},"id":""#)
    appendAddress(folder, to: &bytes)
    append(.issuerStart, to: &bytes)
    bytes.append(issuers, certificate.issuerEdition, 1)
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
    append(.dayEnd, to: &bytes)
    bytes.append(#""}"#)
  }

  private func appendStart(of day: CalendarDate, to bytes: inout [UInt8]) {
    bytes.append(day)
    append(.dayStart, to: &bytes)
  }

  private func appendAddress(_ folder: [UInt8], to bytes: inout [UInt8]) {
    append(.site, to: &bytes)
    bytes += folder
  }
}
