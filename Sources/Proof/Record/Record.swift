import Input

/// A record read back from its bytes, as a verifier does it.
public struct Record: Sendable {
  /// Why some bytes are no record of version 1.
  public enum Failure: Error, Sendable, CustomStringConvertible {
    case notJSON(JSONFailure)
    /// The bytes are JSON, but not in canonical form.
    case notCanonical
    /// A field is missing, of the wrong kind, or not known in version 1.
    case field(String)

    public var description: String {
      switch self {
      case .notJSON(let failure): "it is not JSON: \(failure)"
      case .notCanonical: "its bytes are not in canonical form (RFC 8785)"
      case .field(let name): "its field `\(name)` is not as version 1 of the format has it"
      }
    }
  }

  public let number: String
  public let revision: Int
  public let registration: String?
  public let holder: String
  public let schemeCode: String
  public let schemeTitle: [String: String]
  public let units: [String]
  /// `YYYY-MM-DD`.
  public let issued: String
  /// `YYYY-MM-DD`.
  public let expires: String
  public let issuerName: String
  public let issuerLicence: String
  /// Of the very bytes that were read.
  public let fingerprint: Fingerprint

  /// Reads a record, and checks that its fields written anew give the very same bytes.
  ///
  /// - Throws: `Failure` for anything that version 1 does not allow.
  public init(_ bytes: [UInt8]) throws(Failure) {
    let json: JSONValue
    do {
      json = try JSONParser.parse(bytes)
    } catch {
      throw .notJSON(error)
    }
    guard CanonicalJSON.encode(json) == bytes else { throw .notCanonical }
    try Self.expect(
      json, keys: Self.required, optional: ["registration", "revision"], in: "record")
    guard json["version"]?.integer == 1 else { throw .field("version") }
    number = try Self.text(json, "number")
    holder = try Self.text(json, "holder")
    issued = try Self.day(json, "issued")
    expires = try Self.day(json, "expires")
    registration = json["registration"] == nil ? nil : try Self.text(json, "registration")
    if let written = json["revision"] {
      guard let value = written.integer, value >= 2 else { throw .field("revision") }
      revision = value
    } else {
      revision = 1
    }
    guard try Self.text(json, "salt").utf8.count == 22 else { throw .field("salt") }
    let issuer = json["issuer"] ?? .boolean(false)
    try Self.expect(issuer, keys: ["name", "licence"], in: "issuer")
    issuerName = try Self.text(issuer, "name")
    issuerLicence = try Self.text(issuer, "licence")
    let scheme = json["scheme"] ?? .boolean(false)
    try Self.expect(scheme, keys: ["code", "title", "units"], in: "scheme")
    schemeCode = try Self.text(scheme, "code")
    let title = scheme["title"] ?? .boolean(false)
    try Self.expect(title, keys: ["en", "id"], in: "scheme")
    schemeTitle = ["en": try Self.text(title, "en"), "id": try Self.text(title, "id")]
    guard let list = scheme["units"]?.array else { throw .field("units") }
    let codes = list.compactMap(\.string)
    guard codes.count == list.count else { throw .field("units") }
    units = codes
    fingerprint = Fingerprint(of: bytes)
  }

  private static let required: Set<String> = [
    "version", "number", "holder", "scheme", "issued", "expires", "issuer", "salt",
  ]

  private static func expect(
    _ json: JSONValue, keys: Set<String>, optional: Set<String> = [], in name: String
  ) throws(Failure) {
    guard case .object(let members) = json else { throw .field(name) }
    let found = Set(members.keys)
    if let extra = found.subtracting(keys).subtracting(optional).sorted().first {
      throw .field(extra)
    }
    if let missing = keys.subtracting(found).sorted().first { throw .field(missing) }
  }

  private static func text(_ json: JSONValue, _ key: String) throws(Failure) -> String {
    guard let text = json[key]?.string else { throw .field(key) }
    return text
  }

  private static func day(_ json: JSONValue, _ key: String) throws(Failure) -> String {
    let written = try text(json, key)
    guard CalendarDate(iso: written) != nil else { throw .field(key) }
    return written
  }
}
