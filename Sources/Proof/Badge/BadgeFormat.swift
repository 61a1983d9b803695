import Input
public import Registry

/// Writes a certificate as a badge, secured by `eddsa-rdfc-2022`
/// ([VC-DI-EDDSA](https://www.w3.org/TR/vc-di-eddsa/), section 3.2).
///
/// A badge is derived, as a credential is. Its bytes are canonical JSON; what is signed are its N-Quads,
/// which are lines of a fixed form, so that both are filled from templates that are made once.
public struct BadgeFormat: Sendable {
  private typealias Slot = BadgeTemplate.Slot

  /// What the badges of one edition of a scheme share.
  private struct Texts: Sendable {
    let json: BadgeTemplate
    let quads: BadgeTemplate
  }

  private let key: SigningKey
  /// First day of the key; a proof is not dated before it.
  private let keyFrom: CalendarDate
  private let dayStart: [UInt8]
  private let dayEnd: [UInt8]
  /// By scheme and edition.
  private let texts: [[Texts]]
  /// The N-Quads of the proof's options.
  private let options: BadgeTemplate
  /// The issuer's name by edition.
  private let issuers: [[UInt8]]

  /// - Parameter schemePage: gives the path of a scheme's page, as in `/schemes/natural-dyeing/`.
  /// - Throws: `DataIntegrity.Failure` when an address of the site cannot stand in a signed document.
  public init(
    registry: Registry, addresses: CredentialAddresses, keys: SigningKeys,
    schemePage: (Scheme) -> String
  ) throws {
    key = keys.signing
    keyFrom = keys.issuer.history.current?.from ?? .distantPast
    dayStart = Array(addresses.dayStart.utf8)
    dayEnd = Array(addresses.dayEnd.utf8)
    issuers = registry.issuer.all.map { Array($0.value.name.utf8) }
    let proof = DataIntegrity.options(
      .rdfc, verificationMethod: addresses.key(keys.signing.publicKey),
      created: Slot.created.placeholder)
    options = BadgeTemplate(lines: try CanonicalQuads.lines(of: .object(proof)))
    let signed = proof.merging(["proofValue": .string("z\(Slot.signature.placeholder)")]) { $1 }
    texts = try registry.schemes.map { scheme in
      try scheme.editions.all.map { edition in
        let members = Self.badge(
          scheme, edition.value, page: addresses.site + schemePage(scheme)
        ).members(addresses)
        let json = CanonicalJSON.encode(
          .object(members.merging(["proof": .array([.object(signed)])]) { $1 }))
        return Texts(
          json: BadgeTemplate(String(decoding: json, as: UTF8.self)),
          quads: BadgeTemplate(lines: try CanonicalQuads.lines(of: .object(members))))
      }
    }
  }

  /// The badge of no certificate, with a placeholder for everything that is one's own.
  private static func badge(
    _ scheme: Scheme, _ edition: SchemeEdition, page: String
  ) -> Badge {
    Badge(
      folder: "c/\(Slot.folder.placeholder)", number: Slot.number.placeholder,
      holder: Slot.holder.placeholder, issuerName: Slot.issuer.placeholder,
      schemeCode: scheme.code, title: edition.title["en"], units: edition.units.map(\.code),
      schemePage: page, validFrom: Slot.issued.placeholder, validUntil: Slot.expires.placeholder,
      list: Slot.list.placeholder, bit: Slot.bit.placeholder, digest: Slot.digest.placeholder)
  }

  /// Changes whenever a badge would be written or signed otherwise, its certificate being the same.
  package var context: Digest {
    var hash = Digest.Hash()
    for template in texts.joined().flatMap({ [$0.json, $0.quads] }) + [options] {
      hash.add("\(template.slots)")
      hash.add(String(decoding: template.text, as: UTF8.self))
    }
    for part in issuers + [keyFrom.isoBytes, dayStart, dayEnd] {
      hash.add(String(decoding: part, as: UTF8.self))
    }
    return hash.digest
  }

  /// The badge's bytes.
  ///
  /// - Parameter index: the certificate's position in the log.
  public func bytes(
    of certificate: Certificate, fingerprint: Fingerprint, index: Int
  ) throws -> [UInt8] {
    let texts = texts[certificate.scheme][certificate.schemeEdition]
    let (list, bit) = index.quotientAndRemainder(dividingBy: StatusList.length)
    var signature: [UInt8] = []
    func fill(_ slot: Slot, _ bytes: inout [UInt8], _ escape: ([UInt8], inout [UInt8]) -> Void) {
      switch slot {
      case .folder: bytes += fingerprint.code.folderBytes.dropFirst(2)
      case .number: escape(Array(certificate.number.bytes), &bytes)
      case .holder: escape(Array(certificate.holder.bytes), &bytes)
      case .issuer: escape(issuers[certificate.issuerEdition], &bytes)
      case .issued: append(certificate.issued, dayStart, to: &bytes)
      case .expires: append(certificate.expires, dayEnd, to: &bytes)
      case .created: append(max(certificate.issued, keyFrom), dayStart, to: &bytes)
      case .list: bytes.append(decimal: list)
      case .bit: bytes.append(decimal: bit)
      case .digest: bytes += fingerprint.base64
      case .signature: bytes += signature
      }
    }
    func hash(_ quads: BadgeTemplate) -> [UInt8] {
      var bytes: [UInt8] = []
      bytes.reserveCapacity(quads.text.count + 1024)
      quads.append(to: &bytes) { fill($0, &$1, CanonicalQuads.appendEscaped) }
      return Digest(hashing: bytes).bytes
    }
    signature = Base58.digits(of: try key.sign(hash(options) + hash(texts.quads)))
    var bytes: [UInt8] = []
    bytes.reserveCapacity(texts.json.text.count + 1024)
    texts.json.append(to: &bytes) { fill($0, &$1, CanonicalJSON.appendEscaped) }
    return bytes
  }

  private func append(_ day: CalendarDate, _ time: [UInt8], to bytes: inout [UInt8]) {
    bytes.append(day)
    bytes += time
  }
}
