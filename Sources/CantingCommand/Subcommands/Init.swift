import ArgumentParser
import Diagnostics
import Files
import Foundation
import Input
import Proof
import SystemPackage

/// `canting init`
struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Begin a project of your own.",
    discussion: """
      Makes a folder with an empty register, standing pages in English and Indonesian, templates, and keys of \
      its own. What is not named is asked for on a terminal. The domain is for good: codes, credentials and \
      the log are named after it.

      Examples:
        canting init sertifikat --domain sertifikat.lsp-contoh.or.id --name "LSP Contoh" \\
          --licence BNSP-LSP-1234-ID
        canting init sertifikat
      """)

  @Argument(help: "The folder, which is made.")
  var folder: String

  @Option(help: "The official domain, as printed on every certificate.")
  var domain: String?

  @Option(help: "The name of the certification body, as printed.")
  var name: String?

  @Option(help: "Its licence number, as printed.")
  var licence: String?

  @Option(help: ArgumentHelp("The first day of this licence, as 2020-01-31.", valueName: "day"))
  var since: String?

  @Option(help: "Its postal address.")
  var address: String?

  @Option(help: "Its e-mail address for questions about certificates.")
  var email: String?

  @Flag(name: .shortAndLong, help: "Print nothing but what stands in the way.")
  var quiet = false

  func run() throws {
    let root = FilePath(FileManager.default.currentDirectoryPath).pushing(FilePath(folder))
      .lexicallyNormalized()
    try refuseOccupied(root)
    let asks = FileHandle.standardInput.isTerminal
    let answers = Answers(
      domain: try answer(
        domain, "--domain", "The official domain, as in sertifikat.lsp-contoh.or.id", asks),
      name: try answer(name, "--name", "The name of the certification body, as printed", asks),
      licence: try answer(licence, "--licence", "Its licence number, as printed", asks),
      since: since ?? "2000-01-01",
      address: try optional(address, "--address", "Its postal address", asks),
      email: try optional(email, "--email", "Its e-mail address", asks))
    if let problem = answers.problem { throw ValidationError(problem) }
    let starter = try StarterFiles.find()
    try starter.copy(to: root, displayPath: folder)
    for (path, text) in answers.files {
      try write(text, to: root.appending(path), displayPath: "\(folder)/\(path)")
    }
    var findings = Findings()
    let today = SiteTimeZone.indonesia.moment(
      secondsSinceEpoch: Int(Date().timeIntervalSince1970)
    ).day
    let made = try KeyFolder(root.appending("seeds/keys"), displayPath: "\(folder)/seeds/keys")
      .makeNew(today: today, isLogBegun: false, findings: &findings)
    guard !quiet else { return }
    for line in summary(answers, made) { Terminal.standardOutput(line) }
  }

  private func refuseOccupied(_ root: FilePath) throws {
    let files = FileManager.default
    guard files.fileExists(atPath: root.string) else { return }
    let entries: [String]
    do {
      entries = try files.contentsOfDirectory(atPath: root.string)
    } catch {
      throw MachineFailure("read \(folder)", reason: error.localizedDescription)
    }
    guard !entries.isEmpty else { return }
    throw ValidationError("\(visible(folder)) is not empty; name a folder that is not there yet")
  }

  private func answer(
    _ given: String?, _ option: String, _ question: String, _ asks: Bool
  ) throws -> String {
    if let given { return given }
    guard asks else { throw ValidationError("\(option) is missing: \(question.lowercasedFirst)") }
    while true {
      FileHandle.standardError.write(Data("\(question): ".utf8))
      guard let line = readLine() else { throw ValidationError("\(option) is missing") }
      let text = line.trimmingCharacters(in: .whitespaces)
      if !text.isEmpty { return text }
    }
  }

  /// What may be filled in later; it is asked for where somebody can answer.
  private func optional(
    _ given: String?, _ option: String, _ question: String, _ asks: Bool
  ) throws -> String? {
    guard given == nil, asks else { return given }
    return try answer(nil, option, question, true)
  }

  private func write(_ text: String, to file: FilePath, displayPath path: String) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(fileURLWithPath: file.string), options: .withoutOverwriting)
    } catch {
      throw MachineFailure("write \(path)", reason: error.localizedDescription)
    }
  }

  private func summary(_ answers: Answers, _ keys: [String]) -> [String] {
    [
      "made   \(visible(folder))/ for \(visible(answers.name)) at https://\(visible(answers.domain))",
      "keys   \(keys.joined(separator: ", "))",
      "       back them up now: without them no code can be printed again and nothing can be signed",
      "next   cd \(visible(folder))",
      "       canting import WORKBOOK    takes your register: the columns, schemes and batches that it has",
      "       canting check              says what is left to do",
    ]
  }
}

