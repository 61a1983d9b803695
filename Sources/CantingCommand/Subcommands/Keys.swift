import ArgumentParser
import Diagnostics
import Foundation
import Proof
import SystemPackage

/// `canting keys`
struct Keys: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make and replace the institution's keys.",
    subcommands: [New.self, Rotate.self, Witness.self, DNS.self])

  /// `canting keys new`
  struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make the secret and the keys of a new registry.",
      discussion: """
        Writes registry.secret, signing.pem and log.pem (Ed25519, PKCS#8) and history.yml into \
        seeds/keys/, all but the last readable by you alone. log.pem signs the log's checkpoints and \
        is never replaced; a log that began without it does not get one. Nothing is overwritten: \
        every printed code depends on the secret, so back it up before the first certificate is \
        printed. A warning names secrets that git would commit.

        Examples:
          canting keys new
          canting keys new --root /srv/registry
          openssl pkey -in seeds/keys/signing.pem -noout -text
        """)

    @OptionGroup var options: ProjectOptions

    /// What `--format json` prints.
    struct Outcome: Encodable {
      let files: [String]
    }

    func run() throws {
      var findings = Findings()
      let made = try options.keyFolder.makeNew(
        today: options.todayInIndonesia, isLogBegun: try options.ledgerStore.isBegun,
        findings: &findings)
      if let finding = try SecretsInGit(root: options.rootFolder).finding() {
        findings.add(finding)
      }
      let report = Report<Outcome>(options: options, findings: findings)
      guard !made.isEmpty else {
        try report.print(nil, isOK: false, summary: [])
        throw ExitStatus.inputHasErrors.code
      }
      try report.print(
        Outcome(files: made), isOK: true,
        summary: [
          "made   \(made.joined(separator: ", "))",
          "next   keep a copy in a safe place: without the secret no printed code can be computed"
            + " again",
        ])
    }
  }

  /// `canting keys rotate`
  struct Rotate: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Replace the signing key and keep the old public key in the history.",
      discussion: """
        The old public key stays in seeds/keys/history.yml and in the site's DID document, so that \
        credentials saved by buyers still verify. The old private key is set aside as \
        retired-….pem; destroy it once the site is published with the new one. An interrupted \
        rotation is completed by running the command again. Where signing.pem is lost, there is \
        nothing to set aside, and the new key signs from now on.

        Examples:
          canting keys rotate
        """)

    @OptionGroup var options: ProjectOptions

    /// What `--format json` prints.
    struct Outcome: Encodable {
      let old: String
      let new: String
    }

    func run() throws {
      var findings = Findings()
      let rotated = try options.keyFolder.rotate(
        today: options.todayInIndonesia, findings: &findings)
      if let finding = try SecretsInGit(root: options.rootFolder).finding() {
        findings.add(finding)
      }
      let report = Report<Outcome>(options: options, findings: findings)
      guard let rotated else {
        try report.print(nil, isOK: false, summary: [])
        throw ExitStatus.inputHasErrors.code
      }
      try report.print(
        Outcome(old: rotated.old.multikey, new: rotated.new.multikey), isOK: true,
        summary: [
          "retired  \(rotated.old.multikey)",
          "signs    \(rotated.new.multikey)",
          "next     build and publish, destroy seeds/keys/retired-….pem, make the new key known",
        ])
    }
  }

  /// `canting keys witness`
  struct Witness: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make the key of a witness, for `canting monitor --cosign`.",
      discussion: """
        For whoever watches a log from outside: a ministry, a buyers' association. It prints the line by \
        which a policy names this witness; give it to the institution and to buyers. The name is an \
        address without https://, such as verify-watch.example.org/w1, and the key is readable by you alone.

        Examples:
          canting keys witness verify-watch.example.org/w1 --output witness.pem
        """)

    @Argument(help: "The name of the witness: no spaces, no plus sign.")
    var name: String

    @Option(name: .shortAndLong, help: "The file of the key.")
    var output: String

    @OptionGroup var options: ProjectOptions

    /// What `--format json` prints.
    struct Outcome: Encodable {
      let file: String
      let verifierKey: String
    }

    func run() throws {
      var findings = Findings()
      let verifier: NoteVerifier?
      do {
        verifier = try WitnessKey.make(
          named: name, in: options.absolute(output), displayPath: output, findings: &findings)
      } catch let failure as NoteFailure {
        throw ValidationError(failure.description)
      }
      let report = Report<Outcome>(options: options, findings: findings)
      guard let verifier else {
        try report.print(nil, isOK: false, summary: [])
        throw ExitStatus.inputHasErrors.code
      }
      try report.print(
        Outcome(file: output, verifierKey: verifier.description), isOK: true,
        summary: [
          "made   \(output)",
          "policy witness NAME \(verifier) https://WHERE-IT-IS-PUBLISHED",
        ])
    }
  }
}
