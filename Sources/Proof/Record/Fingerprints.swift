import Files
public import Input
public import Registry

/// What the proof needs to know of every certificate, by its ordinal: its fingerprint, and what
/// the registry says of its status.
public struct Fingerprints: Sendable {
  /// A certificate without its texts.
  public struct Entry: Sendable {
    public let fingerprint: Fingerprint
    public let issued: CalendarDate
    public let status: Status
    public var statusDate: CalendarDate? { CalendarDate(packed: packedStatusDate) }
    /// The ordinal of the certificate that replaced it first.
    public var replacement: Int? { packedReplacement == 0 ? nil : Int(packedReplacement) - 1 }
    public var revision: Int { Int(packedRevision) }
    /// Position of the scheme and its edition, which the record's bytes depend on.
    public var scheme: Int { Int(packedScheme) }
    public var schemeEdition: Int { Int(packedSchemeEdition) }
    public var issuerEdition: Int { Int(packedIssuerEdition) }
    public let isListed: Bool
    /// Digits that change when the registry says something else of it beside its record.
    package let remarks: UInt64
    // In little room: a million of them stay in memory.
    private let packedStatusDate: UInt32
    private let packedReplacement: UInt32
    private let packedRevision: UInt16
    private let packedScheme: UInt16
    private let packedSchemeEdition: UInt16
    private let packedIssuerEdition: UInt16

    init(_ certificate: Certificate, fingerprint: Fingerprint) {
      self.fingerprint = fingerprint
      issued = certificate.issued
      status = certificate.status
      packedStatusDate = certificate.statusDate?.packed ?? 0
      packedReplacement = UInt32(certificate.replacement.map { $0 + 1 } ?? 0)
      packedRevision = UInt16(certificate.revision)
      packedScheme = UInt16(certificate.scheme)
      packedSchemeEdition = UInt16(certificate.schemeEdition)
      packedIssuerEdition = UInt16(certificate.issuerEdition)
      isListed = certificate.isListed
      remarks = Self.remarks(on: certificate)
    }

    private static func remarks(on certificate: Certificate) -> UInt64 {
      let reason = certificate.statusReason?.bytes ?? []
      let flags: [UInt8] = [
        certificate.status.rawValue, certificate.isListed ? 1 : 0,
        certificate.statusReason == nil ? 0 : 1, certificate.statusDate == nil ? 0 : 1,
      ]
      if certificate.status == .valid, certificate.statusDate == nil, reason.isEmpty {
        return UInt64(flags[1])
      }
      return Digest(
        prefix: flags + (certificate.statusDate?.isoBytes ?? []), hashing: reason
      ).high
    }
  }

  public let entries: [Entry]
  public subscript(ordinal: Int) -> Fingerprint { entries[ordinal].fingerprint }

  public var count: Int { entries.count }

  /// Computes them all.
  ///
  /// - Parameter jobs: how many shards are worked on at a time.
  public static func compute(
    of registry: Registry, format: RecordFormat, jobs: Int
  ) async throws -> Fingerprints {
    var entries: [Entry] = []
    entries.reserveCapacity(registry.count)
    try await orderedConcurrentMap(registry.shards, jobs: jobs) { shard in
      registry.certificates(in: shard).map { certificate in
        Entry(certificate, fingerprint: Fingerprint(of: format.bytes(of: certificate)))
      }
    } take: { (shard: [Entry]) in
      entries.append(contentsOf: shard)
    }
    return Fingerprints(entries: entries)
  }
}
