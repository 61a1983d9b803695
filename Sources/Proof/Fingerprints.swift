import Diagnostics
public import Registry

/// The fingerprint of every certificate, by its ordinal: 32 bytes each.
public struct Fingerprints: Sendable {
  private let values: [Fingerprint]

  public subscript(ordinal: Int) -> Fingerprint { values[ordinal] }

  public var count: Int { values.count }

  /// Computes them all, some shards at a time.
  ///
  /// - Parameter jobs: how many shards at a time.
  /// - Throws: `MachineFailure` when the registry cannot be read or changed.
  public static func compute(
    of registry: Registry, format: RecordFormat, jobs: Int
  ) async throws -> Fingerprints {
    var values: [Fingerprint] = []
    values.reserveCapacity(registry.count)
    try await inOrder(registry.shards, jobs: jobs) { shard in
      try registry.certificates(in: shard).map { Fingerprint(of: format.bytes(of: $0)) }
    } take: {
      values.append(contentsOf: $0)
    }
    return Fingerprints(values: values)
  }
}

/// Works on items concurrently, at most `jobs` at a time, and takes the results in their order.
///
/// At most `jobs` results wait at any moment, so memory follows the workers, not the items.
public func inOrder<Item: Sendable, Result: Sendable>(
  _ items: some Sequence<Item>, jobs: Int,
  work: @escaping @Sendable (Item) async throws -> Result,
  take: (Result) throws -> Void
) async throws {
  var waiting: [Task<Result, any Error>] = []
  var taken = 0
  do {
    for item in items {
      if waiting.count - taken >= max(1, jobs) {
        try take(await waiting[taken].value)
        taken += 1
        if taken > 64 {
          waiting.removeFirst(taken)
          taken = 0
        }
      }
      waiting.append(Task { try await work(item) })
    }
    for task in waiting[taken...] { try take(await task.value) }
  } catch {
    for task in waiting[taken...] { task.cancel() }
    throw error
  }
}
