import Diagnostics
import Registry
import RegistrySupport
import TestSupport
import Testing

/// Every rule of the registry, broken once: which id, where.
@Suite struct RegistryRulesTests {
  struct Broken: CustomTestStringConvertible, Sendable {
    let rule: String
    let rows: [String]
    /// `line:column` of the finding.
    let place: String

    var testDescription: String { rule }
  }

  static let header =
    "number,revision,registration,holder,scheme,issued,expires,status,status_date,status_reason,"
    + "superseded_by,regency,province,batch,assessor,listed"

  /// A row of the table above from the values that matter.
  static func row(
    _ number: String = "N 1", revision: String = "", holder: String = "Ani", scheme: String = "PBT",
    issued: String = "2024-10-15", expires: String = "", status: String = "", date: String = "",
    by: String = "", listed: String = ""
  ) -> String {
    [
      number, revision, "", holder, scheme, issued, expires, status, date, "", by, "", "", "", "",
      listed,
    ].joined(separator: ",")
  }

  static let cases: [Broken] = [
    Broken(
      rule: "duplicate-certificate-number", rows: [row(), row("N 2"), row(holder: "Budi")],
      place: "4:1"),
    Broken(rule: "unknown-scheme", rows: [row(scheme: "PBX")], place: "2:11"),
    Broken(rule: "impossible-date", rows: [row(issued: "2023-02-29")], place: "2:15"),
    Broken(rule: "impossible-date", rows: [row(issued: "10/15/2024")], place: "2:15"),
    Broken(rule: "unreadable-date", rows: [row(issued: "last week")], place: "2:15"),
    Broken(rule: "unreadable-date", rows: [row(issued: "45580")], place: "2:15"),
    Broken(rule: "unreadable-date", rows: [row(issued: "15/10/24")], place: "2:15"),
    Broken(rule: "future-date", rows: [row(issued: "2026-11-24")], place: "2:15"),
    Broken(rule: "expiry-before-issue", rows: [row(expires: "2024-10-14")], place: "2:26"),
    Broken(rule: "status-without-date", rows: [row(status: "revoked")], place: "2:27"),
    Broken(
      rule: "unknown-status", rows: [row(status: "revokd", date: "2025-01-01")], place: "2:27"),
    Broken(
      rule: "status-before-issue", rows: [row(status: "dicabut", date: "2024-10-14")], place: "2:35"
    ),
    Broken(
      rule: "unknown-successor",
      rows: [row(status: "superseded", date: "2025-01-01", by: "N 9")], place: "2:50"),
    Broken(
      rule: "superseded-without-successor", rows: [row(status: "superseded", date: "2025-01-01")],
      place: "2:27"),
    Broken(rule: "successor-without-status", rows: [row(by: "N 2"), row("N 2")], place: "2:30"),
    Broken(
      rule: "succession-cycle",
      rows: [row(status: "superseded", date: "2025-01-01", by: "N 1")], place: "2:50"),
    Broken(rule: "forbidden-character", rows: [row(holder: "A\u{202E}ni")], place: "2:7"),
    Broken(rule: "forbidden-character", rows: [row(holder: "A\u{200B}ni")], place: "2:7"),
    Broken(rule: "forbidden-character", rows: [row(holder: "A\u{1B}[1m")], place: "2:7"),
    Broken(rule: "forbidden-character", rows: [row(holder: "A\u{F0000}")], place: "2:7"),
    Broken(rule: "empty-required-field", rows: [row(holder: " \u{A0} ")], place: "2:7"),
    Broken(rule: "empty-required-field", rows: [row("")], place: "2:1"),
    Broken(rule: "wrong-field-count", rows: [row() + ",more"], place: "2:1"),
    Broken(rule: "wrong-field-count", rows: ["N 1,,,Ani"], place: "2:1"),
    Broken(rule: "text-after-quote", rows: [row(holder: "\"Ani\"x")], place: "2:12"),
    Broken(rule: "unclosed-quote", rows: [row(holder: "\"Ani")], place: "2:1"),
    Broken(rule: "bad-revision", rows: [row(revision: "two")], place: "2:5"),
    Broken(
      rule: "revision-out-of-order", rows: [row(), row(revision: "2", issued: "2024-10-14")],
      place: "3:16"),
    Broken(
      rule: "status-of-old-revision",
      rows: [row(status: "revoked", date: "2025-01-01"), row(revision: "2", issued: "2025-02-01")],
      place: "2:27"),
    Broken(rule: "formula-in-text", rows: [row(holder: "=HYPERLINK(1)")], place: "2:7"),
    Broken(rule: "rounded-number", rows: [row("1.31347E+21")], place: "2:1"),
    Broken(rule: "unknown-listed", rows: [row(listed: "perhaps")], place: "2:35"),
    Broken(rule: "issued-before-scheme", rows: [row(issued: "2018-05-05")], place: "2:15"),
    Broken(
      rule: "expired-before-date", rows: [row(status: "kedaluwarsa", date: "2025-01-01")],
      place: "2:27"),
  ]

