/// Works on items concurrently, at most `jobs` at a time, and takes the results in their order.
///
/// At most `jobs` results wait at any moment, so memory follows the workers, not the items.
package func orderedConcurrentMap<Item: Sendable, Result: Sendable>(
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
