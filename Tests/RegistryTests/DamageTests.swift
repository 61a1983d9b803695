import Diagnostics
import Registry
import RegistrySupport
import Testing

/// Values that were damaged on their way into the registry, each with the nearest that was not.
@Suite struct DamageTests {
  struct Damage: CustomTestStringConvertible, Sendable {
    let rule: String
    let column: String
    let damaged: [String]
    let whole: [String]

    var testDescription: String { "\(rule) in \(column)" }
  }

  static let cases = [
    Damage(
      rule: "spreadsheet-error-value", column: "holder",
      damaged: [
        "#N/A", "#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "########", "##", "#NV",
        "#BEZUG!", "#WERT!", "#¡VALOR!", "#¿NOMBRE?", "#ССЫЛКА!", "#SPILL!", "#GETTING_DATA",
        "Err:508",
        "Siti #REF!", "#ИМЯ?",
      ], whole: ["Siti", "Nomor 1", "Siti # Aminah"]),
    Damage(
      rule: "spreadsheet-error-value", column: "issued", damaged: ["#N/A", "########"],
      whole: ["2024-10-15"]),
    Damage(
      rule: "spreadsheet-error-value", column: "number", damaged: ["#REF!", "#N/A", "#########"],
      whole: ["#12", "A 12"]),
    Damage(
      rule: "word-for-nothing", column: "holder",
      damaged: [
        "NULL", "null", "nan", "NaN", "None", "N/A", "n.a.", "undefined", "(null)", "<null>", "\\N",
        "nil", "(blank)", "kosong", "Tidak Ada", "NaT", "TBD", "TRUE", "False", "FALSCH", "xx",
        "XXXX",
        "Nihil", "idem", "S.D.A.", "test", "Dummy",
      ],
      whole: [
        "Nani", "Nul", "Nona", "Nila", "Kosongan", "Nanda", "Testi", "Truelove", "Xena", "X",
        "Sada",
      ]),
    Damage(
      rule: "word-for-nothing", column: "registration",
      damaged: ["nan", "NULL", "None", "undefined", "N/A"],
      whole: ["", "-", "—", "BTK.0000.00001.2024"]),
    Damage(
      rule: "word-for-nothing", column: "status", damaged: ["NULL", "nan"],
      whole: ["", "-", "valid"]),
    Damage(
      rule: "rounded-number", column: "number",
      damaged: [
        "1.31347E+21", "1,31347E+21", "1.31347E21", "1.31E21", "1E+21", "131347318200000000000",
      ],
      whole: [
        "131347318200001234567", "13134 7318 2 0000001 2024", "1E21", "2024E1",
        "12000000",
      ]),
    Damage(
      rule: "rounded-number", column: "registration", damaged: ["1.3E+15", "1,5E21"],
      whole: ["13E-1", "13.5"]),
    Damage(
      rule: "number-changed", column: "number",
      damaged: [
        "20240001.0", "20240001,00", "'00012", "’00012", "`00012", "'A 12", "1,313,473",
        "15-Okt-24",
        "1-Feb", "Jan-23", "2023-01-01 00:00:00", "2023-01-01T00:00:00.000",
      ],
      whole: ["2024.0001", "00012", "LSP-1.0", "1,313", "15-Okt-24/A", "2023-01", "A'12", "1.0.2"]),
    Damage(
      rule: "number-changed", column: "batch", damaged: ["12.0", "'2024-1"],
      whole: ["2023/01", "12", "JA-23"]
    ),
    Damage(
      rule: "damaged-text", column: "number",
      // The first A, the B and the last A are Cyrillic or Greek.
      damaged: ["А 12", "A 1２", "A ١٢", "LSP𝟏", "A Β12", "LSPА-1"],
      whole: ["A 12", "LSP-12", "Æ 12"]),
    Damage(
      rule: "long-text", column: "holder",
      damaged: [String(repeating: "Siti ", count: 40) + "S"],
      whole: [String(repeating: "Siti ", count: 39) + "Siti"]),
    Damage(
      rule: "long-text", column: "registration",
      damaged: [String(repeating: "B", count: 101)], whole: [String(repeating: "B", count: 100)]),
    Damage(
      rule: "damaged-text", column: "holder",
      damaged: [
        "Nurâ€™aini", "RÃ©na", "Ren√©", "Ren‚Ä", "Ren\u{FFFD}", "RenÃ", "Nur&#39;aini",
        "Siti &amp; Dewi",
        "Nur&rsquo;aini", "Nur\\'aini", "Siti \\\"Cik\\\"", "Ren\\u00e9", "Siti%20Aminah",
        "Siti_x000D_",
        "R├®na", "ðŸ™‚ Siti", "Nur=27aini", "Ren=C3=A9", "Dеwi", "RГ©na", "Ｓｉｔｉ", "𝐒𝐢𝐭𝐢",
      ],
      whole: [
        "Nur’aini", "Réna", "Siti & Dewi", "Nur'aini", "Ñusa Ángela", "São Ferrão", "IRMÃ",
        "Siti 100%",
        "Łucja 山田", "Rock & Roll; Siti", "Дарья Siti", "Siti “Cik” d'Arc", "山田（花子）", "A=B",
      ]),
    Damage(
      rule: "damaged-text", column: "regency", damaged: ["Kab. &#39;Bantul", "KabupatenÂ Bantul"],
      whole: ["Kab. Bantul", "Kabupaten Tana Toraja"]),
    Damage(
      rule: "personal-data-in-text", column: "holder",
      damaged: [
        "3404123456780001", "Siti 081234567890", "Siti 0812-3456-7890", "siti@example.com",
        "Siti (3404 1234 5678 0001)",
      ],
      whole: ["Siti 12345678", "Siti", "Siti @ Bantul"]),
    Damage(
      rule: "personal-data-in-text", column: "registration",
      damaged: ["3404123456780002", "081234567890", "siti@example.com"],
      whole: ["BTK. 7519 00001 2023", "BTK.0000.00001.2024", "340412345678", "34041234567800021"]),
    Damage(
      rule: "personal-data-in-text", column: "regency",
      damaged: ["3404123456780003", "Bantul 0274123456"],
      whole: ["Kabupaten Bantul"]),
    Damage(
      rule: "time-in-date", column: "issued",
      damaged: [
        "2024-10-14T17:00:00Z", "2024-10-14 17:00:00", "15/10/2024 08.30",
        "2024-10-15T00:00:00+07:00",
      ],
      whole: [
        "15/10/2024 0:00", "15/10/2024 00.00", "15/10/2024 00.00.00", "2024-10-15T00:00:00",
        "2024-10-15 00:00:00.000", "2024-10-15 00:00", "15/10/2024 12:00:00 AM", "15-Okt-24",
        "15 Oktober 2024 00:00",
      ]),
  ]

