import Diagnostics
import Foundation
import Proof
import Registry
import RegistrySupport
import SystemPackage
import TestSupport
import Testing

/// Whatever bytes a file holds, a reader ends with a value or with findings that can be shown. Texts,
/// tables and pictures are in `ContentTests/RenderingFuzzTests`.
@Suite struct FuzzTests {
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
      #expect(fuzzer.problem(with: findings.diagnostics, of: bytes) == nil)
      #expect((registry == nil) == findings.hasErrors, "seed \(fuzzer.seed)")
      guard let registry else { continue }
      let certificates = registry.allCertificates()
      #expect(certificates.count == registry.count, "seed \(fuzzer.seed)")
      for certificate in certificates {
        #expect(
          registry.ordinal(number: certificate.number, revision: certificate.revision)
            == certificate.ordinal, "seed \(fuzzer.seed)")
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
