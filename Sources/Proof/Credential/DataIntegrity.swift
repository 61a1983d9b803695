import Input

/// Proofs of W3C Data Integrity ([VC-DI-EDDSA](https://www.w3.org/TR/vc-di-eddsa/)).
public enum DataIntegrity {
  /// How a document is put into the bytes that are hashed.
  public enum Cryptosuite: String, Sendable {
    /// Canonical JSON (section 3.3): credentials and their status lists.
    case jcs = "eddsa-jcs-2022"
    /// Canonical N-Quads (section 3.2): badges and their status list.
    case rdfc = "eddsa-rdfc-2022"

    func bytes(of document: JSONValue) throws(Failure) -> [UInt8] {
      switch self {
      case .jcs: CanonicalJSON.encode(document)
      case .rdfc: try CanonicalQuads.bytes(of: document)
      }
    }
  }

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
    document: JSONValue, options: JSONValue, _ suite: Cryptosuite = .jcs
  ) throws(Failure) -> (options: Digest, document: Digest) {
    (
      Digest(hashing: try suite.bytes(of: options)),
      Digest(hashing: try suite.bytes(of: document))
    )
  }

  /// A proof without `@context` and `proofValue`.
  static func options(
    _ suite: Cryptosuite, verificationMethod: String, created: String
  ) -> [String: JSONValue] {
    [
      "type": .string("DataIntegrityProof"), "cryptosuite": .string(suite.rawValue),
      "created": .string(created), "verificationMethod": .string(verificationMethod),
      "proofPurpose": .string("assertionMethod"),
    ]
  }

  /// The document with a proof.
  ///
  /// - Parameters:
  ///   - verificationMethod: the id of the key in its DID document.
  ///   - created: as in `2026-11-23T00:00:00Z`.
  public static func sign(
    _ document: JSONValue, key: SigningKey, verificationMethod: String, created: String,
    _ suite: Cryptosuite = .jcs
  ) throws -> JSONValue {
    guard case .object(var members) = document else {
      throw Failure("only an object can carry a proof")
    }
    var options = options(suite, verificationMethod: verificationMethod, created: created)
    // N-Quads are hashed, which the context is no part of, and proofs of that kind carry none.
    if suite == .jcs { options["@context"] = members["@context"] }
    let hashes = try hashData(document: document, options: .object(options), suite)
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
  /// - Parameters:
  ///   - suite: the one kind of proof that counts.
  ///   - keys: gives the key for a verification method that the issuer lists under
  ///     `assertionMethod`, or nil.
  /// - Returns: the key that signed.
  /// - Throws: `Failure` saying what does not hold.
  @discardableResult
  public static func verify(
    _ document: JSONValue, _ suite: Cryptosuite = .jcs, keys: (String) -> PublicKey?
  ) throws(Failure) -> PublicKey {
    guard case .object(var members) = document, members.removeValue(forKey: "proof") != nil,
      case .object(var options)? = document.proof
    else { throw Failure("there is no proof") }
    guard let value = options.removeValue(forKey: "proofValue")?.string, value.hasPrefix("z"),
      let signature = Base58.decode(value.dropFirst()), signature.count == 64
    else { throw Failure("the proof has no signature") }
    guard options["type"]?.string == "DataIntegrityProof",
      options["cryptosuite"]?.string == suite.rawValue
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
    guard isSame(options["@context"], suite == .jcs ? members["@context"] : nil) else {
      throw Failure("the proof belongs to another context")
    }
    guard let method = options["verificationMethod"]?.string, let key = keys(method) else {
      throw Failure("the key is not one of the issuer's")
    }
    // N-Quads are written by the meaning that these contexts give to words; others may give another.
    let context = members["@context"]
    guard suite == .jcs || isSame(context, Badge.context) || isSame(context, Badge.listContext)
    else { throw Failure("the document has a context that is not known here") }
    let hashes = try hashData(document: .object(members), options: .object(options), suite)
    guard key.isValid(signature, for: hashes.options.bytes + hashes.document.bytes) else {
      throw Failure("the signature does not fit the document")
    }
    return key
  }
}
