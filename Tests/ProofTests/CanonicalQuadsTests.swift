import Proof
import Testing

/// The test vectors of [VC-DI-EDDSA](https://www.w3.org/TR/vc-di-eddsa/), section B.1
/// (`eddsa-rdfc-2022`, alumni credential), and the escapes of RDFC-1.0.
@Suite struct CanonicalQuadsTests {
  private let method =
    "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    + "#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"

  /// The vector's document speaks of `alumniOf`, which no badge does, so its lines are given.
  private let documentLines = """
    <did:example:abcdefgh> <https://www.w3.org/ns/credentials/examples#alumniOf> "The School of Examples" .
    <urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://www.w3.org/2018/credentials#VerifiableCredential> .
    <urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://www.w3.org/ns/credentials/examples#AlumniCredential> .
    <urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33> <https://schema.org/description> "A minimum viable example of an Alumni Credential." .
    <urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33> <https://schema.org/name> "Alumni Credential" .
    <urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33> <https://www.w3.org/2018/credentials#credentialSubject> <did:example:abcdefgh> .
    <urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33> <https://www.w3.org/2018/credentials#issuer> <https://vc.example/issuers/5678> .
    <urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33> <https://www.w3.org/2018/credentials#validFrom> "2023-01-01T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> .

    """

  private var options: JSONValue {
    .object([
      "type": .string("DataIntegrityProof"), "cryptosuite": .string("eddsa-rdfc-2022"),
      "created": .string("2023-02-24T23:36:38Z"), "verificationMethod": .string(method),
      "proofPurpose": .string("assertionMethod"),
    ])
  }

  @Test func optionsAreThoseOfTheVector() throws {
    #expect(
      try CanonicalQuads.lines(of: options).joined() == """
        _:c14n0 <http://purl.org/dc/terms/created> "2023-02-24T23:36:38Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> .
        _:c14n0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/security#DataIntegrityProof> .
        _:c14n0 <https://w3id.org/security#cryptosuite> "eddsa-rdfc-2022"^^<https://w3id.org/security#cryptosuiteString> .
        _:c14n0 <https://w3id.org/security#proofPurpose> <https://w3id.org/security#assertionMethod> .
        _:c14n0 <https://w3id.org/security#verificationMethod> <\(method)> .

        """)
  }

  @Test func theWordsThatBadgesShareWithTheVectorGiveItsLines() throws {
    let document = JSONValue.object([
      "@context": .array([]), "id": .string("urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33"),
      "type": .array([.string("VerifiableCredential")]), "name": .string("Alumni Credential"),
      "description": .string("A minimum viable example of an Alumni Credential."),
      "issuer": .string("https://vc.example/issuers/5678"),
      "validFrom": .string("2023-01-01T00:00:00Z"),
      "credentialSubject": .object(["id": .string("did:example:abcdefgh")]),
    ])
    let shared: [String] = documentLines.split(separator: "\n")
      .filter { !$0.contains("/examples#") }.map { "\($0)\n" }
    #expect(try CanonicalQuads.lines(of: document) == shared)
  }

  @Test func theSignatureIsThatOfTheVector() throws {
    let key = try #require(
      SigningKey(secretMultikey: "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"))
    let document = Digest(hashing: documentLines.utf8)
    let proof = Digest(hashing: try CanonicalQuads.bytes(of: options))
    #expect(
      "\(document)" == "517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017")
    #expect("\(proof)" == "bea7b7acfbad0126b135104024a5f1733e705108f42d59668b05c0c50004c6b0")
    #expect(
      "z" + Base58.encode(try key.sign(proof.bytes + document.bytes))
        == "z2YwC8z3ap7yx1nZYCg4L3j3ApHsF8kgPdSb5xoS1VR7vPG3F561B52hYnQF9iseabecm3ijx4K1FBTQsCZahKZme"
    )
  }

  @Test(arguments: [
    ("\u{0}\u{7}\u{B}\u{E}\u{1F}\u{7F}", #"\u0000\u0007\u000B\u000E\u001F\u007F"#),
    ("\u{8}\t\n\u{C}\r", #"\b\t\n\f\r"#), (#"d'Arc "Neng" \n"#, #"d'Arc \"Neng\" \\n"#),
    ("Renée 𝄞 ꦧꦠꦶꦏ \u{80}\u{2028}", "Renée 𝄞 ꦧꦠꦶꦏ \u{80}\u{2028}"),
  ])
  func escapesWhatTheCanonicalFormEscapesAndNothingElse(text: String, written: String) throws {
    let lines = try CanonicalQuads.lines(
      of: .object(["id": .string("urn:x"), "name": .string(text)]))
    #expect(lines == ["<urn:x> <https://schema.org/name> \"\(written)\" .\n"])
  }

  @Test(
    arguments: [
      ["id": .string("urn:x"), "nickname": .string("x")],
      ["id": .string("urn:x> <urn:y"), "name": .string("x")],
      ["id": .string("relative"), "name": .string("x")], ["id": .integer(1)],
      ["id": .string("urn:x"), "type": .string("Person")],
      ["id": .string("urn:x"), "name": .boolean(true)],
      ["id": .string("urn:x"), "issuer": .object(["@context": .string("urn:y")])],
      ["name": .string("x"), "issuer": .object(["name": .string("y")])],
    ] as [[String: JSONValue]])
  func refusesWhatASignatureMightNotCover(members: [String: JSONValue]) {
    #expect(throws: DataIntegrity.Failure.self) {
      try CanonicalQuads.lines(of: .object(members))
    }
  }
}
