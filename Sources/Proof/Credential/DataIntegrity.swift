import Input

/// Proofs of W3C Data Integrity with the cryptosuite `eddsa-jcs-2022`.
public enum DataIntegrity {
  /// Why a document's proof does not hold.
  public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    package init(_ description: String) {
      self.description = description
    }
  }

  private static let knownOptions: Set<String> = [
    "@context", "created", "cryptosuite", "proofPurpose", "type", "verificationMethod",
  ]

  /// What is signed: the hash of the proof's options, then the hash of the document.
  ///
  /// - Parameters:
  ///   - document: without `proof`.
  ///   - options: the proof without `proofValue`.
  public static func hashData(
    document: JSONValue, options: JSONValue
  ) -> (options: Digest, document: Digest) {
    (
      Digest(hashing: CanonicalJSON.encode(options)),
      Digest(hashing: CanonicalJSON.encode(document))
    )
  }

  /// The document with a proof.
  ///
  /// - Parameters:
  ///   - verificationMethod: the id of the key in its DID document.
  ///   - created: as in `2026-11-23T00:00:00Z`.
  public static func sign(
    _ document: JSONValue, key: SigningKey, verificationMethod: String, created: String
  ) throws -> JSONValue {
    guard case .object(var members) = document else {
      throw Failure("only an object can carry a proof")
    }
    var options: [String: JSONValue] = [
      "type": .string("DataIntegrityProof"), "cryptosuite": .string("eddsa-jcs-2022"),
      "created": .string(created), "verificationMethod": .string(verificationMethod),
      "proofPurpose": .string("assertionMethod"),
    ]
    options["@context"] = members["@context"]
    let hashes = hashData(document: document, options: .object(options))
    let signature = try key.sign(hashes.options.bytes + hashes.document.bytes)
    options["proofValue"] = .string("z" + Base58.encode(signature))
    members["proof"] = .object(options)
    return .object(members)
  }

  private static func isSame(_ left: JSONValue?, _ right: JSONValue?) -> Bool {
    switch (left, right) {
    case (nil, nil): true
    case (let left?, let right?): left.isSame(as: right)
    default: false
    }
  }

  /// Checks a document's proof against the key it names.
  ///
  /// - Parameter keys: gives the key for a verification method that the issuer lists under
  ///   `assertionMethod`, or nil.
  /// - Returns: the key that signed.
  /// - Throws: `Failure` saying what does not hold.
  @discardableResult
  public static func verify(
    _ document: JSONValue, keys: (String) -> PublicKey?
  ) throws(Failure) -> PublicKey {
    guard case .object(var members) = document, let proof = members.removeValue(forKey: "proof"),
      case .object(var options) = proof
    else { throw Failure("there is no proof") }
    guard let value = options.removeValue(forKey: "proofValue")?.string, value.hasPrefix("z"),
      let signature = Base58.decode(value.dropFirst()), signature.count == 64
    else { throw Failure("the proof has no signature") }
    guard options["type"]?.string == "DataIntegrityProof",
      options["cryptosuite"]?.string == "eddsa-jcs-2022"
    else { throw Failure("the proof is of a kind that is not known here") }
    // A member that is not understood could take the proof's meaning away: `expires`, `domain`.
    guard Set(options.keys).isSubset(of: knownOptions) else {
      throw Failure("the proof has a member that is not known here")
    }
    guard options["created"]?.string.flatMap({ CalendarDate(moment: $0) }) != nil else {
      throw Failure("the proof does not say when it was made")
    }
    guard options["proofPurpose"]?.string == "assertionMethod" else {
      throw Failure("the proof was made for another purpose")
    }
    guard isSame(options["@context"], members["@context"]) else {
      throw Failure("the proof belongs to another context")
    }
    guard let method = options["verificationMethod"]?.string, let key = keys(method) else {
      throw Failure("the key is not one of the issuer's")
    }
    let hashes = hashData(document: .object(members), options: .object(options))
    guard key.isValid(signature, for: hashes.options.bytes + hashes.document.bytes) else {
      throw Failure("the signature does not fit the document")
    }
    return key
  }
}
