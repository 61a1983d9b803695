import Files
import Foundation
import Synchronization
import SystemPackage

/// Writes to the two output streams.
enum Terminal {
  /// Whether standard error is looked at by a person.
  static var isInteractive: Bool { FileDescriptor.standardError.isTerminal }

  /// Whether standard output is looked at by a person.
  static var isTerminal: Bool { FileDescriptor.standardOutput.isTerminal }

  /// Colours are for people who did not ask to go without.
  static var hasColour: Bool {
    isInteractive && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
  }

  static func standardOutput(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }

  /// Prints a value as JSON, its keys in order.
  static func printJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    standardOutput(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  static func standardError(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }
}

/// A line that tells a waiting person how far the work is; silent when nobody looks.
final class ProgressLine: Sendable {
  let isShown: Bool
  private let state = Mutex(State())

  private struct State {
    var lastShown = ContinuousClock.now
    var width = 0
  }

  init(isShown: Bool) {
    self.isShown = isShown && Terminal.isInteractive
  }

  /// Shows the text, at most ten times a second.
  func show(_ text: @autoclosure () -> String) {
    guard isShown else { return }
    state.withLock { state in
      let now = ContinuousClock.now
      guard now - state.lastShown > .milliseconds(100) else { return }
      state.lastShown = now
      let line = text()
      let padding = String(repeating: " ", count: max(0, state.width - line.count))
      state.width = line.count
      FileHandle.standardError.write(Data("\r\(line)\(padding)".utf8))
    }
  }

  /// Leaves an empty line to write on.
  func clear() {
    state.withLock { state in
      guard state.width > 0 else { return }
      let blank = String(repeating: " ", count: state.width)
      FileHandle.standardError.write(Data("\r\(blank)\r".utf8))
      state.width = 0
    }
  }
}
