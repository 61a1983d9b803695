import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Asks a host for files, and stops reading an answer that is longer than it may be.
///
/// What a host sends may be made to fill the memory, or never to end: every answer has a limit in
/// bytes, and one in time.
final class SiteConnection: Sendable {
  /// How an answer ended.
  enum Answer: Sendable {
    case complete(status: Int, bytes: [UInt8])
    case tooLong
    /// In the system's words.
    case failed(String)
  }

  /// Seconds without a byte, and seconds for a whole answer.
  struct Patience {
    let idle: Double
    let whole: Double

    /// For files of a site, which may be long.
    static let forFiles = Patience(idle: 30, whole: 300)
    /// For a witness, whose answers are a few lines.
    static let forWitnesses = Patience(idle: 10, whole: 30)
  }

  private let patience: Patience

  private let receiver = Receiver()
  private let session: URLSession

  init(_ patience: Patience = .forFiles) {
    self.patience = patience
    let configuration = URLSessionConfiguration.ephemeral
    configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
    configuration.timeoutIntervalForRequest = patience.idle
    configuration.timeoutIntervalForResource = patience.whole
    session = URLSession(configuration: configuration, delegate: receiver, delegateQueue: nil)
  }

  deinit { session.invalidateAndCancel() }

  /// Gets what lies at an address, at most `limit` bytes of it.
  func get(_ url: URL, limit: Int) async -> Answer {
    await answer(to: request(url), limit: limit)
  }

  /// Sends a body to an address, and gets at most `limit` bytes of the answer.
  func post(_ body: [UInt8], to url: URL, limit: Int) async -> Answer {
    var request = request(url)
    request.httpMethod = "POST"
    request.httpBody = Data(body)
    request.setValue("text/plain; charset=utf-8", forHTTPHeaderField: "Content-Type")
    return await answer(to: request, limit: limit)
  }

  private func request(_ url: URL) -> URLRequest {
    var request = URLRequest(
      url: url, cachePolicy: .reloadIgnoringLocalCacheData, timeoutInterval: patience.idle)
    request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    return request
  }

  private func answer(to request: URLRequest, limit: Int) async -> Answer {
    let task = session.dataTask(with: request)
    return await withCheckedContinuation { continuation in
      receiver.expect(task, limit: limit, continuation)
      task.resume()
    }
  }
}

/// Collects the answers of a connection's requests as they arrive.
private final class Receiver: NSObject, URLSessionDataDelegate, Sendable {
  private struct Pending {
    let limit: Int
    let continuation: CheckedContinuation<SiteConnection.Answer, Never>
    var bytes: [UInt8] = []
    var isTooLong = false
  }

  /// By the task's number, which is its own within a session.
  private let pending = Mutex<[Int: Pending]>([:])

  func expect(
    _ task: URLSessionTask, limit: Int,
    _ continuation: CheckedContinuation<SiteConnection.Answer, Never>
  ) {
    pending.withLock {
      $0[task.taskIdentifier] = Pending(limit: limit, continuation: continuation)
    }
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    let isTooLong = pending.withLock { pending -> Bool in
      guard var each = pending.removeValue(forKey: dataTask.taskIdentifier) else { return true }
      if each.bytes.count + data.count > each.limit {
        each.isTooLong = true
        each.bytes = []
      } else {
        data.withUnsafeBytes { each.bytes.append(contentsOf: $0) }
      }
      pending[dataTask.taskIdentifier] = each
      return each.isTooLong
    }
    if isTooLong { dataTask.cancel() }
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
  ) {
    let done = pending.withLock { $0.removeValue(forKey: task.taskIdentifier) }
    guard let done else { return }
    if done.isTooLong {
      done.continuation.resume(returning: .tooLong)
    } else if let error {
      done.continuation.resume(returning: .failed(error.localizedDescription))
    } else {
      let status = (task.response as? HTTPURLResponse)?.statusCode ?? 0
      done.continuation.resume(returning: .complete(status: status, bytes: done.bytes))
    }
  }
}
