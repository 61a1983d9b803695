import Proof
import TestSupport
import Testing

/// The alumni credential of W3C vc-di-eddsa, with the figures of the design.
@Suite struct DataIntegrityTests {
  private let secret = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
  private let publicKey = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
  private let created = "2023-02-24T23:36:38Z"
  private var method: String { "did:key:\(publicKey)#\(publicKey)" }

  private func document() throws -> JSONValue {
    try JSONParser.parse(
      Array(
        """
        {
          "@context": [
            "https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"
          ],
          "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
          "type": ["VerifiableCredential", "AlumniCredential"],
          "name": "Alumni Credential",
          "description": "A minimum viable example of an Alumni Credential.",
          "issuer": "https://vc.example/issuers/5678",
          "validFrom": "2023-01-01T00:00:00Z",
          "credentialSubject": {
            "id": "did:example:abcdefgh", "alumniOf": "The School of Examples"
          }
        }
        """.utf8))
  }

  private func signed() throws -> JSONValue {
    let key = try #require(SigningKey(secretMultikey: secret))
    return try DataIntegrity.sign(
      document(), key: key, verificationMethod: method, created: created)
  }

  private func key(for method: String) -> PublicKey? {
    method == self.method ? PublicKey(multikey: publicKey) : nil
  }

  @Test func keysAreThoseOfTheVector() throws {
    let key = try #require(SigningKey(secretMultikey: secret))
    #expect(key.publicKey.multikey == publicKey)
  }

  @Test func hashesAreThoseOfTheVector() throws {
    guard case .object(var options)? = try signed()["proof"] else {
      Issue.record("no proof")
      return
    }
    options["proofValue"] = nil
    let hashes = try DataIntegrity.hashData(document: try document(), options: .object(options))
    #expect(
      "\(hashes.document)" == "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19")
    #expect(
      "\(hashes.options)" == "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db")
  }

  @Test func theSignatureIsThatOfTheVector() throws {
    #expect(
      try signed()["proof"]?["proofValue"]?.string
        == "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"
    )
    #expect(throws: Never.self) { try DataIntegrity.verify(try signed(), keys: key) }
  }

  @Test func noFlippedByteIsAccepted() throws {
    let bytes = CanonicalJSON.encode(try signed())
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 1
      guard let document = try? JSONParser.parse(changed) else { continue }
      #expect(throws: DataIntegrity.Failure.self, "byte \(index)") {
        try DataIntegrity.verify(document, keys: key)
      }
    }
  }

  @Test func refusesAnotherPurposeKeyContextOrKind() throws {
    guard case .object(let members) = try signed(), case .object(let proof)? = members["proof"]
    else { return }
    let changes: [(String, JSONValue?)] = [
      ("proofPurpose", .string("authentication")), ("proofPurpose", nil),
      ("verificationMethod", .string("https://vc.example/issuers/5678#other")),
      ("cryptosuite", .string("eddsa-rdfc-2022")), ("type", .string("Ed25519Signature2020")),
      ("@context", nil), ("@context", .array([])), ("proofValue", .string("z")),
      ("proofValue", .string("u" + "AAAA")), ("proofValue", nil), ("created", nil),
    ]
    for (name, value) in changes {
      var changed = proof
      changed[name] = value
      var document = members
      document["proof"] = .object(changed)
      #expect(throws: DataIntegrity.Failure.self, "\(name)") {
        try DataIntegrity.verify(.object(document), keys: key)
      }
    }
    var bare = members
    bare["proof"] = nil
    #expect(throws: DataIntegrity.Failure.self) {
      try DataIntegrity.verify(.object(bare), keys: key)
    }
  }

  @Test func base58IsReadAsWritten() {
    var generator = SeededGenerator(seed: 58)
    for length in 0..<80 {
      let zeros = Int.random(in: 0...3, using: &generator)
      let bytes =
        [UInt8](repeating: 0, count: zeros)
        + (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
      #expect(Base58.decode(Base58.encode(bytes)) == bytes)
    }
    #expect(Base58.encode(Array("Hello World!".utf8)) == "2NEpo7TZRRrLZSi2U")
    #expect(Base58.decode("0") == nil)
    #expect(Base58.decode(String(repeating: "2", count: 257)) == nil)
  }
}
