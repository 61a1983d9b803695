import FlyingSocks
import Foundation

/// What an open browser is told, for as long as it listens: server-sent events.
struct PreviewEvents: AsyncBufferedSequence {
  typealias Element = UInt8

  let preview: Preview
  /// The attempt that the browser saw last; nil for one that has just come.
  let seen: Int?

  func makeAsyncIterator() -> Iterator {
    Iterator(preview: preview, seen: seen)
  }

  struct Iterator: AsyncBufferedIteratorProtocol {
    fileprivate let preview: Preview
    fileprivate var seen: Int?

    mutating func next() async throws -> UInt8? {
      try await nextBuffer(suggested: 1)?.first
    }

    /// One event, or, when nothing happens for a while, a comment: writing it shows whether the
    /// browser is still there.
    mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
      guard let state = await preview.state(after: seen) else {
        return Array(": still here\n\n".utf8)
      }
      seen = state.attempt
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      let data = String(decoding: try encoder.encode(state), as: UTF8.self)
      return Array("retry: 500\nid: \(state.attempt)\ndata: \(data)\n\n".utf8)
    }
  }
}
