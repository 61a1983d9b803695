import ArgumentParser
import Build
import Diagnostics
import Files
import Foundation
import Input
import Layout
import Output
import Project
import Proof
import Registry
import SystemPackage
import Theme
import Verification

/// How a command prints: one of some forms, of which people read `text`.
protocol PrintedForm: ExpressibleByArgument, CaseIterable, Sendable {
  static var text: Self { get }
  /// What the option says in help texts.
  static var help: ArgumentHelp { get }
}

/// How findings and results are printed.
enum OutputFormat: String, PrintedForm {
  static let help: ArgumentHelp =
    "Print findings and results as text, as json, or as annotations of github's workflows."

  case text, json
  /// Annotations of a workflow run.
  case github
}

/// The options of every command that reads a project.
typealias ProjectOptions = CommandOptions<OutputFormat>

/// The options of every command that reads a project or a site.
struct CommandOptions<Format: PrintedForm>: ParsableArguments {
  @Option(help: "The project folder. (default: the nearest one above that has content/site.yml)")
  var root: String?

  @Option(
    help: ArgumentHelp(
      "The moment to take for now, as 2026-11-23 or 2026-11-23T09:30:00+07:00.",
      valueName: "moment"))
  var now: Moment?

  @Option(help: Format.help)
  var format: Format = .text

  @Flag(help: "Fail on warnings too.")
  var warningsAsErrors = false

  @Flag(name: .shortAndLong, help: "Print findings alone.")
  var quiet = false

  @Option(help: "How many shards of certificates to work on at a time.")
  var jobs: Int = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    guard (1...256).contains(jobs) else {
      throw ValidationError("--jobs is a number from 1 to 256")
    }
  }

  /// The project folder.
  var rootFolder: FilePath {
    if let root { return absolute(root) }
    let current = FilePath(FileManager.default.currentDirectoryPath)
    var folder = current
    while !FileManager.default.fileExists(atPath: folder.appending("content/site.yml").string) {
      guard folder.removeLastComponent() else { return current }
    }
    return folder
  }

  /// Whether findings forbid to go on.
  func fails(_ findings: Findings) -> Bool {
    findings.hasErrors || (warningsAsErrors && findings.warningCount > 0)
  }

  var environment: Project.Environment { environment(findsUnusedFiles: false) }

  func environment(
    findsUnusedFiles: Bool, hasTextsAlone: Bool = false
  ) -> Project.Environment {
    let now = self.now ?? .moment(Date())
    return Project.Environment(
      root: rootFolder, hasTextsAlone: hasTextsAlone, findsUnusedFiles: findsUnusedFiles,
      signatureScriptPlaces: SignatureScript.placesOnThisMachine,
      pictureScaler: .ofThisMachine
    ) { now.moment(in: $0) }
  }

  /// Whether there is a project at all; nothing is made outside of one.
  var hasProject: Bool {
    FileManager.default.fileExists(atPath: rootFolder.appending("content/site.yml").string)
  }

  var keyFolder: KeyFolder {
    KeyFolder(rootFolder.appending("seeds/keys"), displayPath: "seeds/keys")
  }

  var ledgerStore: LedgerStore {
    LedgerStore(rootFolder.appending("seeds/ledger"), displayPath: "seeds/ledger")
  }

  /// A ledger that has not begun, at a place where none is ever written.
  var noLedger: LedgerStore {
    LedgerStore(rootFolder.appending(".canting-cache/no-ledger"), displayPath: "no ledger")
  }

  /// Now, as the clocks of a zone show it.
  func now(in zone: SiteTimeZone) -> SiteMoment { (now ?? .moment(Date())).moment(in: zone) }

  /// Today where no site's time zone is known.
  var todayInIndonesia: CalendarDate {
    (now ?? .moment(Date())).day(in: .indonesia)
  }

  /// The site that the user named, as a folder or a web address; the project's own if none was.
  func publishedSite(_ name: String?) -> PublishedSite {
    guard let name else {
      return PublishedSite(folder: rootFolder.appending("public"), displayPath: "public")
    }
    return PublishedSite(address: name) ?? PublishedSite(folder: absolute(name), displayPath: name)
  }

  /// The checkpoint of a site that was published; nil, with a finding, where it has none.
  func checkpoint(of site: String, findings: inout Findings) async throws -> [UInt8]? {
    let path = LogFile.checkpoint.path.text
    let note = try await publishedSite(site).read(path, limit: SignedNote.longest)
    if note == nil {
      findings.add(
        Diagnostic(
          "site-without-log", at: SourceLocation(path: "\(site)/\(path)"),
          message: "The ledger is held against the log of the published site, and there is none",
          hint: "look whether --site is right; before the first upload, leave it out"))
    }
    return note
  }

  /// A checkpoint or a proof that the user saved.
  func readNote(_ name: String) throws -> [UInt8] {
    try read(name, limit: SignedNote.longest)
  }

  /// A file that the user named, without which nothing can be checked.
  func read(_ name: String, limit: Int) throws -> [UInt8] {
    do {
      let bytes = try SourceFile.readBytes(absolute(name), displayPath: name, limit: limit)
      if let bytes { return bytes }
      Terminal.standardError("canting: there is no file \(visible(name))")
    } catch {
      Terminal.standardError("canting: \(visible(error.description))")
    }
    throw ExitStatus.couldNotBeChecked.code
  }

  /// A public key that the user named.
  func publicKey(_ text: String) throws -> PublicKey {
    if let key = PublicKey(multikey: text) { return key }
    do {
      return try NoteVerifier(text).key
    } catch {
      // Said below, for both forms.
    }
    throw ValidationError(
      "--key takes an Ed25519 public key as a Multikey (z6Mk…) or a verifier key (name+id+base64)")
  }

  /// A path as the user wrote it, made absolute.
  func absolute(_ path: String) -> FilePath {
    FilePath(FileManager.default.currentDirectoryPath).pushing(FilePath(path))
      .lexicallyNormalized()
  }
}

extension ProjectOptions {
  /// The project and its certificates' fingerprints, for commands that print lists.
  ///
  /// - Throws: an exit code, once the findings that stand in the way are printed.
  func projectWithFingerprints() async throws -> (Project, Fingerprints) {
    var findings = Findings()
    let project = try Project.load(environment, findings: &findings)
    guard let project, !(warningsAsErrors && findings.warningCount > 0) else {
      try Report<Check.Outcome>(options: self, findings: findings)
        .print(nil, isOK: false, summary: [])
      throw ExitStatus.inputHasErrors.code
    }
    let format = RecordFormat(registry: project.registry, secret: project.secret)
    return (
      project,
      try await Fingerprints.compute(of: project.registry, format: format, jobs: jobs)
    )
  }
}
