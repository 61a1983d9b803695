import ArgumentParser
import Diagnostics
import Files
import Foundation
import Input
import Pages
import Proof
import SystemPackage

/// `canting export`
struct Export: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List certificates with their codes and addresses, for printing.",
    discussion: """
      Writes number, holder, code, fingerprint, address, scheme and days of certificates as CSV, in the \
      order of the registry, for mail merge when certificates are printed. The list leads to every \
      page: keep it inside the institution.

      Examples:
        canting export --csv > codes.csv
        canting export --csv --batch 2026-YK-03 > codes.csv
        canting export --csv --since 2026-11-01 > codes.csv
        canting export --csv --new > codes.csv
      """)

  @Flag(help: "Write comma-separated values; the only form so far.")
  var csv = false

  @Option(
    help: ArgumentHelp("List the certificates of a batch; may be repeated.", valueName: "code"))
  var batch: [String] = []

  @Option(help: ArgumentHelp("List those issued on a day or later.", valueName: "day"))
  var since: String?

  @Flag(help: "List those that no export with --new has listed yet.")
  var new = false

  @OptionGroup var options: ProjectOptions

  func validate() throws {
    guard csv else { throw ValidationError("name the form of the list: --csv") }
    if let since, CalendarDate(iso: since) == nil {
      throw ValidationError("--since is a day, as in 2026-11-01")
    }
  }

  func run() async throws {
    let (project, fingerprints) = try await options.projectWithFingerprints()
    var list = PrintingList(project, fingerprints: fingerprints)
    list.batches = Set(batch)
    list.since = since.flatMap { CalendarDate(iso: $0) }
    let memory = ExportedCodes(root: options.rootFolder)
    let known = new ? try memory.read() : []
    list.known = Set(known)
    let listed = try list.csv { rows in
      do {
        try FileHandle.standardOutput.write(contentsOf: Data(rows))
      } catch {
        throw MachineFailure("write the list", reason: error.localizedDescription)
      }
    }
    if new { try memory.write(known + listed) }
  }
}

/// The certificates that were listed by `export --new`.
private struct ExportedCodes {
  private static let path = ".canting-cache/exported"

  let root: FilePath

  func read() throws(MachineFailure) -> [CertificateCode] {
    let bytes = try SourceFile.readBytes(root.appending(Self.path), displayPath: Self.path) ?? []
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap {
      CertificateCode(hex: $0)
    }
  }

  func write(_ codes: [CertificateCode]) throws(MachineFailure) {
    do {
      try FileManager.default.createDirectory(
        atPath: root.appending(".canting-cache").string, withIntermediateDirectories: true)
      try Data(codes.map { "\($0)\n" }.joined().utf8).write(
        to: URL(fileURLWithPath: root.appending(Self.path).string), options: .atomic)
    } catch {
      throw MachineFailure("write \(Self.path)", reason: error.localizedDescription)
    }
  }
}
