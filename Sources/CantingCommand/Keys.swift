import ArgumentParser
import Diagnostics
import Proof
import SystemPackage

/// `canting keys`
struct Keys: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make the institution's secrets.",
    subcommands: [New.self])

  /// `canting keys new`
  struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make the registry secret of a new registry.",
      discussion: """
        Writes seeds/keys/registry.secret, readable by you alone. Nothing is overwritten: every \
        printed code depends on the secret, so back it up before the first certificate is printed.

        Examples:
          canting keys new
          canting keys new --root /srv/registry
        """)

    @OptionGroup var options: ProjectOptions

    /// What `--format json` prints.
    struct Outcome: Encodable {
      let file: String
    }

    func run() throws {
      var findings = Findings()
      let folder = KeyFolder(options.rootFolder.appending("seeds/keys"), shownAs: "seeds/keys")
      let made = try folder.makeSecret(findings: &findings)
      let report = Report<Outcome>(options: options, findings: findings)
      guard let made else {
        try report.print(nil, isOK: false, summary: [])
        throw ExitStatus.inputHasErrors.code
      }
      try report.print(
        Outcome(file: made), isOK: true,
        summary: [
          "made   \(made), readable by you alone",
          "next   keep a copy in a safe place: without it no printed code can be computed again",
        ])
    }
  }
}
