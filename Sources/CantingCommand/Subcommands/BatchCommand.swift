import ArgumentParser
import Diagnostics
import Project
import Registry

/// `canting batch`
struct BatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch",
    abstract: "Look at what agencies and groups send in with a request.",
    subcommands: [Check.self])

  /// `canting batch check`
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check a list of candidates, and write nothing.",
      discussion: """
        Reads a list as the page /request/ makes it, or as somebody wrote it in a spreadsheet: comma, \
        semicolon or tab, English or Indonesian headings. The columns are name, scheme, regency \
        and province, and if wanted group, certificate (the number that is to be renewed) and note. \
        The schemes are those of seeds/schemes.yml. The page checks by the same rules.

        Examples:
          canting batch check candidates.csv
          canting batch check candidates.csv --format json

        Exit codes: 0 the list can be used, 1 it has errors, or warnings with \
        --warnings-as-errors.
        """)

    @Argument(help: "The list of candidates, as CSV.")
    var file: String

    @OptionGroup var options: ProjectOptions

    /// What `--format json` prints.
    struct Outcome: Encodable {
      struct Scheme: Encodable {
        let code: String
        let candidates: Int
      }

      let candidates: Int
      let schemes: [Scheme]
      /// How many assessors it takes, at about ten people for each.
      let assessors: Int
    }

    func run() throws {
      var findings = Findings()
      let site = try SiteConfiguration.load(root: options.rootFolder, findings: &findings)
      var list: CandidateList?
      if site != nil,
        let schemes = try Project.schemes(
          options.rootFolder, findings: &findings)
      {
        list = try CandidateList.check(
          options.absolute(file), displayPath: file, schemes: schemes, findings: &findings)
      }
      let isOK = list != nil && !options.fails(findings)
      let outcome = list.map { list in
        Outcome(
          candidates: list.count,
          schemes: list.schemes.map { Outcome.Scheme(code: $0.code, candidates: $0.count) },
          assessors: list.assessors)
      }
      try Report<Outcome>(options: options, findings: findings)
        .print(outcome, isOK: isOK, summary: isOK ? outcome.map(summary) ?? [] : [])
      if !isOK { throw ExitStatus.inputHasErrors.code }
    }

    private func summary(_ outcome: Outcome) -> [String] {
      let schemes = outcome.schemes.map { "\($0.candidates) \($0.code)" }.joined(separator: ", ")
      let plural = outcome.candidates == 1 ? "" : "s"
      return ["checked  \(grouped(outcome.candidates)) candidate\(plural): \(schemes)"]
    }
  }
}
