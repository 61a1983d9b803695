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
      Writes number, holder, code, fingerprint, address, scheme and days of certificates, in the order of \
      the registry, for mail merge when certificates are printed: as an Excel workbook, or as CSV. The \
      list leads to every page: keep it inside the institution.

      Examples:
        canting export --xlsx > codes.xlsx
        canting export --xlsx --batch 2026-YK-03 > codes.xlsx
        canting export --csv --since 2026-11-01 > codes.csv
        canting export --csv --new > codes.csv
      """)

  @Flag(help: "Write comma-separated values.")
  var csv = false

  @Flag(help: "Write an Excel workbook.")
  var xlsx = false

  @Option(
    help: ArgumentHelp("List the certificates of a batch; may be repeated.", valueName: "code"))
  var batch: [String] = []

  @Option(help: ArgumentHelp("List those issued on a day or later.", valueName: "day"))
  var since: String?

  @Flag(help: "List those that no export with --new has listed yet.")
  var new = false

  @OptionGroup var options: ProjectOptions

  func validate() throws {
    guard csv != xlsx else { throw ValidationError("name one form of the list: --csv or --xlsx") }
    if let since, CalendarDate(iso: since) == nil {
      throw ValidationError("--since is a day, as in 2026-11-01")
    }
  }

  func run() async throws {
    let (project, fingerprints) = try await options.projectWithFingerprints()
    var list = PrintingList(project, fingerprints: fingerprints)
    list.batches = Set(batch)
    list.since = since.flatMap { CalendarDate(iso: $0) }
    let memory = CodeList("exported", root: options.rootFolder)
    let known = new ? try memory.read() : []
    list.known = Set(known)
    let listed = try csv ? list.csv(write: write) : writeWorkbook(list)
    if new { try memory.write(known + listed) }
  }

  private func writeWorkbook(_ list: PrintingList) throws -> [CertificateCode] {
    guard isatty(STDOUT_FILENO) == 0 else {
      throw ValidationError("a workbook goes into a file: canting export --xlsx > codes.xlsx")
    }
    do {
      let (bytes, codes) = try list.workbook()
      try write(bytes)
      return codes
    } catch is PrintingList.TooLong {
      throw ValidationError("a sheet has 1,048,576 rows at most: choose by --batch or --since")
    }
  }

  private func write(_ bytes: [UInt8]) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(bytes))
    } catch {
      throw MachineFailure("write the list", reason: error.localizedDescription)
    }
  }
}
