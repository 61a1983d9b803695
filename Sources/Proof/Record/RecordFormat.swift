import Input
public import Registry

/// Writes version 1 of a certificate's record: the bytes that its fingerprint is made of.
///
/// Frozen: printed codes depend on every byte. See docs/formats.md.
public struct RecordFormat: Sendable {
  private let secret: RegistrySecret
  /// `{"code":…,"title":…,"units":…}` by scheme and edition.
  private let schemes: SharedByteTable
  /// `{"licence":…,"name":…}` by edition.
  private let issuers: SharedByteTable

  public init(registry: Registry, secret: RegistrySecret) {
    self.secret = secret
    schemes = SharedByteTable(
      registry.schemes.map { scheme in
        scheme.editions.all.map { CanonicalJSON.encode(Self.json(scheme.code, $0.value)) }
      })
    issuers = SharedByteTable(
      registry.issuer.all.map { edition in
        [
          CanonicalJSON.encode(
            .object([
              "name": .string(edition.value.name), "licence": .string(edition.value.licence),
            ]))
        ]
      })
  }

  /// Digits that change when a scheme's edition says something else in records.
  func schemeDigest(_ scheme: Int, _ edition: Int) -> String {
    PublishedIndex.editionDigest(schemes[scheme, edition])
  }

  /// Digits that change when an issuer's edition says something else in records.
  func issuerDigest(_ edition: Int) -> String {
    PublishedIndex.editionDigest(issuers[edition, 0])
  }

  /// Digits that change when the secret does.
  var secretDigest: String { secret.digest }

  static func json(_ code: String, _ edition: SchemeEdition) -> JSONValue {
    .object([
      "code": .string(code),
      "title": .object([
        "en": .string(edition.title["en"]), "id": .string(edition.title["id"]),
      ]),
      "units": .array(edition.units.map { .string($0.code) }),
    ])
  }

  /// The canonical JSON of a certificate's record, UTF-8, without a newline at the end.
  public func bytes(of certificate: Certificate) -> [UInt8] {
    bytes(
      of: certificate, scheme: certificate.scheme, schemeEdition: certificate.schemeEdition,
      issuerEdition: certificate.issuerEdition)
  }

  /// Writes the same into a buffer, instead of what is in it.
  public func write(_ certificate: Certificate, into bytes: inout [UInt8]) {
    bytes.removeAll(keepingCapacity: true)
    append(
      certificate, scheme: certificate.scheme, schemeEdition: certificate.schemeEdition,
      issuerEdition: certificate.issuerEdition, to: &bytes)
  }

  /// The salt inside a certificate's record, as it is written there.
  public func salt(in record: [UInt8], of certificate: Certificate) -> ArraySlice<UInt8> {
    let scheme = schemes.withText(certificate.scheme, certificate.schemeEdition) { $0.count }
    let tail = Self.schemeStart.utf8CodeUnitCount + scheme + Self.end.utf8CodeUnitCount
    return record.dropLast(tail).suffix(Self.saltLength)
  }

  private static let schemeStart: StaticString = #"","scheme":"#
  private static let end: StaticString = #","version":1}"#
  /// 16 bytes in base64url without padding.
  private static let saltLength = 22

  /// The record as it would be under other editions.
  func bytes(
    of certificate: Certificate, scheme: Int, schemeEdition: Int, issuerEdition: Int
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(640)
    append(
      certificate, scheme: scheme, schemeEdition: schemeEdition, issuerEdition: issuerEdition,
      to: &bytes)
    return bytes
  }

  // Members stand in the order of RFC 8785, so nothing is sorted on the way.
  private func append(
    _ certificate: Certificate, scheme: Int, schemeEdition: Int, issuerEdition: Int,
    to bytes: inout [UInt8]
  ) {
    let salt = secret.salt(number: certificate.number, revision: certificate.revision)
    bytes.append(#"{"expires":""#)
    bytes.append(certificate.expires)
    bytes.append(#"","holder":"#)
    CanonicalJSON.appendString(certificate.holder.bytes, to: &bytes)
    bytes.append(#","issued":""#)
    bytes.append(certificate.issued)
    bytes.append(#"","issuer":"#)
    bytes.append(issuers, issuerEdition)
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
    bytes.append(#","salt":""#)
    bytes.append(contentsOf: Base64URL.encode(salt))
    bytes.append(Self.schemeStart)
    bytes.append(schemes, scheme, schemeEdition)
    bytes.append(Self.end)
  }
}
