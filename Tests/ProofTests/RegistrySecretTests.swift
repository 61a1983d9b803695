import Diagnostics
import Foundation
import Input
import Proof
import SystemPackage
import TestSupport
import Testing

@Suite struct RegistrySecretTests {
  private func load(_ text: String, mode: Int = 0o600) throws -> (RegistrySecret?, Findings) {
    let folder = try TemporaryFolder()
    let file = try folder.write("registry.secret", text)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.string)
    var findings = Findings()
    let secret = try RegistrySecret.load(
      file, displayPath: "seeds/keys/registry.secret", findings: &findings)
    return (secret, findings)
  }

  private let heading = "canting registry secret, version 1\n"
  private let digits = String(repeating: "0123456789abcdef", count: 4)

  @Test func readsASecretOfItsOwnerAlone() throws {
    let (secret, findings) = try load(heading + digits + "\n")
    #expect(secret?.isSpecimen == false)
    #expect(findings.diagnostics.isEmpty)
  }

  @Test(arguments: [0o644, 0o640, 0o604, 0o660])
  func refusesASecretThatOthersCanRead(mode: Int) throws {
    let (secret, findings) = try load(heading + digits + "\n", mode: mode)
    #expect(secret == nil)
    #expect(findings.diagnostics.map(\.id.name) == ["key-readable-by-others"])
    #expect(findings.diagnostics[0].hint == "run: chmod 600 seeds/keys/registry.secret")
  }

  @Test func theSpecimenSecretIsNoSecret() throws {
    let (secret, _) = try load(RecordTests.secretFile, mode: 0o644)
    #expect(secret?.isSpecimen == true)
  }

  @Test func refusesWhatIsNoSecret() throws {
    for text in [
      "", digits, heading, heading + digits.dropLast(), heading + digits.uppercased(),
      heading + digits + "\n" + digits, heading + "other\n" + digits,
    ] {
      let (secret, findings) = try load(text)
      #expect(secret == nil)
      #expect(findings.diagnostics.map(\.id.name) == ["bad-secret"])
    }
  }

  private let today = CalendarDate.distantPast.adding(days: 740_000)

  private func mode(_ file: FilePath) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: file.string)[.posixPermissions] as? Int
  }

  @Test func makesSecretKeyAndHistoryOnce() throws {
    let folder = try TemporaryFolder()
    let keys = KeyFolder(folder.path.appending("seeds/keys"), displayPath: "seeds/keys")
    var findings = Findings()
    #expect(
      try keys.makeNew(today: today, isLogBegun: false, findings: &findings) == [
        "seeds/keys/registry.secret", "seeds/keys/signing.pem", "seeds/keys/log.pem",
        "seeds/keys/history.yml",
      ])
    #expect(try mode(keys.folder.appending("registry.secret")) == 0o600)
    #expect(try mode(keys.folder.appending("signing.pem")) == 0o600)
    #expect(try mode(keys.folder.appending("log.pem")) == 0o600)
    let before = try folder.files().map { try folder.read($0) }
    #expect(try keys.secret(findings: &findings)?.isSpecimen == false)
    let loaded = try #require(try keys.keys(findings: &findings))
    #expect(loaded.issuer.history.current?.key == loaded.signing.publicKey)
    #expect(findings.diagnostics.isEmpty)
    #expect(try keys.makeNew(today: today, isLogBegun: false, findings: &findings) == [])
    #expect(findings.diagnostics.map(\.id.name) == ["keys-exist"])
    #expect(try folder.files().map { try folder.read($0) } == before)
  }

  @Test func makesOnlyWhatIsMissing() throws {
    let folder = try TemporaryFolder()
    let keys = KeyFolder(folder.path, displayPath: "k")
    var findings = Findings()
    _ = try keys.makeNew(today: today, isLogBegun: false, findings: &findings)
    for name in ["history.yml", "signing.pem", "log.pem", "registry.secret"] {
      try FileManager.default.removeItem(atPath: folder.path.appending(name).string)
      if name == "signing.pem" {
        try FileManager.default.removeItem(atPath: folder.path.appending("history.yml").string)
      }
      #expect(
        try keys.makeNew(today: today, isLogBegun: false, findings: &findings).contains("k/\(name)")
      )
      #expect(try keys.keys(findings: &findings) != nil)
    }
    #expect(findings.diagnostics.isEmpty)
  }

  @Test func aLogThatBeganWithoutAKeyGetsNone() throws {
    let folder = try TemporaryFolder()
    let keys = KeyFolder(folder.path, displayPath: "k")
    var findings = Findings()
    #expect(
      try !keys.makeNew(today: today, isLogBegun: true, findings: &findings).contains("k/log.pem"))
    let loaded = try #require(try keys.keys(findings: &findings))
    #expect(loaded.issuer.log == nil)
    #expect(
      try loaded.issuer.logVerifiers(origin: "a.example/log").map(\.key)
        == [loaded.signing.publicKey])
  }

  @Test func theLogsKeySignsNothingElse() throws {
    let folder = try TemporaryFolder()
    let keys = KeyFolder(folder.path, displayPath: "k")
    var findings = Findings()
    _ = try keys.makeNew(today: today, isLogBegun: true, findings: &findings)
    try folder.write("log.pem", try folder.read("signing.pem"))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: folder.path.appending("log.pem").string)
    #expect(try keys.keys(findings: &findings) == nil)
    #expect(findings.diagnostics.map(\.id.name) == ["log-key-signs-documents"])
  }

  @Test func twoSecretsDiffer() throws {
    var files: [[UInt8]] = []
    for _ in 0..<2 {
      let folder = try TemporaryFolder()
      var findings = Findings()
      _ = try KeyFolder(folder.path, displayPath: "k").makeNew(
        today: today, isLogBegun: false, findings: &findings)
      files.append(try folder.read("registry.secret"))
      files.append(try folder.read("signing.pem"))
    }
    #expect(Set(files).count == 4)
  }

  @Test func rotationKeepsTheOldKeyInTheHistory() throws {
    let folder = try TemporaryFolder()
    let keys = KeyFolder(folder.path, displayPath: "k")
    var findings = Findings()
    _ = try keys.makeNew(today: today, isLogBegun: false, findings: &findings)
    let before = try #require(try keys.keys(findings: &findings))
    let first = before.signing.publicKey
    let later = today.adding(days: 400)
    let rotated = try #require(try keys.rotate(today: later, findings: &findings))
    #expect(rotated.old == first)
    let after = try #require(try keys.keys(findings: &findings))
    let history = after.issuer.history
    #expect(after.signing.publicKey == rotated.new)
    #expect(after.log?.publicKey == before.log?.publicKey, "the log keeps its key")
    #expect(history.entries.map(\.key) == [first, rotated.new])
    #expect(history.entries.map(\.until) == [later, nil])
    #expect(history.entries[1].from == later)
    #expect(findings.diagnostics.isEmpty)
  }

  @Test func aLostSigningKeyIsReplaced() throws {
    let folder = try TemporaryFolder()
    let keys = KeyFolder(folder.path, displayPath: "k")
    var findings = Findings()
    _ = try keys.makeNew(today: today, isLogBegun: false, findings: &findings)
    let lost = try #require(try keys.keys(findings: &findings)).signing.publicKey
    try FileManager.default.removeItem(atPath: folder.path.appending("signing.pem").string)
    let rotated = try #require(try keys.rotate(today: today, findings: &findings))
    #expect(rotated.old == lost)
    let after = try #require(try keys.keys(findings: &findings))
    #expect(after.issuer.history.entries.map(\.key) == [lost, after.signing.publicKey])
    #expect(findings.diagnostics.isEmpty)
    // Without the history too, nothing says that this was the institution's folder.
    try FileManager.default.removeItem(atPath: folder.path.appending("signing.pem").string)
    try FileManager.default.removeItem(atPath: folder.path.appending("history.yml").string)
    #expect(try keys.rotate(today: today, findings: &findings) == nil)
    #expect(findings.errorCount == 1)
  }

  @Test func anInterruptedRotationIsCompletedByTheNext() throws {
    let folder = try TemporaryFolder()
    let keys = KeyFolder(folder.path, displayPath: "k")
    var findings = Findings()
    _ = try keys.makeNew(today: today, isLogBegun: false, findings: &findings)
    let old = try folder.read("signing.pem")
    let rotated = try #require(try keys.rotate(today: today, findings: &findings))
    // As it is when the process dies between the history and the renaming of the keys.
    try folder.write("next.pem", try folder.read("signing.pem"))
    try folder.write("signing.pem", old)
    for name in ["next.pem", "signing.pem"] {
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o600], ofItemAtPath: folder.path.appending(name).string)
    }
    #expect(try keys.keys(findings: &findings) == nil)
    #expect(findings.diagnostics.map(\.id.name) == ["key-not-in-history"])
    var again = Findings()
    let completed = try #require(try keys.rotate(today: today, findings: &again))
    #expect(completed == rotated)
    #expect(try keys.keys(findings: &again)?.issuer.history.entries.count == 2)
    #expect(again.diagnostics.isEmpty)
  }
}
