import Diagnostics
import Foundation
import Synchronization
public import SystemPackage

/// Makes PNG pictures from SVG with librsvg's converter, a process for each picture.
public final class PictureMaker: Sendable {
  public let converter: FilePath
  /// fontconfig's program that knows which letters the machine can write, if it is there.
  private let fontList: FilePath?
  private let environment: [String: String]
  private let known = Mutex<[String: Bool]>([:])

  /// - Parameters:
  ///   - converter: the program `rsvg-convert`.
  ///   - fontList: the program `fc-list`, if there is one.
  ///   - environment: what both run in, besides their locale.
  public init(converter: FilePath, fontList: FilePath?, environment: [String: String]) {
    self.converter = converter
    self.fontList = fontList
    // No word of a locale may change a byte of a picture.
    self.environment = environment.filter { !$0.key.hasPrefix("LC_") && $0.key != "LANGUAGE" }
      .merging(["LANG": "C.UTF-8"]) { $1 }
  }

  /// - Parameter name: what the picture is of, for the failure.
  /// - Throws: `MachineFailure` when the converter does not make a picture.
  func png(_ svg: String, of name: String) throws(MachineFailure) -> [UInt8] {
    let file = FileManager.default.temporaryDirectory.appending(
      path: "canting-\(UUID().uuidString).svg")
    do {
      // From standard input, the converter has no folder from which it would load anything more.
      let input = try opened(file, with: svg)
      let (bytes, status, words) = try run(converter, ["--format", "png"], input: input)
      guard status == 0, bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) else {
        throw MachineFailure(
          "make the picture of \(name)", reason: "rsvg-convert failed: \(visible(words))")
      }
      return bytes
    } catch {
      throw error as? MachineFailure
        ?? MachineFailure("make the picture of \(name)", reason: error.localizedDescription)
    }
  }

  /// Whether this machine has fonts for all letters of a text.
  ///
  /// Letters of one writing are asked for together, since one font has them or none.
  func canWrite(_ text: String) -> Bool {
    var groups: [UInt32: Set<UInt32>] = [:]
    for scalar in text.unicodeScalars where scalar.value > 0x24F && !scalar.properties.isWhitespace
    {
      let isEastAsian = (0x2E80...0xD7FF).contains(scalar.value) || scalar.value > 0x1FFFF
      groups[isEastAsian ? 0 : scalar.value >> 7, default: []].insert(scalar.value)
    }
    return groups.values.allSatisfy { group in
      hasFont(group.sorted().map { String($0, radix: 16) }.joined(separator: " "))
    }
  }

  private func hasFont(_ letters: String) -> Bool {
    guard let fontList else { return true }
    if let answer = known.withLock({ $0[letters] }) { return answer }
    var answer = true
    do {
      answer = try !run(fontList, [":charset=\(letters)", "family"], input: .nullDevice).output
        .isEmpty
    } catch {
      // Without an answer the picture is made; at worst a letter is a box.
    }
    known.withLock { $0[letters] = answer }
    return answer
  }

  private func run(
    _ program: FilePath, _ arguments: [String], input: FileHandle
  ) throws -> (output: [UInt8], status: Int32, words: String) {
    let process = Process()
    let (output, errors) = (Pipe(), Pipe())
    process.executableURL = URL(filePath: program.string)
    process.arguments = arguments
    process.environment = environment
    process.standardInput = input
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    let words = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (Array(bytes), process.terminationStatus, String(decoding: words, as: UTF8.self))
  }

  /// A text to read from, in a file that has no name any more.
  private func opened(_ file: URL, with text: String) throws -> FileHandle {
    // A name that could not be taken away lies in the system's folder for such files, holds a public
    // title, and is tidied up with the others.
    defer { do { try FileManager.default.removeItem(at: file) } catch {} }
    try Data(text.utf8).write(to: file)
    return try FileHandle(forReadingFrom: file)
  }
}
