/// Canonical N-Quads of the documents that are signed with `eddsa-rdfc-2022`
/// ([RDFC-1.0](https://www.w3.org/TR/rdf-canon/), section 5).
///
/// These documents have an `id` on every node but one, so their one blank node is `_:c14n0`, and what
/// RDFC-1.0 gives is their lines, sorted. A document with a word that is not listed here is refused: a
/// JSON-LD processor might drop it, and the signature would not cover it.
package struct CanonicalQuads: Sendable {
  private var lines: Set<String> = []
  private var hasBlankNode = false

  /// The sorted lines of a document, each with the LF at its end.
  ///
  /// - Parameter document: of the contexts W3C VC 2.0 and Open Badges 3.0.3.
  package static func lines(
    of document: JSONValue
  ) throws(DataIntegrity.Failure) -> [String] {
    var quads = CanonicalQuads()
    guard case .object(var members) = document else {
      throw DataIntegrity.Failure("only an object has N-Quads")
    }
    members["@context"] = nil
    _ = try quads.add(node: .object(members))
    return quads.lines.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The lines behind each other in UTF-8, which is what is hashed.
  package static func bytes(of document: JSONValue) throws(DataIntegrity.Failure) -> [UInt8] {
    try lines(of: document).flatMap(\.utf8)
  }

  // MARK: Statements

  /// Adds what is said of a node.
  ///
  /// - Returns: the node as it stands in statements.
  private mutating func add(node: JSONValue) throws(DataIntegrity.Failure) -> String {
    guard case .object(let members) = node else { return try Self.reference(to: node) }
    let subject: String
    if let id = members["id"] {
      subject = try Self.reference(to: id)
    } else {
      guard !hasBlankNode else {
        throw DataIntegrity.Failure("the document has two nodes without an id")
      }
      hasBlankNode = true
      subject = "_:c14n0"
    }
    for (name, value) in members where name != "id" {
      guard let term = Self.terms[name] else {
        throw DataIntegrity.Failure("the document has a member that is not known here, \(name)")
      }
      for value in value.array ?? [value] {
        lines.insert("\(subject) <\(term.predicate)> \(try object(value, term.kind)) .\n")
      }
    }
    return subject
  }

  private mutating func object(
    _ value: JSONValue, _ kind: Kind
  ) throws(DataIntegrity.Failure) -> String {
    switch (kind, value) {
    case (.node, _): return try add(node: value)
    case (.name, .string(let name)):
      guard let address = Self.names[name] else {
        throw DataIntegrity.Failure("the document has a type that is not known here, \(name)")
      }
      return "<\(address)>"
    case (.text, .string(let text)): return Self.literal(text)
    case (.typed(let type), .string(let text)): return "\(Self.literal(text))^^<\(type)>"
    case (.typed(let type), .boolean(let flag)): return "\"\(flag)\"^^<\(type)>"
    default: throw DataIntegrity.Failure("the document has a member of another kind than expected")
    }
  }

  /// An IRI in angle brackets. One with a character that cannot stand there would end it early.
  private static func reference(to value: JSONValue) throws(DataIntegrity.Failure) -> String {
    guard let address = value.string, address.utf8.contains(UInt8(ascii: ":")),
      !address.utf8.contains(where: { $0 <= 0x20 || #"<>"{}|^`\"#.utf8.contains($0) })
    else { throw DataIntegrity.Failure("the document has an address that is none") }
    return "<\(address)>"
  }

  private static func literal(_ text: String) -> String {
    var bytes = [UInt8(ascii: "\"")]
    appendEscaped(Array(text.utf8), to: &bytes)
    bytes.append(UInt8(ascii: "\""))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the text of a literal with the escapes of canonical N-Quads (RDFC-1.0, section 5), and all
  /// else as it stands.
  package static func appendEscaped(_ text: [UInt8], to bytes: inout [UInt8]) {
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0x08: bytes += #"\b"#.utf8
      case 0x09: bytes += #"\t"#.utf8
      case 0x0A: bytes += #"\n"#.utf8
      case 0x0C: bytes += #"\f"#.utf8
      case 0x0D: bytes += #"\r"#.utf8
      case 0x00..<0x20, 0x7F:
        bytes += (byte < 0x10 ? #"\u000"# : #"\u00"#).utf8
        bytes += String(byte, radix: 16, uppercase: true).utf8
      default: bytes.append(byte)
      }
    }
  }

  // MARK: Words

  /// What the values of a member are, by the contexts' definitions of its term.
  private enum Kind {
    /// An address, or an object that is said more of.
    case node
    /// A word that stands for an address.
    case name
    case text
    /// A literal of this type.
    case typed(String)
  }

  private static let credentials = "https://www.w3.org/2018/credentials#"
  private static let status = "https://www.w3.org/ns/credentials/status#"
  private static let security = "https://w3id.org/security#"
  private static let badges = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"
  private static let schema = "https://schema.org/"
  private static let moment = "http://www.w3.org/2001/XMLSchema#dateTime"
  // The context of Open Badges writes these two with https.
  private static let address = "https://www.w3.org/2001/XMLSchema#anyURI"
  private static let flag = "https://www.w3.org/2001/XMLSchema#boolean"

  /// The members that are used, as
  /// [W3C VC 2.0](https://www.w3.org/ns/credentials/v2) and
  /// [Open Badges 3.0.3](https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json) define them.
  private static let terms: [String: (predicate: String, kind: Kind)] = [
    "type": ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", .name),
    "name": (schema + "name", .text), "description": (schema + "description", .text),
    "issuer": (credentials + "issuer", .node),
    "credentialSubject": (credentials + "credentialSubject", .node),
    "credentialStatus": (credentials + "credentialStatus", .node),
    "validFrom": (credentials + "validFrom", .typed(moment)),
    "validUntil": (credentials + "validUntil", .typed(moment)),
    "relatedResource": (credentials + "relatedResource", .node),
    "digestSRI": (credentials + "digestSRI", .typed(credentials + "sriString")),
    "mediaType": (schema + "encodingFormat", .text),
    "statusPurpose": (status + "statusPurpose", .text),
    "statusListIndex": (status + "statusListIndex", .text),
    "statusListCredential": (status + "statusListCredential", .node),
    "statusMessage": (status + "statusMessage", .node),
    "status": (status + "status", .text), "message": (status + "message", .text),
    "encodedList": (status + "encodedList", .typed(security + "multibase")),
    "created": ("http://purl.org/dc/terms/created", .typed(moment)),
    "cryptosuite": (security + "cryptosuite", .typed(security + "cryptosuiteString")),
    "proofPurpose": (security + "proofPurpose", .name),
    "verificationMethod": (security + "verificationMethod", .node),
    "url": (schema + "url", .typed(address)),
    "achievement": (badges + "achievement", .node),
    "achievementType": (badges + "achievementType", .text),
    "criteria": (badges + "Criteria", .node), "humanCode": (badges + "humanCode", .text),
    "alignment": (badges + "alignment", .node), "targetCode": (badges + "targetCode", .text),
    "targetName": (schema + "targetName", .text),
    "targetUrl": (schema + "targetUrl", .typed(address)),
    "identifier": (badges + "identifier", .node), "hashed": (badges + "hashed", .typed(flag)),
    "identityHash": (badges + "identityHash", .text),
    "identityType": (badges + "identityType", .text),
    "licenseNumber": (badges + "licenseNumber", .text),
  ]

  /// The words that stand for addresses, types most of them.
  private static let names: [String: String] = [
    "VerifiableCredential": credentials + "VerifiableCredential",
    "OpenBadgeCredential": badges + "OpenBadgeCredential",
    "BitstringStatusListCredential": status + "BitstringStatusListCredential",
    "BitstringStatusList": status + "BitstringStatusList",
    "BitstringStatusListEntry": status + "BitstringStatusListEntry",
    "DataIntegrityProof": security + "DataIntegrityProof",
    "assertionMethod": security + "assertionMethod", "Profile": badges + "Profile",
    "AchievementSubject": badges + "AchievementSubject", "Achievement": badges + "Achievement",
    "Alignment": schema + "AlignmentObject", "IdentityObject": badges + "IdentityObject",
  ]
}