extension String {
  fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}

extension FileHandle {
  /// Whether a person types here.
  fileprivate var isTerminal: Bool { FileDescriptor(rawValue: fileDescriptor).isTerminal }
}

/// What a new project is told of the institution.
private struct Answers {
  let domain: String
  let name: String
  let licence: String
  let since: String
  let address: String?
  let email: String?

  /// Why it cannot be used; nil where it can.
  var problem: String? {
    if domain.wholeMatch(of: /[a-z0-9]([a-z0-9\-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9\-]*[a-z0-9])?)+/)
      == nil
    {
      return "--domain is a domain in small letters, without https:// and without a path"
    }
    if domain.wholeMatch(of: /.*\.(example|test|invalid|localhost)/) != nil {
      return
        "--domain is your own domain; .\(domain.split(separator: ".").last ?? "") belongs to nobody"
    }
    if CalendarDate(iso: since) == nil { return "--since is a day, as in 2020-01-31" }
    return nil
  }

  /// The files of a project that are its own, by their paths.
  var files: [(path: String, text: String)] {
    [
      ("content/site.yml", site),
      (
        "seeds/schemes.yml",
        "# The schemes in which people are certified; `canting import` writes those of a workbook.\n[]\n"
      ),
      ("seeds/registry.csv", "number,holder,scheme,issued,expires,status,status_date,batch\n"),
      (".gitignore", Self.ignored), ("README.md", readme),
    ]
  }

  private var site: String {
    let quotedName = New.quoted(name)
    return """
      # Who you are, and where the site lies.
      title:
        en: \(New.quoted("Certificates of \(name)"))
        id: \(New.quoted("Sertifikat \(name)"))
      description:
        en: \(New.quoted("The public register of certificates issued by \(name). Check a certificate by its code."))
        id: \(New.quoted("Register publik sertifikat yang diterbitkan oleh \(name). Periksa sertifikat dengan kodenya."))
      url: https://\(domain)
      specimen: false
      time_zone: Asia/Jakarta
      navigation: [verify, schemes, request, how-it-works, trust, news, about]

      registry:
        file: registry.csv

      # A certificate prints the edition in force on its issue date. When name or licence change, add an
      # edition with its first day; never change one.
      issuer:
        - {from: \(since), name: \(quotedName), licence: \(New.quoted(licence))}

      contact:
        address: \(New.quoted(address ?? "TODO: street and town"))
        email: \(New.quoted(email ?? "TODO: an address that is read"))

      """
  }

  private static let ignored = """
    # What leads to people or lets others sign stays out.
    /seeds/keys/*
    !/seeds/keys/history.yml
    /seeds/ledger/
    /seeds/registry.*
    /seeds/*.xlsx
    /seeds/*.sqlite
    /codes*
    /labels*
    # What is made anew.
    /public/
    /.canting/
    /.canting-cache/

    """

  private var readme: String {
    """
    # Certificates of \(name)

    The register and the announcements of https://\(domain), published with Canting.

        canting check                # what is wrong, and what would be sealed
        canting build --new-log      # the first time; then: canting build
        canting deploy production    # once content/site.yml names a target

    seeds/keys/ and seeds/ledger/ exist once. Back up the keys now, and the ledger after every build.

    """
  }
}
