import Content
import Diagnostics
import Foundation
import Input
import Proof
import Registry
import SystemPackage
import TestSupport
import Testing

/// Whatever bytes a file holds, a reader ends with a value or with findings that can be shown.
@Suite struct FuzzTests {
  /// What every finding must be, whatever it is about.
  private func check(_ findings: Findings, of bytes: [UInt8], _ fuzzer: Fuzzer) {
    let lines = bytes.count { $0 == 0x0A || $0 == 0x0D } + 2
    for finding in findings.diagnostics {
      #expect(!finding.message.isEmpty && !finding.hint.isEmpty, "seed \(fuzzer.seed)")
      if case .line(let line, let column) = finding.location.place {
        #expect(line >= 1 && line <= lines && column >= 1, "\(finding), seed \(fuzzer.seed)")
      }
      _ = DiagnosticPrinter(colour: false).text(for: finding)
    }
  }

  @Test func registriesAreReadOrExplained() throws {
    var fuzzer = try Fuzzer(
      "registry",
      tokens: [
        "\"", "\"\"", ",", ";", "\t", "\r\n", "\r", "\n", "\u{FEFF}", "sep=;\n", "\u{0}", "\u{A0}",
        "\u{202E}", "\u{301}", "number", "holder", "revoked", "dicabut", "erased", "31/02/2024",
        "45580", "2024-10-15", "PBT", "=1+1", "1E5", "\u{1F600}", "superseded_by", "1",
      ])
    let small = try SmallRegistry()
    while let bytes = try fuzzer.next() {
      let (registry, findings) = try small.load(bytes)
      check(findings, of: bytes, fuzzer)
      #expect((registry == nil) == findings.hasErrors, "seed \(fuzzer.seed)")
      guard let registry else { continue }
      let certificates = try registry.allCertificates()
      #expect(certificates.count == registry.count, "seed \(fuzzer.seed)")
      for certificate in certificates {
        #expect(
          registry.ordinal(number: certificate.number, revision: certificate.revision)
            == certificate.ordinal, "seed \(fuzzer.seed)")
      }
    }
  }

  @Test func textsAreReadOrExplained() throws {
    var fuzzer = try Fuzzer(
      "text",
      tokens: [
        "---\n", "title: ", "date: ", "2026-01-02", "tags: [a, b]", "extra:\n  a: 1\n", "&a", "*a",
        "<<: *a", "!!binary ", "|\n", "{a: b}", "<script>alert(1)</script>", "<!--", "-->",
        "[a](javascript:alert(1))", "![](x.png)", "[a](cert:1)", "# ", "```\n", "> ", "* ", "\u{0}",
        "\u{FEFF}", "\u{2028}", "&#0;", "&lt;", "\\", "[a]: b\n", "updated: 9999-12-31\n", "%",
      ])
    let folder = try TemporaryFolder()
    let zone = try #require(SiteTimeZone("Asia/Jakarta"))
    let now = try #require(SiteMoment("2026-11-23", in: zone))
    let settings = ContentSettings(languages: ["en", "id"], timeZone: zone, now: now)
    while let bytes = try fuzzer.next() {
      try folder.write("news/2026-01-02-a.en.md", bytes)
      var findings = Findings()
      let content = try Content.load(
        folder.path, shownAs: "content", settings: settings, findings: &findings)
      check(findings, of: bytes, fuzzer)
      for announcement in content.announcements + content.withheld {
        #expect(!announcement.title.isEmpty, "seed \(fuzzer.seed)")
        let html = announcement.text.html { _ in .asWritten }.lowercased()
        #expect(!html.contains("<script") && !html.contains("\"javascript:"), "seed \(fuzzer.seed)")
      }
    }
  }

  @Test func canonicalJSONIsOneFormOfWhatWasRead() throws {
    var fuzzer = try Fuzzer(
      "json",
      tokens: [
        "{", "}", "[", "]", ",", ":", "\"", "\\u0000", "\\ud800", "\\udc00", "\\ud83d\\ude00",
        "\\/",
        "-0", "0", "1e9", "9007199254740991", "9007199254740992", "true", "false", "null", "\u{E9}",
        "e\u{301}", "\u{1F600}", "\u{0}", " ", "\n", "\"a\":1",
      ])
    while let bytes = try fuzzer.next() {
      let value: JSONValue
      do {
        value = try JSONParser.parse(bytes)
      } catch {
        #expect(!error.description.isEmpty, "seed \(fuzzer.seed)")
        continue
      }
      let canonical = CanonicalJSON.encode(value)
      #expect(try JSONParser.parse(canonical) == value, "seed \(fuzzer.seed)")
      #expect(CanonicalJSON.encode(try JSONParser.parse(canonical)) == canonical)
    }
  }
}
