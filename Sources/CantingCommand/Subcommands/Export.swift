import ArgumentParser
import Diagnostics
import Foundation
import Pages

/// `canting export`
struct Export: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List every certificate with its code and address, for printing.",
    discussion: """
      Writes number, holder, code, fingerprint and address of every certificate as CSV, in the \
      order of the registry, for mail merge when certificates are printed. The list leads to every \
      page: keep it inside the institution.

      Examples:
        canting export --csv > codes.csv
      """)

  @Flag(help: "Write comma-separated values; the only form so far.")
  var csv = false

  @OptionGroup var options: ProjectOptions

  func validate() throws {
    guard csv else { throw ValidationError("name the form of the list: --csv") }
  }

  func run() async throws {
    let (project, fingerprints) = try await options.projectWithFingerprints()
    try PrintingList.csv(project, fingerprints: fingerprints) { rows in
      do {
        try FileHandle.standardOutput.write(contentsOf: Data(rows))
      } catch {
        throw MachineFailure("write the list", reason: error.localizedDescription)
      }
    }
  }
}
