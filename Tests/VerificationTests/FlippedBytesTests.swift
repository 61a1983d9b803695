import BuildSupport
import Diagnostics
import Foundation
import Input
import Proof
import SystemPackage
import TestSupport
import Testing
import Verification

/// Every byte of every file that proves something, changed one at a time.
@Suite struct FlippedBytesTests {
  private let site: TestSite
  private var folder: TemporaryFolder { site.folder }
  private var today: CalendarDate { site.today }

  init() async throws {
    site = try TestSite()
    try await site.build()
  }

  private func code(ofNumber number: Int) throws -> CertificateCode {
    let names = try folder.files().filter { $0.hasSuffix("/record.json") }
    let wanted = "\"number\":\"N \(number)\""
    let found = try names.first {
      String(decoding: try folder.read($0), as: UTF8.self).contains(wanted)
    }
    let digits = try #require(found).split(separator: "/").dropFirst(2).dropLast().joined()
    return try #require(CertificateCode(hex: digits))
  }

  private func indexInLog(of code: CertificateCode) throws -> Int {
    let bytes = try folder.read("public/\(code.folder)/credential.json")
    let status = try JSONParser.parse(bytes)["credentialStatus"]?.array?.first
    return try #require(status?["statusListIndex"]?.string.flatMap { Int($0) })
  }

  private func verdict(_ code: CertificateCode) async throws -> Verification.Verdict {
    let site = PublishedSite(folder: folder.path.appending("public"), displayPath: "public")
    let verifier = CertificateVerifier(site: site, named: [], earlier: nil, today: today)
    return await verifier.verify(code).verdict
  }

  /// Whichever byte of a file changes, the certificate is never called what it was called before.
  private func insistThatEveryByteCounts(
    in name: String, of code: CertificateCode, was verdict: Verification.Verdict,
    except: Range<Int> = 0..<0
  ) async throws {
    var generator = SeededGenerator(seed: 7)
    let path = "public/\(name)"
    let bytes = try folder.read(path)
    #expect(bytes.count > 31)
    for position in bytes.indices where !except.contains(position) {
      var changed = bytes
      changed[position] ^= UInt8(1) << UInt8.random(in: 0...7, using: &generator)
      try folder.write(path, changed)
      let found = try await self.verdict(code)
      #expect(
        [.notGenuine, .couldNotBeChecked, .notFound].contains(found)
          // The page says so too, and bad news stands.
          || verdict == .revoked && found == .revoked,
        "\(name), byte \(position): \(found)")
    }
    try folder.write(path, bytes)
    #expect(try await self.verdict(code) == verdict)
  }

  @Test func noByteOfAProofCanBeChangedUnnoticed() async throws {
    let code = try code(ofNumber: 3)
    #expect(try await verdict(code) == .valid)
    for name in [
      "\(code.folder)/record.json", "\(code.folder)/credential.json", "status/revocation/0",
      "status/suspension/0", "log/checkpoint",
    ] {
      try await insistThatEveryByteCounts(in: name, of: code, was: .valid)
    }
    // Its own leaf is computed from the certificate and not read from the tile.
    let leaf = try indexInLog(of: code) * 32
    try await insistThatEveryByteCounts(
      in: "log/tile/0/000.p/9", of: code, was: .valid, except: leaf..<leaf + 32)
  }

  @Test func noByteOfAStatusListCanBeChangedToHideARevocation() async throws {
    let code = try code(ofNumber: 8)
    #expect(try await verdict(code) == .revoked)
    try await insistThatEveryByteCounts(in: "status/revocation/0", of: code, was: .revoked)
  }

  /// did.json says things beside the keys; whatever else it says, the keys must fit.
  @Test func noByteOfTheKeysMakesAnotherVerdict() async throws {
    let code = try code(ofNumber: 8)
    for name in [".well-known/did.json", "keys.json"] {
      let bytes = try folder.read("public/\(name)")
      for position in bytes.indices {
        var changed = bytes
        changed[position] ^= 1
        try folder.write("public/\(name)", changed)
        let found = try await verdict(code)
        #expect(
          [.revoked, .notGenuine, .couldNotBeChecked].contains(found),
          "\(name), byte \(position): \(found)")
      }
      try folder.write("public/\(name)", bytes)
    }
  }
}
