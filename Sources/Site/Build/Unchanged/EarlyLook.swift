import Proof

/// Looks at the certificates' files beside all other work, since looking at hundreds of thousands of
/// them is half of what a small change costs.
///
/// What it has not come to when it is needed is looked at then; it changes nothing but the time.
struct EarlyLook: Sendable {
  /// The stamps of the files of the cache's certificates, joined, from the first on.
  private let task: Task<[FileStamp], Never>

  init(_ certificates: CertificateTable, names: [String], output: OutputWriter) {
    task = Task {
      var stamps: [FileStamp] = []
      while stamps.count < certificates.entries.count, !Task.isCancelled {
        do {
          let next = certificates.entries[stamps.count...].prefix(512)
          stamps += try output.stamps(of: next, names: names)
          // What others wait for comes first.
          await Task.yield()
        } catch {
          // Whoever needs it meets the same, and says so.
          break
        }
      }
      return stamps
    }
  }

  /// Ends it; what was seen so far.
  func stamps() async -> [FileStamp] {
    task.cancel()
    return await task.value
  }
}
