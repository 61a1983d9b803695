import ArgumentParser
import Diagnostics
import Project
import Proof

extension Keys {
  /// `canting keys dns`
  struct DNS: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "dns",
      abstract: "Print the TXT records that put the keys into the DNS.",
      discussion: """
        A second place for the keys: whoever changes the site's host must change the institution's DNS as well. \
        `canting verify` and `canting monitor` compare them when asked with --dns. When the signing key is \
        replaced, add the new record before the site is published, and take the old one out afterwards.

        Examples:
          canting keys dns
        """)

    @OptionGroup var options: ProjectOptions

    /// What `--format json` prints.
    struct Outcome: Encodable {
      let name: String
      let texts: [String]
    }

    func run() throws {
      var findings = Findings()
      let site = try SiteConfiguration.load(root: options.rootFolder, findings: &findings)
      let keys = try options.keyFolder.keys(findings: &findings)
      let report = Report<Outcome>(options: options, findings: findings)
      guard let site, let keys else {
        try report.print(nil, isOK: false, summary: [], ending: "nothing was printed")
        throw ExitStatus.inputHasErrors.code
      }
      let name = KeyRecords.name(host: site.host)
      let texts = try KeyRecords(keys.issuer, origin: site.host + "/log").texts
      try report.print(
        Outcome(name: name, texts: texts), isOK: true,
        summary: texts.map { "\(name). 3600 IN TXT \"\($0)\"" })
    }
  }
}
