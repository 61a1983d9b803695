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
    public let statusDate: CalendarDate?
    /// The ordinal of the certificate that replaced it first.
    public let replacement: Int?
    public let revision: Int
    /// Position of the scheme and its edition, which the record's bytes depend on.
    public let scheme: Int
    public let schemeEdition: Int
    public let issuerEdition: Int
  }

  public let entries: [Entry]

  public subscript(ordinal: Int) -> Fingerprint { entries[ordinal].fingerprint }

  public var count: Int { entries.count }

  /// Computes them all, some shards at a time.
  ///
  /// - Parameter jobs: how many shards at a time.
  /// - Throws: `MachineFailure` when the registry cannot be read or changed.
  public static func compute(
    of registry: Registry, format: RecordFormat, jobs: Int
  ) async throws -> Fingerprints {
    var entries: [Entry] = []
    entries.reserveCapacity(registry.count)
    try await inOrder(registry.shards, jobs: jobs) { shard in
      try registry.certificates(in: shard).map { certificate in
        Entry(
          fingerprint: Fingerprint(of: format.bytes(of: certificate)),
          issued: certificate.issued, status: certificate.status,
          statusDate: certificate.statusDate, replacement: certificate.replacement,
          revision: certificate.revision, scheme: certificate.scheme,
          schemeEdition: certificate.schemeEdition, issuerEdition: certificate.issuerEdition)
      }
    } take: {
      entries.append(contentsOf: $0)
    }
    return Fingerprints(entries: entries)
  }
}
