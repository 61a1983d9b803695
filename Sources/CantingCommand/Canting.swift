public import ArgumentParser

/// The command `canting`.
public struct Canting: AsyncParsableCommand {
  /// The version printed by `--version`.
  public static let version = "0.1.0"

  public static let configuration = CommandConfiguration(
    commandName: "canting",
    abstract: "Publishes a certificate registry as a static site that anyone can verify.",
    discussion: """
      A project is a folder with content/, templates/ and seeds/. Run the command inside it, or \
      name it with --root.

      Examples:
        canting build                  publish the site into public/
        canting new "Title"            begin an announcement
        canting serve                  see the site while it is being written
        canting check                  find everything that is wrong, write nothing
        canting cosign                 have the log cosigned by its witnesses
        canting deploy production      upload what changed to a host
        canting verify 3f09 21c4 …     check a certificate against the published site

      Exit codes: 0 done (verify: genuine and valid), 1 the input has errors, 2 genuine but \
      expired, suspended, revoked or superseded, 3 not genuine or not found, 4 could not be \
      checked, 64 wrong usage, 70 the machine stood in the way; the old site is still whole.
      """,
    version: version,
    subcommands: [
      Build.self, Check.self, Verify.self, Audit.self, Monitor.self, ProofCommand.self, Export.self,
      Cosign.self, Deploy.self, Print.self, Labels.self, BatchCommand.self, Keys.self,
      LedgerCommand.self, Init.self, Import.self, New.self, Serve.self, List.self,
    ]
  )

  public init() {}

  /// Runs the command line and ends the process with its exit code.
  public static func main() async {
    var command: any ParsableCommand
    do {
      command = try parseAsRoot()
    } catch {
      exit(withError: error)
    }
    do {
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      // Help, a wrong use that shows only when the command runs, or a command's own exit code.
      if error is ExitCode || exitCode(for: error) != .failure { exit(withError: error) }
      Terminal.standardError("canting: \(error)")
      exit(withError: ExitStatus.machine.code)
    }
  }
}

/// What the process ends with; docs and help list the same numbers.
enum ExitStatus: Int32 {
  case done = 0
  case inputHasErrors = 1
  case genuineButNotValid = 2
  case notGenuineOrNotFound = 3
  case couldNotBeChecked = 4
  case machine = 70

  var code: ExitCode { ExitCode(rawValue) }
}
