import Diagnostics
package import Files
import Synchronization

/// Makes PNG pictures from SVG with librsvg's converter, a process for each picture.
public final class PictureMaker: Sendable {
  package let converter: ExternalProgram
  /// fontconfig's program that knows which letters the machine can write, if it is there.
  private let fontList: ExternalProgram?
  private let environment: [String: String]
  private let known = Mutex<[String: Bool]>([:])

  /// - Parameters:
  ///   - converter: the program `rsvg-convert`.
  ///   - fontList: the program `fc-list`, if there is one.
  ///   - environment: what both run in, besides their locale.
  package init(
    converter: ExternalProgram, fontList: ExternalProgram?, environment: [String: String]
  ) {
    self.converter = converter
    self.fontList = fontList
    // No word of a locale may change a byte of a picture.
    self.environment = environment.filter { !$0.key.hasPrefix("LC_") && $0.key != "LANGUAGE" }
      .merging(["LANG": "C.UTF-8"]) { $1 }
  }

  /// - Parameter name: what the picture is of, for the failure.
  /// - Throws: `MachineFailure` when the converter does not make a picture.
  func png(_ svg: String, of name: String) throws(MachineFailure) -> [UInt8] {
    // From standard input, the converter has no folder from which it would load anything more.
    let outcome: ExternalProgram.Outcome
    do {
      outcome = try converter.run(
        ["--format", "png"], environment: environment, input: Array(svg.utf8))
    } catch {
      throw MachineFailure("make the picture of \(name)", reason: error.reason)
    }
    guard outcome.status == 0, outcome.output.starts(with: [0x89, 0x50, 0x4E, 0x47]) else {
      throw MachineFailure(
        "make the picture of \(name)", reason: "rsvg-convert failed: \(visible(outcome.errors))")
    }
    return outcome.output
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
      answer = try !fontList.run([":charset=\(letters)", "family"], environment: environment)
        .output.isEmpty
    } catch {
      // Without an answer the picture is made; at worst a letter is a box.
    }
    known.withLock { $0[letters] = answer }
    return answer
  }
}
