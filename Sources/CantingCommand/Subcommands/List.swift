import ArgumentParser
import Content
import Diagnostics
import Input
import Project
import SystemPackage

/// `canting list`
struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List announcements that readers do not see, and when the site will change.",
    discussion: """
      Without a choice, all three kinds.

      Examples:
        canting list
        canting list --drafts
        canting list --future --format json
      """)

  @Flag(help: "Drafts.")
  var drafts = false

  @Flag(help: "Those that are to appear later.")
  var future = false

  @Flag(help: "Those whose time is over.")
  var expired = false

  @OptionGroup var options: ProjectOptions

  /// What `--format json` prints.
  struct Outcome: Encodable {
    struct Item: Encodable {
      let path: String
      let title: String
      let state: String
      let appears: String
      let expires: String?
    }

    struct Change: Encodable {
      let moment: String
      let path: String
      let title: String
      /// `appears` or `expires`.
      let event: String
    }

    let announcements: [Item]
    let nextChange: Change?
  }

  func run() throws {
    var findings = Findings()
    let site = try SiteConfiguration.load(root: options.rootFolder, findings: &findings)
    let settings = options.environment.contentSettings(for: site)
    let content = try Content.load(
      options.rootFolder.appending("content"), displayPath: "content", settings: settings,
      findings: &findings)
    let now = settings.now
    var wanted: Set<Announcement.State> = []
    if drafts { wanted.insert(.draft) }
    if future { wanted.insert(.future) }
    if expired { wanted.insert(.expired) }
    let items = content.withheld.filter { wanted.isEmpty || wanted.contains($0.state(at: now)) }
      .map { text in
        Outcome.Item(
          path: text.path, title: text.title, state: "\(text.state(at: now))",
          appears: text.appears.description, expires: text.expires?.description)
      }
    var lines = items.map { "\($0.state)  \($0.path)  \(visible($0.title))" }
    let next = content.nextChange(after: now)
    var change: Outcome.Change?
    if let next {
      let event = next.moment == next.what.appears ? "appears" : "expires"
      change = Outcome.Change(
        moment: next.moment.description, path: next.what.path, title: next.what.title,
        event: event)
      let zone = settings.timeZone.abbreviation(at: next.moment)
      lines.append(
        "next change: \(next.moment.day) \(next.moment.clock) \(zone),"
          + " '\(visible(next.what.title))' \(event)")
    } else {
      lines.append("next change: none; nothing is waiting for its time")
    }
    let lists = try BuiltStatusLists(
      of: options.rootFolder.appending("public"), displayPath: "public")
    if let end = lists.end, next.map({ end < $0.moment.day }) ?? true {
      change = Outcome.Change(
        moment: "\(end)", path: "public/status", title: "signed lists of revoked certificates",
        event: "expires")
      lines[lines.count - 1] =
        "next change: after \(end) the signed lists of revoked and suspended certificates are over; build by then"
    }
    let isOK = !findings.hasErrors
    try Report<Outcome>(options: options, findings: findings)
      .print(Outcome(announcements: items, nextChange: change), isOK: isOK, summary: lines)
    if !isOK { throw ExitStatus.inputHasErrors.code }
  }
}
