public import Diagnostics
import Foundation

/// Makes inputs that nobody would write out of some that people do.
///
/// Each run begins with the cases under Tests/Fixtures/fuzz, where every input stays that once found
/// a mistake. CANTING_FUZZ_SECONDS sets how long it goes on (2 by default), CANTING_FUZZ_SEED
/// where chance begins. An input that ends the process is left in the system's temporary folder.
public struct Fuzzer {
  public let name: String
  private let corpus: [[UInt8]]
  private let tokens: [[UInt8]]
  private let end: ContinuousClock.Instant
  public let seed: UInt64
  private var chance: SeededGenerator
  private var position = 0
  private let last: URL

  /// - Parameter tokens: what means something to the reader.
  public init(_ name: String, tokens: [String]) throws {
    self.name = name
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Fixtures/fuzz/\(name)")
    corpus = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil
    ).sorted { $0.path < $1.path }.map { Array(try Data(contentsOf: $0)) }
    self.tokens = tokens.map { Array($0.utf8) }
    let environment = ProcessInfo.processInfo.environment
    let seconds = environment["CANTING_FUZZ_SECONDS"].flatMap { Double($0) } ?? 2
    end = ContinuousClock.now.advanced(by: .seconds(seconds))
    seed = environment["CANTING_FUZZ_SEED"].flatMap { UInt64($0) } ?? .random(in: 0 ... .max)
    chance = SeededGenerator(seed: seed)
    last = FileManager.default.temporaryDirectory.appendingPathComponent(
      "canting-fuzz-\(name)-\(ProcessInfo.processInfo.processIdentifier)")
  }

  /// The next input; nil when the time is over.
  public mutating func next() throws -> [UInt8]? {
    if position >= corpus.count, ContinuousClock.now >= end {
      if position > 0 { try FileManager.default.removeItem(at: last) }
      return nil
    }
    defer { position += 1 }
    let input = position < corpus.count ? corpus[position] : mutated()
    try Data(input).write(to: last)
    return input
  }

  /// What keeps findings about an input from being shown; nil when nothing does.
  public func problem(with findings: [Diagnostic], of bytes: [UInt8]) -> String? {
    let lines = bytes.count { $0 == 0x0A || $0 == 0x0D } + 2
    for finding in findings {
      if finding.message.isEmpty || finding.hint.isEmpty {
        return "no words: \(finding), seed \(seed)"
      }
      if case .line(let line, let column) = finding.location.place,
        line < 1 || line > lines || column < 1
      {
        return "no such place: \(finding), seed \(seed)"
      }
      _ = DiagnosticPrinter(colour: false).text(for: finding)
    }
    return nil
  }

  private mutating func mutated() -> [UInt8] {
    var bytes = corpus.randomElement(using: &chance) ?? []
    for _ in 0..<Int.random(in: 1...6, using: &chance) { mutate(&bytes) }
    return Array(bytes.prefix(1 << 16))
  }

  private mutating func mutate(_ bytes: inout [UInt8]) {
    let place = Int.random(in: 0...bytes.count, using: &chance)
    let length = min(
      bytes.count - place, 1 << Int.random(in: 0...6, using: &chance))
    switch Int.random(in: 0..<7, using: &chance) {
    case 0 where place < bytes.count: bytes[place] = .random(in: 0 ... .max, using: &chance)
    case 1 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &chance)
    case 2: bytes.removeSubrange(place..<place + length)
    case 3:
      let piece = bytes[place..<place + length]
      let times = Int.random(in: 1...40, using: &chance)
      bytes.insert(contentsOf: Array(repeating: piece, count: times).joined(), at: place)
    case 4:
      let other = corpus.randomElement(using: &chance) ?? []
      let start = Int.random(in: 0...other.count, using: &chance)
      bytes.insert(contentsOf: other[start...].prefix(length + 8), at: place)
    default:
      bytes.insert(contentsOf: tokens.randomElement(using: &chance) ?? [], at: place)
    }
  }
}
