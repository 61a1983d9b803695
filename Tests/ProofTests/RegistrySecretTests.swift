import Diagnostics
import Foundation
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
      file, shownAs: "seeds/keys/registry.secret", findings: &findings)
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

  @Test func makesASecretOnceWithMode0600() throws {
    let folder = try TemporaryFolder()
    let keys = KeyFolder(folder.path.appending("keys"), shownAs: "seeds/keys")
    var findings = Findings()
    #expect(try keys.makeSecret(findings: &findings) == "seeds/keys/registry.secret")
    let first = try folder.read("keys/registry.secret")
    let attributes = try FileManager.default.attributesOfItem(atPath: keys.secretFile.string)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    let secret = try RegistrySecret.load(keys.secretFile, shownAs: "x", findings: &findings)
    #expect(secret?.isSpecimen == false)
    #expect(findings.diagnostics.isEmpty)
    #expect(try keys.makeSecret(findings: &findings) == nil)
    #expect(findings.diagnostics.map(\.id.name) == ["secret-exists"])
    #expect(try folder.read("keys/registry.secret") == first)
  }

  @Test func twoSecretsDiffer() throws {
    var files: [[UInt8]] = []
    for _ in 0..<2 {
      let folder = try TemporaryFolder()
      var findings = Findings()
      _ = try KeyFolder(folder.path, shownAs: "k").makeSecret(findings: &findings)
      files.append(try folder.read("registry.secret"))
    }
    #expect(files[0] != files[1])
  }
}
