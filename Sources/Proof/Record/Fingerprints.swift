import Diagnostics
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
      self.init(
        fingerprint: fingerprint, issued: certificate.issued, status: certificate.status,
        statusDate: certificate.statusDate, replacement: certificate.replacement,
        revision: certificate.revision, scheme: certificate.scheme,
        schemeEdition: certificate.schemeEdition, issuerEdition: certificate.issuerEdition,
        isListed: certificate.isListed, remarks: Self.remarks(on: certificate))
    }

    init(
      fingerprint: Fingerprint, issued: CalendarDate, status: Status, statusDate: CalendarDate?,
      replacement: Int?, revision: Int, scheme: Int, schemeEdition: Int, issuerEdition: Int,
      isListed: Bool, remarks: UInt64
    ) {
      self.fingerprint = fingerprint
      self.issued = issued
      self.status = status
      packedStatusDate = statusDate?.packed ?? 0
      packedReplacement = UInt32(replacement.map { $0 + 1 } ?? 0)
      packedRevision = UInt16(revision)
      packedScheme = UInt16(scheme)
      packedSchemeEdition = UInt16(schemeEdition)
      packedIssuerEdition = UInt16(issuerEdition)
      self.isListed = isListed
      self.remarks = remarks
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
  /// By shard: what its entries came from, where a memory was asked, and whether it had them.
  let sources: [(digest: Digest?, isRemembered: Bool)]

  public subscript(ordinal: Int) -> Fingerprint { entries[ordinal].fingerprint }

  public var count: Int { entries.count }

  /// Computes them all, some shards at a time.
  ///
  /// - Parameters:
  ///   - jobs: how many shards at a time.
  ///   - memory: the fingerprints of an earlier build, which is only read here.
  /// - Throws: `MachineFailure` when the registry cannot be read or changed.
  public static func compute(
    of registry: Registry, format: RecordFormat, jobs: Int, memory: FingerprintMemory? = nil
  ) async throws -> Fingerprints {
    var entries: [Entry] = []
    entries.reserveCapacity(registry.count)
    var sources: [(digest: Digest?, isRemembered: Bool)] = []
    try await inOrder(registry.shards.enumerated(), jobs: jobs) { position, shard in
      let source = try memory?.source(ofShard: position, in: registry)
      if let memory, let source,
        let known = memory.entries(of: shard, at: position, source: source)
      {
        return (known, source, true)
      }
      let entries = try registry.certificates(in: shard).map { certificate in
        Entry(certificate, fingerprint: Fingerprint(of: format.bytes(of: certificate)))
      }
      return (entries, source, false)
    } take: { (shard: [Entry], source: Digest?, isRemembered: Bool) in
      entries.append(contentsOf: shard)
      sources.append((source, isRemembered))
    }
    return Fingerprints(entries: entries, sources: sources)
  }
}
