package import Diagnostics
import Foundation
import Synchronization
package import SystemPackage

/// Another program of this machine. It is started with its arguments as they are, never through a shell.
package struct ExternalProgram: Sendable {
  package let file: FilePath

  /// How a run ended.
  package struct Outcome: Sendable {
    package let status: Int32
    /// Whether a signal ended it.
    package let isKilled: Bool
    package let output: [UInt8]
    /// What it said beside its output; empty where the caller took the lines.
    package fileprivate(set) var errors = ""
  }

  /// Finds a program where a shell would, but in absolute folders alone: in another, anybody's program
  /// may lie.
  ///
  /// - Parameter environment: whose `PATH` names the folders.
  /// - Returns: nil where it is not installed.
  package init?(_ name: String, environment: [String: String]) {
    let folders = (environment["PATH"] ?? "").split(separator: ":").map { FilePath(String($0)) }
    let found = folders.map { $0.appending(name) }.first {
      $0.isAbsolute && FileManager.default.isExecutableFile(atPath: $0.string)
    }
    guard let found else { return nil }
    file = found
  }

  /// Runs the program to its end, and takes all that it says.
  ///
  /// - Parameters: those of the other `run`.
  package func run(
    _ arguments: [String], environment: [String: String], folder: FilePath? = nil,
    input: [UInt8] = []
  ) throws(MachineFailure) -> Outcome {
    var said: [UInt8] = []
    var outcome = try run(
      arguments, environment: environment, folder: folder, input: input
    ) { line in
      said += line + [UInt8(ascii: "\n")]
      return true
    }
    outcome.errors = String(decoding: said, as: UTF8.self)
    return outcome
  }

  /// Runs the program to its end.
  ///
  /// - Parameters:
  ///   - environment: all that it gets of it.
  ///   - folder: where it runs; nil for where this program does.
  ///   - input: what it reads from standard input.
  ///   - onErrorLine: gets each line that it writes to standard error, at once; false ends the program.
  /// - Throws: `MachineFailure` when it cannot be started, or its words cannot be read.
  package func run(
    _ arguments: [String], environment: [String: String], folder: FilePath? = nil,
    input: [UInt8] = [], onErrorLine: (ArraySlice<UInt8>) -> Bool
  ) throws(MachineFailure) -> Outcome {
    let name = file.lastComponent?.string ?? file.string
    let process = Process()
    let (output, errors) = (Pipe(), Pipe())
    process.executableURL = URL(filePath: file.string)
    process.arguments = arguments
    process.environment = environment
    if let folder { process.currentDirectoryURL = URL(filePath: folder.string) }
    process.standardOutput = output
    process.standardError = errors
    do {
      process.standardInput = input.isEmpty ? FileHandle.nullDevice : try Self.opened(input)
      try process.run()
    } catch {
      throw MachineFailure("start \(name)", reason: error.localizedDescription)
    }
    // Both are read at once: a program whose output nobody takes waits, and says nothing more.
    let collected = Collected()
    let reading = DispatchGroup()
    let outputDescriptor = output.fileHandleForReading.fileDescriptor
    DispatchQueue.global().async(group: reading) { collected.read(outputDescriptor) }
    let failure = Self.forEachLine(of: errors.fileHandleForReading.fileDescriptor) { line in
      if !onErrorLine(line) { process.terminate() }
    }
    reading.wait()
    process.waitUntilExit()
    let (bytes, outputFailure) = withExtendedLifetime(output) { collected.result }
    if let failure = failure ?? outputFailure { throw MachineFailure("read from \(name)", failure) }
    return Outcome(
      status: process.terminationStatus, isKilled: process.terminationReason == .uncaughtSignal,
      output: bytes)
  }

  /// What a program wrote, gathered on another thread.
  private final class Collected: Sendable {
    private let bytes = Mutex<([UInt8], Errno?)>(([], nil))

    var result: ([UInt8], Errno?) { bytes.withLock { $0 } }

    func read(_ descriptor: CInt) {
      var all: [UInt8] = []
      let failure = ExternalProgram.forEachPiece(of: descriptor) { all += $0 }
      bytes.withLock { $0 = (all, failure) }
    }
  }

  /// - Returns: why it could not be read to its end.
  private static func forEachPiece(
    of descriptor: CInt, _ take: (ArraySlice<UInt8>) -> Void
  ) -> Errno? {
    // `FileHandle` would wait until it has all that was asked for.
    let file = FileDescriptor(rawValue: descriptor)
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    do {
      while case let count = try piece.withUnsafeMutableBytes({ try file.read(into: $0) }),
        count > 0
      {
        take(piece[..<count])
      }
      return nil
    } catch {
      return error as? Errno ?? .ioError
    }
  }

  private static func forEachLine(
    of descriptor: CInt, _ take: (ArraySlice<UInt8>) -> Void
  ) -> Errno? {
    var rest: [UInt8] = []
    let failure = forEachPiece(of: descriptor) { piece in
      rest += piece
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        take(rest[..<end])
        rest.removeSubrange(...end)
      }
    }
    if !rest.isEmpty { take(rest[...]) }
    return failure
  }

  /// Bytes to read from, in a file that has no name any more: a program that ends before it read them
  /// all would end this one too, were they written to it.
  private static func opened(_ bytes: [UInt8]) throws -> FileHandle {
    let file = FileManager.default.temporaryDirectory.appending(
      path: "canting-\(UUID().uuidString)")
    // A name that could not be taken away lies in the system's folder for such files, and is tidied up
    // with the others.
    defer { do { try FileManager.default.removeItem(at: file) } catch {} }
    try Data(bytes).write(to: file)
    return try FileHandle(forReadingFrom: file)
  }
}
