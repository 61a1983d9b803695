import Diagnostics
import Input
import Registry
import RegistrySupport
import TestSupport
import Testing

@Suite struct RegistryReadingTests {
  private let small: SmallRegistry

  init() throws {
    small = try SmallRegistry()
  }

  private let plain = """
    number,holder,scheme,issued,status,status_date
    13134 7318 2 0000001 2024,Siti Aminah,PBT,2024-10-15,,
    13134 7318 2 0000002 2024,"Budi ""Pak"" Santoso, S.Pd.",PBC,2024-10-15,revoked,2025-01-02

    """

  private func describe(_ registry: Registry?) throws -> [String] {
    try #require(registry).allCertificates().map {
      "\($0.number)|\($0.holder)|\($0.scheme)|\($0.issued)|\($0.expires)|\($0.status.name)|"
        + ($0.statusDate?.description ?? "")
    }
  }

  private let expected = [
    "13134 7318 2 0000001 2024|Siti Aminah|0|2024-10-15|2027-10-15|valid|",
    "13134 7318 2 0000002 2024|Budi \"Pak\" Santoso, S.Pd.|1|2024-10-15|2027-10-15|revoked|2025-01-02",
  ]

  @Test func readsPlainCSV() throws {
    let (registry, findings) = try small.load(plain)
    #expect(findings.diagnostics.isEmpty)
    #expect(try describe(registry) == expected)
  }

  @Test(arguments: [";", "\t"])
  func findsTheDelimiterByItself(delimiter: String) throws {
    var text = plain.replacing(",", with: delimiter)
    text = text.replacing("Santoso\(delimiter) S.Pd.", with: "Santoso, S.Pd.")
    let (registry, findings) = try small.load(text)
    #expect(findings.diagnostics.isEmpty)
    #expect(try describe(registry) == expected)
  }

  @Test(arguments: ["\r\n", "\r"])
  func takesOtherLineEnds(end: String) throws {
    let (registry, _) = try small.load(plain.replacing("\n", with: end))
    #expect(try describe(registry) == expected)
  }

  @Test func takesAByteOrderMarkAndExcelsSeparatorLine() throws {
    let semicolons = plain.replacing(",", with: ";").replacing("Santoso; S", with: "Santoso, S")
    let (registry, findings) = try small.load("\u{FEFF}sep=;\r\n" + semicolons)
    #expect(findings.diagnostics.isEmpty)
    #expect(try describe(registry) == expected)
  }

  @Test(arguments: [
    "15/10/2024", "15-10-2024", "15.10.2024", "15 Oktober 2024", "15 October 2024", "15 okt 2024",
    "2024-10-15 00:00:00", "2024/10/15", " 15\u{A0}Oktober  2024 ",
  ])
  func readsTheDatesThatSpreadsheetsWrite(date: String) throws {
    let (registry, findings) = try small.load(
      "number,holder,scheme,issued\nN 1,Ani,PBT,\(date)\n")
    #expect(findings.diagnostics.isEmpty)
    #expect(registry?.allCertificates().first?.issued.description == "2024-10-15")
  }

  @Test(arguments: [
    ("berlaku", Status.valid), ("Ditangguhkan", .suspended), ("DICABUT", .revoked),
    ("suspended", .suspended), ("aktif", .valid), ("dibatalkan", .revoked),
  ])
  func readsStatusWordsInEitherLanguage(word: String, status: Status) throws {
    let (registry, _) = try small.load(
      "number,holder,scheme,issued,status,status_date\nN 1,Ani,PBT,2024-10-15,\(word),2025-01-01\n")
    #expect(registry?.allCertificates().first?.status == status)
  }

  @Test func normalisesSpacesAndComposesLetters() throws {
    let (registry, _) = try small.load(
      "number,holder,scheme,issued\n N\u{A0} 1 ,\"Rene\u{301}e \n\u{2003} d'Arc \",pbt,2024-10-15\n"
    )
    let certificate = try #require(registry?.allCertificates().first)
    #expect(certificate.number.string.utf8.elementsEqual("N 1".utf8))
    #expect(certificate.holder.string.utf8.elementsEqual("Ren\u{E9}e d'Arc".utf8))
  }

  @Test func takesASchemeByItsTitle() throws {
    let (registry, _) = try small.load(
      "number,holder,scheme,issued\nN 1,Ani,pembatik cap,2024-10-15\nN 2,Ani,Stamped Batik Maker,2024-10-15\n"
    )
    #expect(registry?.allCertificates().map(\.scheme) == [1, 1])
  }

  @Test func givesEachCertificateTheEditionsInForceOnItsIssueDate() throws {
    let (registry, _) = try small.load(
      "number,holder,scheme,issued\nN 1,A,PBT,2022-12-31\nN 2,A,PBT,2023-01-01\nN 3,A,PBT,2024-01-01\n"
    )
    let certificates = try #require(registry).allCertificates()
    #expect(certificates.map(\.schemeEdition) == [0, 1, 1])
    #expect(certificates.map(\.issuerEdition) == [0, 0, 1])
  }

  @Test func namesUTF16AndWindows1252() throws {
    let units: [UInt16] = Array("\u{FEFF}number,holder".utf16)
    let utf16 = units.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let (_, first) = try small.load(utf16)
    #expect(first.diagnostics.map(\.id.name) == ["not-utf8"])
    #expect(first.diagnostics[0].message.contains("UTF-16"))
    let latin =
      Array("number,holder,scheme,issued\nN 1,Ren".utf8) + [0xE9] + Array("e,PBT,2024-10-15\n".utf8)
    let (_, second) = try small.load(latin)
    #expect(second.diagnostics.map(\.id.name) == ["not-utf8"])
    #expect(second.diagnostics[0].message.contains("Windows-1252"))
    #expect(second.diagnostics[0].location.description == "seeds/registry.csv:2:1")
    #expect(second.diagnostics[0].hint.contains("CSV UTF-8"))
  }

  @Test func mapsTheInstitutionsOwnHeaders() throws {
    var small = small
    small.columns = [.number: "Nomor Sertifikat", .holder: "Nama", .issued: "Tanggal Terbit"]
    small.ignored = ["Keterangan"]
    let (registry, findings) = try small.load(
      "No. HP;NOMOR SERTIFIKAT;nama;scheme;Tanggal  Terbit;Keterangan\n0;N 1;Ani;PBT;15/10/2024;x\n"
    )
    #expect(findings.diagnostics.isEmpty)
    #expect(registry?.allCertificates().first?.holder.string == "Ani")
  }

  @Test func passesOverBlankRows() throws {
    let (registry, findings) = try small.load(
      "number,holder,scheme,issued\n\n,,,\nN 1,A,PBT,2024-10-15\n\n\n,,,\n")
    #expect(findings.diagnostics.isEmpty)
    #expect(registry?.count == 1)
  }

  @Test func olderRevisionsAreSupersededByTheHighest() throws {
    let (registry, findings) = try small.load(
      """
      number,revision,holder,scheme,issued,status,status_date,superseded_by
      N 1,3,Third,PBT,2025-03-01,,,
      N 1,,First,PBT,2025-01-01,,,
      N 0,,Old,PBT,2024-01-01,digantikan,2025-01-01,N 1
      N 1,2,Second,PBT,2025-02-01,,,

      """)
    #expect(findings.diagnostics.isEmpty)
    let all = try #require(registry).allCertificates()
    #expect(all.map(\.status) == [.valid, .superseded, .superseded, .superseded])
    #expect(all.map(\.successor) == [nil, 0, 0, 0])
    #expect(
      all.map { $0.statusDate?.description } == [nil, "2025-02-01", "2025-01-01", "2025-03-01"])
    #expect(registry?.ordinal(ofNumber: "N 1") == 0)
  }

  @Test func followsAChainOfSuccessors() throws {
    let (registry, _) = try small.load(
      """
      number,holder,scheme,issued,status,status_date,superseded_by
      A,x,PBT,2024-01-01,superseded,2024-02-01,B
      B,x,PBT,2024-02-01,superseded,2024-03-01,C
      C,x,PBT,2024-03-01,,,

      """)
    #expect(registry?.allCertificates().map(\.successor) == [2, 2, nil])
  }

  @Test func fieldsAndRowsSurviveEveryChunkBoundary() throws {
    // Fields around the reader's chunk of 256 KiB, quoted and not, with quotes at the seams.
    var generator = SeededGenerator(seed: 7)
    var text = "number,holder,scheme,issued\n"
    var names: [String] = []
    while text.utf8.count < 700_000 {
      let length = Int.random(in: 1...4000, using: &generator)
      var name = "x"
      while name.utf8.count < length {
        name += ["ab", "\"", ",", "é", "c d", "\"\""].randomElement(using: &generator) ?? ""
      }
      name += "z"
      names.append(name)
      let quoted = "\"" + name.replacing("\"", with: "\"\"") + "\""
      text +=
        "N \(names.count),\(quoted),PBT,2024-10-15\(names.count.isMultiple(of: 3) ? "\r\n" : "\n")"
    }
    // Of what is sealed, nobody asks why its names are so long.
    var sealed = small
    sealed.isSealed = true
    let (registry, findings) = try sealed.load(text)
    #expect(findings.diagnostics.isEmpty)
    #expect(registry?.allCertificates().map(\.holder.string) == names)
  }

  @Test func shardsTogetherAreTheWholeRegistry() throws {
    var text = "number,holder,scheme,issued\n"
    for index in 0..<1500 { text += "N \(index),Holder \(index),PBT,2024-10-15\n" }
    let (found, _) = try small.load(text)
    let registry = try #require(found)
    #expect(registry.shards.map(\.ordinals) == [0..<512, 512..<1024, 1024..<1500])
    let all = registry.allCertificates()
    #expect(all.map(\.ordinal) == Array(0..<1500))
    #expect(all.map(\.number.string) == (0..<1500).map { "N \($0)" })
  }

  @Test func keepsWhatItReadWhateverBecomesOfTheFile() throws {
    let (found, _) = try small.load("number,holder,scheme,issued\nN 1,Ani,PBT,2024-10-15\n")
    let registry = try #require(found)
    try small.folder.write(
      "registry.csv", "number,holder,scheme,issued\nN 1,Ina,PBT,2024-10-15\n")
    #expect(registry.allCertificates().map(\.holder.string) == ["Ani"])
  }
}
