package import Diagnostics
import Foundation
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Another program of this machine. It is started with its arguments as they are, never through a shell.
package struct ExternalProgram: Sendable {
  package let file: FilePath

  /// How a run ended.
  package struct Outcome: Sendable {
    package let status: Int32
    /// Whether a signal ended it.
    package let isKilled: Bool
    package let output: [UInt8]
    /// What it wrote to standard error; empty where the caller took the lines.
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
    var (words, bytes) = (Lines(), [UInt8]())
    let failure = Self.forEachPiece(
      of: [
        errors.fileHandleForReading.fileDescriptor, output.fileHandleForReading.fileDescriptor,
      ]
    ) { source, piece in
      if source == 1 {
        bytes += piece
      } else {
        words.take(piece) { if !onErrorLine($0) { process.terminate() } }
      }
    }
    words.end { _ = onErrorLine($0) }
    // Nobody listens any more.
    if failure != nil { process.terminate() }
    process.waitUntilExit()
    if let failure { throw MachineFailure("read from \(name)", failure) }
    return Outcome(
      status: process.terminationStatus, isKilled: process.terminationReason == .uncaughtSignal,
      output: bytes)
  }

  /// Bytes that come in pieces, as lines.
  private struct Lines {
    private var rest: [UInt8] = []

    mutating func take(_ piece: ArraySlice<UInt8>, _ line: (ArraySlice<UInt8>) -> Void) {
      rest += piece
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        line(rest[..<end])
        rest.removeSubrange(...end)
      }
    }

    /// Gives the last line, where nothing ended it.
    mutating func end(_ line: (ArraySlice<UInt8>) -> Void) {
      if !rest.isEmpty { line(rest[...]) }
      rest = []
    }
  }

  /// Reads from several places until all end, from each as soon as it has something: a program whose output
  /// nobody takes waits, and says nothing more.
  ///
  /// - Parameter take: gets the number of the place, and what came from there.
  /// - Returns: why one could not be read to its end.
  private static func forEachPiece(
    of places: [CInt], _ take: (Int, ArraySlice<UInt8>) -> Void
  ) -> Errno? {
    var open = places.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    // A negative one is passed over.
    while open.contains(where: { $0.fd >= 0 }) {
      if poll(&open, nfds_t(open.count), -1) < 0 {
        if errno == EINTR { continue }
        return Errno(rawValue: errno)
      }
      for number in open.indices where open[number].fd >= 0 && open[number].revents != 0 {
        let count = read(open[number].fd, &piece, piece.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { return Errno(rawValue: errno) }
        if count == 0 { open[number].fd = -1 } else { take(number, piece[..<count]) }
      }
    }
    return nil
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
