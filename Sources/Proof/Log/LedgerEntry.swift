public import Input

/// What the public log says happened to a certificate.
public struct LedgerEntry: Sendable, Hashable {
  public enum Event: Sendable, Hashable {
    case issued
    case revoked(CalendarDate)
    case suspended(CalendarDate)
    case reinstated(CalendarDate)
    case superseded(CalendarDate, by: LogID)
    case erased(CalendarDate)

    /// The day of the event; nil for an issuance, whose day is in the record alone.
    var date: CalendarDate? {
      switch self {
      case .issued: nil
      case .revoked(let date), .suspended(let date), .reinstated(let date), .erased(let date),
        .superseded(let date, by: _):
        date
      }
    }
  }

  public let certificate: LogID
  public let event: Event

  public init(_ certificate: LogID, _ event: Event) {
    self.certificate = certificate
    self.event = event
  }

  /// The day of the event; nil for an issuance, whose day is in the record alone.
  public var date: CalendarDate? { event.date }

  /// The word for the event in the entry.
  public var type: String {
    switch event {
    case .issued: "issued"
    case .revoked: "revoked"
    case .suspended: "suspended"
    case .reinstated: "reinstated"
    case .superseded: "superseded"
    case .erased: "erased"
    }
  }

  /// The entry's bytes in the log: canonical JSON.
  public var bytes: [UInt8] {
    var members: [String: JSONValue] = [
      "certificate": .string(certificate.description), "type": .string(type),
    ]
    if let date { members["date"] = .string(date.description) }
    if case .superseded(_, let by) = event { members["by"] = .string(by.description) }
    return CanonicalJSON.encode(.object(members))
  }

  private static let issuedStart = Array(#"{"certificate":""#.utf8)
  private static let issuedEnd = Array(#"","type":"issued"}"#.utf8)

  /// Reads an entry; nil unless it is one, in its one canonical form.
  public init?(_ bytes: ArraySlice<UInt8>) {
    let start = Self.issuedStart.count
    // Nearly all entries are issuances, whose form leaves only the log id open.
    if bytes.count == start + 64 + Self.issuedEnd.count, bytes.starts(with: Self.issuedStart),
      bytes.suffix(Self.issuedEnd.count) == Self.issuedEnd[...]
    {
      guard let digest = Digest(hexDigits: bytes.dropFirst(start).prefix(64)) else { return nil }
      self.init(LogID(digest: digest), .issued)
      return
    }
    let bytes = Array(bytes)
    guard let entry = Self.parse(bytes), entry.bytes == bytes else { return nil }
    self = entry
  }

  private static func parse(_ bytes: [UInt8]) -> LedgerEntry? {
    let json: JSONValue
    do {
      json = try JSONParser.parse(bytes)
    } catch {
      return nil
    }
    guard let certificate = json["certificate"]?.string.flatMap({ LogID(hex: $0) }) else {
      return nil
    }
    guard let date = json["date"]?.string.flatMap({ CalendarDate(iso: $0) }) else { return nil }
    switch json["type"]?.string {
    case "revoked": return LedgerEntry(certificate, .revoked(date))
    case "suspended": return LedgerEntry(certificate, .suspended(date))
    case "reinstated": return LedgerEntry(certificate, .reinstated(date))
    case "erased": return LedgerEntry(certificate, .erased(date))
    case "superseded":
      return json["by"]?.string.flatMap { LogID(hex: $0) }.map {
        LedgerEntry(certificate, .superseded(date, by: $0))
      }
    default: return nil
    }
  }
}