  @Test(arguments: cases)
  func namesTheRuleAndItsPlace(broken: Broken) throws {
    let text = ([Self.header] + broken.rows).joined(separator: "\n") + "\n"
    let (registry, findings) = try SmallRegistry().load(text)
    #expect(registry == nil)
    let found = findings.diagnostics.filter { $0.id.name == broken.rule }
    #expect(
      found.map(\.location.description) == ["seeds/registry.csv:\(broken.place)"],
      "found \(findings.diagnostics.map { "\($0.location) \($0.id.name)" })")
    #expect(found.allSatisfy { $0.severity == .error && !$0.hint.isEmpty })
  }

  @Test func aRowIsToldEverythingThatIsWrongWithIt() throws {
    let text =
      Self.header + "\n" + Self.row()
      + "\n"
      + Self.row(
        holder: "A\u{202E}", scheme: "XX", issued: "2023-02-29", status: "revoked",
        listed: "perhaps") + "\n"
    let (_, findings) = try SmallRegistry().load(text)
    #expect(
      findings.diagnostics.map(\.id.name) == [
        "forbidden-character", "impossible-date", "unknown-scheme", "unknown-listed",
        "status-without-date", "duplicate-certificate-number",
      ])
  }

  @Test func aRowThatCannotBeReadIsNotMissedByOthers() throws {
    let text =
      Self.header + "\n" + Self.row("N 1", status: "superseded", date: "2025-01-01", by: "N 2")
      + "\nN 2,,,Ani\n"
    let (_, findings) = try SmallRegistry().load(text)
    #expect(findings.diagnostics.map(\.id.name) == ["wrong-field-count"])
  }

  @Test func anEmptyRegistryIsSuspicious() throws {
    let (registry, findings) = try SmallRegistry().load(Self.header + "\n")
    #expect(registry?.count == 0)
    #expect(findings.diagnostics.map(\.id.name) == ["no-certificates"])
    #expect(findings.hasErrors == false)
  }

  @Test func anErasedRowHasNothingButItsNumber() throws {
    let header = "number,holder,scheme,issued,status,status_date\n"
    let small = try SmallRegistry()
    let (found, _) = try small.load(
      header + "N 1,,,,erased,2025-01-01\nN 2,Ani,PBT,2024-10-15,,\nN 3,,,,dihapus,2025-02-01\n")
    let registry = try #require(found)
    #expect(registry.count == 1)
    #expect(registry.allCertificates().map(\.holder.string) == ["Ani"])
    #expect(registry.erasures.map(\.number.string) == ["N 1", "N 3"])
    let (refused, findings) = try small.load(header + "N 1,Ani,PBT,2024-10-15,erased,2025-01-01\n")
    #expect(refused == nil)
    #expect(findings.diagnostics.map(\.id.name) == ["erased-with-data"])
  }

  @Test func everyBrokenRowIsReportedAtOnce() throws {
    let rows = Self.cases.filter { !["unclosed-quote"].contains($0.rule) }
    for broken in rows {
      // Two rows that are wrong in different ways, and one that is right between them.
      let text =
        [Self.header, Self.row("X 1", scheme: "nope"), Self.row("X 2")].joined(separator: "\n")
        + "\n" + broken.rows.joined(separator: "\n") + "\n"
      let (_, findings) = try SmallRegistry().load(text)
      let ids = findings.diagnostics.map(\.id.name)
      #expect(ids.contains("unknown-scheme"))
      #expect(ids.contains(broken.rule))
    }
  }

  @Test(arguments: [
    ("number,holder,scheme,issued,statuss", "unknown-column", "did you mean `status`?"),
    ("number,holder,scheme", "missing-column", "add the column `issued`"),
    ("number,holder,scheme,issued,number", "duplicate-column", "remove one of the columns"),
  ])
  func checksTheHeader(header: String, id: String, hint: String) throws {
    let (registry, findings) = try SmallRegistry().load(header + "\n")
    #expect(registry == nil)
    let finding = try #require(findings.diagnostics.first)
    #expect(finding.id.name == id)
    #expect(finding.hint.hasPrefix(hint))
  }

  @Test func anExcerptNeverShowsPersonalData() throws {
    let text = """
      number,NIK,holder,Tanggal Lahir,scheme,issued,Alamat Rumah
      N 1,3404123456789012,A\u{202E}ni,1980-05-06,PBT,2023-02-29,"Jl. Mawar 5,
      Bantul"

      """
    let (_, findings) = try SmallRegistry().load(text)
    #expect(findings.diagnostics.map(\.id.name) == ["forbidden-character", "impossible-date"])
    for finding in findings.diagnostics {
      let shown = DiagnosticPrinter(colour: false).text(for: finding)
      for secret in ["3404123456789012", "1980-05-06", "Mawar", "Bantul"] {
        #expect(!shown.contains(secret))
      }
    }
    #expect(findings.diagnostics[1].location.description == "seeds/registry.csv:2:42")
    #expect(findings.diagnostics[1].excerpt == Excerpt(line: "2023-02-29", column: 1, length: 10))
  }

  /// A comma without quotes and a missing field leave the count right and shift the row.
  @Test func aShiftedRowShowsNoPersonalDataEither() throws {
    let text = """
      number,holder,NIK,scheme,issued,E-mail
      N 1,Ani,3404123456789012,PBT,2024-10-15,ani@example.org
      N 2,Siti, S.Sn.,3404123456789012,PBT,siti@example.org

      """
    let (registry, findings) = try SmallRegistry().load(text)
    #expect(registry == nil && findings.errorCount == 2)
    for finding in findings.diagnostics {
      let shown = DiagnosticPrinter(colour: false).text(for: finding)
      #expect(!shown.contains("3404") && !shown.contains("example.org"))
    }
  }

  @Test func aRegistryWithoutHeaderShowsNoneOfItsRows() throws {
    let (registry, findings) = try SmallRegistry().load("N 1,Ani,3404123456789012,2024-10-15\n")
    #expect(registry == nil)
    #expect(findings.diagnostics.map(\.id.name) == ["missing-header"])
    let shown = findings.diagnostics.map { DiagnosticPrinter(colour: false).text(for: $0) }
    #expect(!shown.joined().contains("Ani") && !shown.joined().contains("3404"))
  }

  @Test func columnsWithoutNamesAreEmptyOrRefused() throws {
    let (registry, _) = try SmallRegistry().load(
      "number;holder;scheme;issued;;\nN 1;Ani;PBT;2024-10-15;;\n")
    #expect(registry?.count == 1)
    let (other, findings) = try SmallRegistry().load(
      "number;holder;scheme;issued;;\nN 1;Ani;PBT;2024-10-15;x;\n")
    #expect(other == nil)
    #expect(findings.diagnostics.map(\.id.name) == ["value-without-column"])
  }

  @Test func saysOnceThatPersonalColumnsWereLeftOut() throws {
    let (registry, findings) = try SmallRegistry().load(
      "number,NIK,holder,scheme,issued,No. HP,E-mail\nN 1,1,Ani,PBT,2024-10-15,2,3\n")
    #expect(registry?.count == 1)
    #expect(findings.notes.count == 1)
    #expect(findings.notes[0].contains("`NIK`, `No. HP`, `E-mail`"))
  }

  @Test func refusesToMapPersonalDataOntoACertificate() throws {
    var small = try SmallRegistry()
    small.columns = [.holder: "NIK"]
    let (registry, findings) = try small.load("number,NIK,scheme,issued\nN 1,1,PBT,2024-10-15\n")
    #expect(registry == nil)
    #expect(findings.diagnostics.map(\.id.name) == ["personal-data-mapped"])
  }
}
