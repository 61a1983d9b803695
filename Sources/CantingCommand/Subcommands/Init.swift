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

  /// The register of a new project.
  static let emptyRegister = "number,holder,scheme,issued,expires,status,status_date,batch\n"

  func run() throws {
    let root = FilePath(FileManager.default.currentDirectoryPath).pushing(FilePath(folder))
      .lexicallyNormalized()
    try refuseOccupied(root)
    let asks = FileHandle.standardInput.isTerminal
    let answers = Answers(
      domain: try answer(.domain, domain, asks),
      name: try answer(.name, name, asks), licence: try answer(.licence, licence, asks),
      since: since == nil && !asks ? "2000-01-01" : try answer(.since, since, asks),
      address: address == nil && !asks ? nil : try answer(.address, address, asks),
      email: email == nil && !asks ? nil : try answer(.email, email, asks))
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

  /// What was named, or else what somebody answers, once it can be used.
  private func answer(_ question: Question, _ given: String?, _ asks: Bool) throws -> String {
    if let given {
      let text = question.normal(given)
      if let problem = question.problem(with: text) {
        throw ValidationError("--\(question.rawValue) \(problem)")
      }
      return text
    }
    guard asks else {
      throw ValidationError("--\(question.rawValue) is missing: \(question.words)")
    }
    while true {
      FileHandle.standardError.write(Data("\(question.words): ".utf8))
      guard let line = readLine() else {
        throw ValidationError("--\(question.rawValue) is missing: \(question.words)")
      }
      let text = question.normal(line)
      guard let problem = question.problem(with: text) else { return text }
      Terminal.standardError("it \(problem)")
    }
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
      "look   the licence is said to hold since \(answers.since); content/site.yml needs an edition for each that you had",
      "next   cd \(visible(folder))",
      "       canting import WORKBOOK    takes your register: the columns, schemes and batches that it has",
      "       canting check              says what is left to do",
    ]
  }
}

/// What a new project has to be told.
private enum Question: String {
  case domain, name, licence, since, address, email

  var words: String {
    switch self {
    case .domain: "the official domain, as in sertifikat.nama-lsp.or.id"
    case .name: "the name of the certification body, as printed"
    case .licence: "its licence number, as printed"
    case .since: "the first day of this licence, as 2024-01-31"
    case .address: "its postal address"
    case .email: "its e-mail address for questions about certificates"
    }
  }

  func normal(_ text: String) -> String {
    let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
    return self == .domain ? trimmed.lowercased() : trimmed
  }

  /// Why an answer cannot be used, in words that follow its name; nil where it can.
  func problem(with text: String) -> String? {
    if text.isEmpty { return "is empty" }
    if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
      return "has more than one line"
    }
    switch self {
    case .domain: return Self.problem(withDomain: text)
    case .since:
      let today = SiteTimeZone.indonesia.moment(
        secondsSinceEpoch: Int(Date().timeIntervalSince1970)
      ).day
      guard let day = CalendarDate(iso: text) else { return "is a day, as in 2024-01-31" }
      return day > today ? "is not after today" : nil
    case .email:
      return text.wholeMatch(of: /[^\s@]+@[^\s@]+\.[^\s@]+/) == nil
        ? "is written as name@domain" : nil
    case .name, .licence, .address: return nil
    }
  }

  private static func problem(withDomain text: String) -> String? {
    let label = /[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?/
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    guard labels.count > 1, labels.allSatisfy({ $0.wholeMatch(of: label) != nil }),
      labels.last?.contains(where: \.isLetter) ?? false
    else { return "is a domain alone, without https://, port and path" }
    let nobodys = ["example", "test", "invalid", "localhost"]
    let isNobodys =
      nobodys.contains { text.hasSuffix(".\($0)") }
      || ["example.com", "example.org", "example.net"].contains {
        text == $0 || text.hasSuffix(".\($0)")
      }
    return isNobodys ? "is a domain of your own, and this one belongs to nobody" : nil
  }
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

  /// The files of a project that are its own, by their paths.
  var files: [(path: String, text: String)] {
    [
      ("content/site.yml", site),
      (
        "seeds/schemes.yml",
        "# The schemes in which people are certified; `canting import` writes those of a workbook.\n[]\n"
      ),
      ("seeds/registry.csv", Init.emptyRegister),
      (".gitignore", Self.ignored), ("README.md", readme),
    ]
  }

  private var site: String {
    let quotedName = AnnouncementFile.quoted(name)
    return """
      # Who you are, and where the site lies.
      title:
        en: \(AnnouncementFile.quoted("Certificates of \(name)"))
        id: \(AnnouncementFile.quoted("Sertifikat \(name)"))
      description:
        en: \(AnnouncementFile.quoted("The public register of certificates issued by \(name). Check a certificate by its code."))
        id: \(AnnouncementFile.quoted("Register publik sertifikat yang diterbitkan oleh \(name). Periksa sertifikat dengan kodenya."))
      url: https://\(domain)
      specimen: false
      time_zone: Asia/Jakarta
      navigation: [verify, schemes, request, how-it-works, trust, news, about]

      registry:
        file: registry.csv

      # A certificate prints the edition in force on its issue date. When name or licence change, add an
      # edition with its first day; never change one.
      issuer:
        - {from: \(since), name: \(quotedName), licence: \(AnnouncementFile.quoted(licence))}

      contact:
        address: \(AnnouncementFile.quoted(address ?? "TODO: street and town"))
        email: \(AnnouncementFile.quoted(email ?? "TODO: an address that is read"))

      """
  }

  private static let ignored = """
    # What leads to people or lets others sign stays out.
    /seeds/*
    !/seeds/schemes.yml
    !/seeds/batches.csv
    !/seeds/exports.csv
    !/seeds/keys/
    /seeds/keys/*
    !/seeds/keys/history.yml
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
