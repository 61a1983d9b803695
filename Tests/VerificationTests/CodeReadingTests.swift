import Foundation
import Layout
import Proof
import Testing
import Verification

/// One reading that the program and the box on the site are held to; `test_code_box.py` runs the same cases.
private struct AddressCase: Decodable, CustomTestStringConvertible {
  let text: String
  let code: String?
  let fingerprint: String?
  let host: String?
  let problem: String?
  let count: Int?
  let found: Found?

  /// The letter that is strange, or how many digits there are.
  enum Found: Decodable, Equatable {
    case letter(String)
    case count(Int)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      do {
        self = .count(try container.decode(Int.self))
      } catch is DecodingError {
        self = .letter(try container.decode(String.self))
      }
    }
  }

  var testDescription: String { text.debugDescription }

  static let all: [AddressCase] = {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let file = folder.appendingPathComponent("../Fixtures/addresses.json")
    // A file that cannot be read is no case at all, which the test below refuses.
    let data = (try? Data(contentsOf: file)) ?? Data()
    return (try? JSONDecoder().decode([String: [AddressCase]].self, from: data))?["cases"] ?? []
  }()

  var expected: CodeReading? {
    if let code {
      return CertificateCode(hex: code).map {
        .code($0, fingerprint: fingerprint.flatMap { Fingerprint(hex: $0) }, host: host)
      }
    }
    return problem.flatMap(problemNamed).map { .problem($0) }
  }

  private func problemNamed(_ name: String) -> CodeProblem? {
    switch (name, found) {
    case ("empty", nil): .empty
    case ("number", nil): .number
    case ("page", nil): .page
    case ("several", nil): .several
    case ("one_missing", nil): .oneMissing
    case ("one_extra", nil): .oneExtra
    case ("strange", .letter(let letter)?): letter.unicodeScalars.first.map { .strange($0) }
    case ("missing", .count(let found)?) where count == 32 - found: .missing(32 - found)
    case ("extra", .count(let found)?) where count == found - 32: .extra(found - 32)
    case ("fingerprint_missing", nil): count.map { .fingerprintMissing($0) }
    case ("fingerprint_extra", .count(let found)?) where count == found - 64:
      .fingerprintExtra(found - 64)
    default: nil
    }
  }
}

@Suite struct CodeReadingTests {
  @Test func thereAreCasesOfEveryKind() {
    #expect(AddressCase.all.count >= 250)
    #expect(AddressCase.all.allSatisfy { $0.expected != nil })
    #expect(Set(AddressCase.all.compactMap(\.problem)).count == 11)
  }

  @Test(arguments: AddressCase.all)
  private func aTextIsReadAsTheBoxReadsIt(each: AddressCase) {
    #expect(CodeReading(each.text) == each.expected)
  }

  @Test(arguments: [
    ("Host.Example", "", "host.example"), ("host.example.", "", "host.example"),
    ("host.example..", "", nil), ("host.example:443", "https:", "host.example"),
    ("host.example:443", "http:", "host.example:443"), ("host.example:80", "http:", "host.example"),
    ("host.example:80", "https:", "host.example:80"), ("host.example:80", "", "host.example"),
    ("host.example:00443", "", "host.example"), ("host.example:", "", "host.example"),
    ("host.example:8443", "", "host.example:8443"),
    ("host.example:65535", "", "host.example:65535"),
    ("host.example:65536", "", nil), ("host.example:1x", "", nil), ("host:1:2", "", nil),
    ("", "", nil), (".", "", nil), (":443", "", nil), ("a b", "", nil), ("a/b", "", nil),
    ("a%2Fb", "", nil), ("a@b", "", nil), ("[::1]:443", "", "[::1]"), ("[::1", "", nil),
    ("[host]", "", nil), ("[]", "", nil), ("ｈｏｓｔ．example", "", "host.example"),
    ("ho\u{AD}st.example", "", "host.example"), ("bücher.example", "", "xn--bcher-kva.example"),
    ("BÜCHER.example", "", "xn--bcher-kva.example"),
    ("straße.example", "", "xn--strae-oqa.example"),
    ("ليهمابتكلموشعربي؟.example", "", "xn--egbpdaj6bu4bxfgehfvwxn.example"),
    ("他们为什么不说中文", "", "xn--ihqwcrb4cv8a8dqg056pqjye"),
    ("3年B組金八先生", "", "xn--3b-ww4c5e180e575a65lsy2b"),
  ])
  func aHostHasOneNormalForm(text: String, scheme: String, normal: String?) {
    #expect(normalHost(text, scheme: scheme) == normal)
    if let normal { #expect(normalHost(normal, scheme: scheme) == normal) }
  }

  @Test(arguments: [
    ("record.json", true), ("saved page.html", true), ("./certificate.tlog-proof", true),
    ("public/c/7f/record.json", true), ("/tmp/about.html", true), ("notes", false), ("", false),
    ("7f3a.90c1.4be258d6.0a9f.c371.e284.b65", false), ("https://host.example/about.html", false),
    ("BTK.0000.00123.2025", false), ("public/", false),
  ])
  func whatEndsLikeAFileAndHoldsNoCodeIsTheNameOfAFile(text: String, isFile: Bool) {
    #expect((VerificationTarget(text) == .file(text)) == isFile)
  }
}
