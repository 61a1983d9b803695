import Diagnostics
import Foundation
import Input

/// What holds between announcements, drafts and future ones included: one text in a language,
/// translations that agree, one spelling of a tag.
struct NewsCheck {
  /// In the order of their paths, so that the same one is always the other.
  private let announcements: [Announcement]

  init(announcements: [Announcement], now: SiteMoment) {
    // What expired is mended by nobody any more.
    self.announcements = announcements.filter { $0.state(at: now) != .expired }
      .sorted { $0.path < $1.path }
  }

  func run(findings: inout Findings) {
    findDoubleTranslations(findings: &findings)
    for group in Dictionary(grouping: announcements, by: \.pairing).sorted(by: { $0.key < $1.key })
    {
      compareTranslations(group.value, findings: &findings)
    }
    findSpellings(findings: &findings)
  }

  private func findDoubleTranslations(findings: inout Findings) {
    var first: [String: Announcement] = [:]
    for announcement in announcements {
      let key = "\(announcement.language)\n\(announcement.pairing)"
      if let other = first[key] {
        findings.add(
          announcement.diagnostic(
            "duplicate-translation", at: "translationKey",
            message: "An announcement has one text in a language, and \(other.path) is the same"
              + " announcement",
            hint: "give one of them another translationKey"))
      } else {
        first[key] = announcement
      }
    }
  }

  // MARK: Translations

  /// The settings that say the same in every language, and how they say it.
  private static let shared: [(key: String, value: @Sendable (Announcement) -> String)] = [
    ("date", { $0.moment.description }),
    ("publish", { $0.appears.description }),
    ("expires", { $0.expires?.description ?? "never" }),
    ("pinned", { $0.isPinned ? "yes" : "no" }),
  ]

  private func compareTranslations(_ texts: [Announcement], findings: inout Findings) {
    guard let first = texts.first else { return }
    for text in texts.dropFirst() where text.language != first.language {
      for setting in Self.shared where setting.value(text) != setting.value(first) {
        // Without a publish of its own, an announcement appears on its date: said already.
        let isSaid = setting.key == "publish" && !text.has("publish") && !first.has("publish")
        if !isSaid { findings.add(disagreement(setting, of: text, with: first)) }
      }
    }
  }

  /// Said where the setting stands: a text that lacks it can show no place of it.
  private func disagreement(
    _ setting: (key: String, value: @Sendable (Announcement) -> String), of text: Announcement,
    with other: Announcement
  ) -> Diagnostic {
    let (here, there) = text.has(setting.key) ? (text, other) : (other, text)
    return here.diagnostic(
      "translations-disagree", .warning, at: setting.key,
      message: "Translations of an announcement have the same `\(setting.key)`:"
        + " \(Self.words(setting.value(here))) here, and \(Self.words(setting.value(there))) in"
        + " \(there.path)",
      hint: "write the same `\(setting.key)` in both; if these are two announcements, give one a"
        + " translationKey of its own")
  }

  /// A moment as editors write it: midnight is the day alone.
  private static func words(_ value: String) -> String {
    guard let end = value.range(of: "T00:00:00") else { return value }
    return String(value[..<end.lowerBound])
  }

  // MARK: Tags

  /// A use of a tag.
  private struct Use {
    let announcement: Announcement
    let tag: Announcement.Tag

    var place: String {
      "\(announcement.path):\(tag.place.line):\(tag.place.column)"
    }
  }

  /// Reports the rarer spellings of a tag; of equally many, the one that came later.
  private func findSpellings(findings: inout Findings) {
    let uses = announcements.flatMap { announcement in
      announcement.tags.map { Use(announcement: announcement, tag: $0) }
    }
    // Two spellings are one word when only case, marks on letters and what joins words differ.
    let words = Dictionary(grouping: uses) { $0.tag.slug.replacing("-", with: "") }
    for (_, uses) in words.sorted(by: { $0.key < $1.key }) {
      let spellings = Dictionary(grouping: uses, by: \.tag.label)
      guard spellings.count > 1,
        let usual = spellings.values.max(by: {
          ($0.count, $1[0].announcement.path) < ($1.count, $0[0].announcement.path)
        })
      else { continue }
      for use in uses where use.tag.label != usual[0].tag.label {
        findings.add(
          use.announcement.text.diagnostic(
            "tag-spelling", .warning, at: use.tag.place,
            message: "A tag has one spelling: `\(use.tag.label)` here, and"
              + " `\(usual[0].tag.label)` at \(usual[0].place)",
            hint: "write `\(usual[0].tag.label)`, or change it there too"))
      }
    }
  }
}

extension Announcement {
  /// Whether the editor wrote a setting.
  func has(_ setting: String) -> Bool { places[setting] != nil }
}