  /// A registry of which one value is another; the other rows have what registries have.
  private func load(_ column: String, _ value: String) throws -> Findings {
    var row = [
      "number": "N 1", "registration": "BTK.0000.00009.2024", "holder": "Ani", "scheme": "PBT",
      "issued": "2024-10-15",
      "status": "", "regency": "Kabupaten Sleman", "batch": "",
    ]
    row[column] = value
    let columns = [
      "number", "registration", "holder", "scheme", "issued", "status", "regency", "batch",
    ]
    func line(_ values: [String]) -> String {
      values.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ",")
    }
    let other = line([
      "N 2", "BTK.0000.00010.2024", "Budi", "PBT", "2024-10-15", "", "Kabupaten Sleman", "",
    ])
    let text = [columns.joined(separator: ","), line(columns.map { row[$0] ?? "" }), other].joined(
      separator: "\n")
    return try SmallRegistry().load(text + "\n").1
  }

  @Test(arguments: cases)
  func isFoundAtItsPlace(damage: Damage) throws {
    for value in damage.damaged {
      let findings = try load(damage.column, value).diagnostics
      let found = findings.filter { $0.id.name == damage.rule }
      #expect(found.count == 1, "\(value): found \(findings.map(\.id.name))")
      #expect(found.allSatisfy { $0.location.description.hasPrefix("seeds/registry.csv:2:") })
      #expect(found.allSatisfy { $0.severity == .error && !$0.hint.isEmpty })
      #expect(findings.count == 1, "\(value): found \(findings.map(\.id.name))")
    }
  }

  @Test(arguments: cases)
  func whatWasNotDamagedPasses(damage: Damage) throws {
    for value in damage.whole {
      let findings = try load(damage.column, value).diagnostics
      #expect(
        findings.isEmpty, "\(value): found \(findings.map { "\($0.id.name): \($0.message)" })")
    }
  }

  @Test(arguments: ["Siti ?", "Siti \\ Dewi", "<b>Siti</b>", "Nur''aini", "Siti \"\"Cik\"\""])
  func whatMayBePrintedIsAWarning(value: String) throws {
    let findings = try load("holder", value).diagnostics
    #expect(findings.map(\.id.name) == ["damaged-text"])
    #expect(findings.map(\.severity) == [.warning])
  }

  // MARK: Between rows

  private func loadRows(_ rows: [String], header: String = "number,holder,scheme,issued") throws
    -> [String]
  {
    try SmallRegistry().load(header + "\n" + rows.joined(separator: "\n") + "\n").1.diagnostics.map
    {
      "\($0.location.description.dropFirst("seeds/registry.csv:".count)) \($0.severity.rawValue) \($0.id.name)"
    }
  }

  @Test(arguments: [
    "131347318200000012026", "13134-7318-2-0000001-2026", "13134‑7318‑2‑0000001‑2026",
    "13134.7318.2.0000001.2026",
    "13134/7318/2/0000001/2026", "13134 – 7318 – 2 – 0000001 – 2026",
  ])
  func aNumberInAnotherSpellingIsTheSame(spelling: String) throws {
    #expect(
      try loadRows([
        "13134 7318 2 0000001 2026,Ani,PBT,2026-03-16", "\(spelling),Budi,PBT,2026-03-16",
      ])
        == ["3:1 error duplicate-certificate-number"])
  }

  @Test func capitalsDoNotMakeAnotherNumber() throws {
    #expect(
      try loadRows(["LSP-1a,Ani,PBT,2026-03-16", "LSP-1A,Budi,PBT,2026-03-16"])
        == ["3:1 error duplicate-certificate-number"])
  }

  @Test func numbersOfTheSameDigitsPartedElsewhereAreLookedAt() throws {
    #expect(
      try loadRows(["2024-1-11,Ani,PBT,2026-03-16", "2024-11-1,Budi,PBT,2026-03-16"])
        == ["3:1 warning similar-number"])
    #expect(
      try loadRows(["2024-1-11,Ani,PBT,2026-03-16", "2024-1-12,Budi,PBT,2026-03-16"]).isEmpty)
  }

  @Test func oneHolderTwiceOnADayIsLookedAt() throws {
    #expect(
      try loadRows([
        "A 1,Siti Aminah,PBT,2026-03-16", "A 2,SITI AMINAH,PBT,2026-03-16",
        "A 3,Siti Aminah,PBC,2026-03-16",
        "A 4,Siti Aminah,PBT,2026-03-17",
      ]) == ["3:5 warning issued-twice"])
    // Told apart by their regencies, and by revisions of one number.
    #expect(
      try loadRows(
        ["A 1,Siti,PBT,2026-03-16,Kabupaten Bantul", "A 2,Siti,PBT,2026-03-16,Kota Surakarta"],
        header: "number,holder,scheme,issued,regency"
      ).isEmpty)
    #expect(
      try loadRows(
        ["A 1,Siti,PBT,2026-03-16,", "A 1,Siti,PBT,2026-03-16,2"],
        header: "number,holder,scheme,issued,revision"
      ).isEmpty)
  }

  @Test func anExpiryThatTheSchemeDoesNotGiveIsLookedAt() throws {
    let header = "number,holder,scheme,issued,expires"
    #expect(
      try loadRows(
        [
          "A 1,Siti,PBT,2026-03-16,2207-03-16", "A 2,Budi,PBT,2026-03-16,9999-12-31",
          "A 3,Ani,PBT,2026-03-16,2029-03-16",
          "A 4,Eko,PBT,2026-03-16,2029-03-15", "A 5,Wati,PBT,2026-03-16,2028-03-16",
          "A 6,Tuti,PBT,2024-02-29,2027-02-28",
          "A 7,Rina,PBT,2024-02-29,2027-03-01",
        ], header: header)
        == [
          "2:25 warning unexpected-expiry", "3:25 warning unexpected-expiry",
          "6:25 warning unexpected-expiry",
        ])
  }

  @Test func aColumnWithTheMonthFirstIsToldOnce() throws {
    let rows = (1...12).map { "A \($0),Holder \($0),PBT,\($0)/\($0 + 12)/2025" }
    let swapped = ["B 1,Siti,PBT,3/2/2025", "B 2,Budi,PBT,4/5/2025"]
    #expect(try loadRows(swapped + rows) == ["4:18 error dates-swapped"])
    #expect(
      try loadRows(["A 1,Siti,PBT,15/10/2025", "A 2,Budi,PBT,10/15/2025"]) == [
        "3:14 error impossible-date"
      ])
  }

  @Test func datesAfterTheTwelfthThatAreTextAloneAreLookedAt() throws {
    let real = (1...10).map {
      "A \($0),Holder \($0),PBT,2025-0\(1 + $0 % 9)-\($0 < 10 ? "0" : "")\($0)"
    }
    let text = (13...16).map { "B \($0),Artisan \($0),PBT,\($0)/05/2025" }
    #expect(try loadRows(real + text) == ["2:18 error dates-swapped"])
    #expect(try loadRows(real + text + ["C 1,Siti,PBT,2025-05-20"]).isEmpty)
  }

  @Test func identityNumbersAmongOtherNumbersAreFound() throws {
    #expect(
      try loadRows([
        "A 1,Siti,PBT,2026-03-16", "A 2,Budi,PBT,2026-03-16", "3404123456780001,Ani,PBT,2026-03-16",
      ])
        == ["4:1 error personal-data-in-text"])
    // An institution may number with sixteen digits; then it is told once.
    #expect(
      try loadRows((1...4).map { "131347318200000\($0),Holder \($0),PBT,2026-03-16" })
        == ["2:1 warning personal-data-in-text"])
  }

  @Test func numbersThatAllEndInZerosWereRounded() throws {
    #expect(
      try loadRows(
        (1...4).map { "13134731820000\($0)0,Holder \($0),PBT,2026-03-16" }.map {
          $0.replacing("0,H", with: "00,H")
        }
      )
      .contains { $0.hasSuffix("rounded-number") })
  }

  @Test func numbersOfWhichManyEndInZerosWereRounded() throws {
    func rows(_ rounded: Int, _ whole: Int) -> [String] {
      (0..<rounded).map { "13134731820\(1111 + $0)00,Holder \($0),PBT,2026-03-16" }
        + (0..<whole).map { "13134731820\(3000 + $0)17,Artisan \($0),PBT,2026-03-16" }
    }
    #expect(try loadRows(rows(9, 11)) == ["2:1 warning rounded-number"])
    #expect(try loadRows(rows(2, 18)).isEmpty)
  }

  @Test func aBatchMayBeCalledAfterAMonth() throws {
    #expect(
      try loadRows(["A 1,Siti,PBT,2026-03-16,MEI-24"], header: "number,holder,scheme,issued,batch")
        == ["2:25 warning number-changed"])
  }

  @Test func rowsInAQuoteAreFound() throws {
    #expect(
      try loadRows([
        "A 1,\"Siti,PBT,2026-03-16", "A 2,Budi,PBT,2026-03-16", "A 3,Ani\",PBT,2026-03-16",
      ])
        == ["2:5 error swallowed-rows"])
    // A text of two lines, with a comma.
    #expect(try loadRows(["A 1,\"Siti\nAminah, S.Pd.\",PBT,2026-03-16"]).isEmpty)
  }

  @Test func emptyCellsBehindEveryRowArePassedOver() throws {
    #expect(try loadRows(["A 1,Siti,PBT,2026-03-16,,", "A 2,Budi,PBT,2026-03-16,,"]).isEmpty)
    #expect(
      try loadRows(["A 1,Siti,PBT,2026-03-16", "A 2,Budi,PBT,2026-03-16,,"]) == [
        "3:1 error wrong-field-count"
      ])
    #expect(
      try loadRows(["A 1,Siti,PBT,2026-03-16,,", "A 2,Budi,PBT,2026-03-16,,x"]).contains(
        "3:1 error wrong-field-count"))
  }

  // MARK: Headers and files

  @Test func titlesAboveAndSignaturesBelowArePassedOver() throws {
    let text = """
      LSP Contoh, Yogyakarta;;;
      Register 2026;;;

      No. Sertifikat;Nama Peserta;Skema;Tgl Terbit
      A 1;Siti;PBT;16/03/2026
      A 2;Budi;PBT;16/03/2026

      Catatan:;;;
      ;;;Yogyakarta, 30 Maret 2026
      """
    let (registry, findings) = try SmallRegistry().load(text)
    #expect(findings.diagnostics.isEmpty)
    #expect(registry?.count == 2)
    #expect(
      findings.notes == [
        "seeds/registry.csv: 2 rows of titles above the header are passed over",
        "seeds/registry.csv: lines 8 to 9 below the table are passed over",
      ])
  }

  @Test func aRowThatLostItsValuesIsNoSignature() throws {
    #expect(
      try loadRows(["A 1001,Siti,PBT,2026-03-16", "", "A 1002,,,"]) == [
        "4:8 error empty-required-field", "4:9 error empty-required-field",
        "4:10 error empty-required-field",
      ])
    // A row of the table follows, so that what stands between is one too.
    #expect(
      try loadRows(["A 1,Siti,PBT,2026-03-16", "", "Catatan,,,", "A 2,Budi,PBT,2026-03-16"]).count
        == 3)
  }

  @Test(arguments: [
    ("<html><table><tr><td>number</td></tr></table></html>", "not-a-table"),
    ("%PDF-1.7 number,holder", "not-a-table"),
    ("number|holder|scheme|issued\nA 1|Siti|PBT|2026-03-16\n", "foreign-delimiter"),
    ("[{\"number\": 1}]", "not-a-table"), ("number^holder^scheme^issued\n", "foreign-delimiter"),
    ("<?xml version=\"1.0\"?><Workbook/>", "not-a-table"),
  ])
  func whatIsNoTableIsNamed(text: String, rule: String) throws {
    #expect(try SmallRegistry().load(text).1.diagnostics.map(\.id.name) == [rule])
  }

  @Test(arguments: ["sep=;", "sep=;;;", "SEP=;;;;;;"])
  func aSeparatorLineIsReadHoweverOftenItWasSaved(line: String) throws {
    #expect(
      try SmallRegistry().load(line + "\nnumber;holder;scheme;issued\nA 1;Siti;PBT;2026-03-16\n").0?
        .count == 1)
  }
}
