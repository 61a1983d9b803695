import Diagnostics
import Foundation
import Input
import Proof

/// A credential held against the record that it was made from.
struct CredentialReading {
  private let document: JSONValue

  init(_ document: JSONValue) {
    self.document = document
  }

  /// Whether every printed field is the record's, and the credential names the record itself.
  func agrees(with record: Record) -> Bool {
    let certificate = document["credentialSubject"]?["certificate"]
    let scheme = certificate?["scheme"]
    func same(_ value: JSONValue?, _ text: String?) -> Bool {
      guard let text else { return value == nil }
      return value?.string.map { $0.utf8.elementsEqual(text.utf8) } ?? false
    }
    return CertificateVerifier.fingerprint(in: document) == record.fingerprint
      && same(document["credentialSubject"]?["name"], record.holder)
      && same(certificate?["number"], record.number)
      && same(certificate?["registration"], record.registration)
      && (certificate?["revision"]?.integer ?? 1) == record.revision
      && same(certificate?["issued"], record.issued)
      && same(certificate?["expires"], record.expires)
      && same(certificate?["licence"], record.issuerLicence)
      && same(document["issuer"]?["name"], record.issuerName)
      && same(scheme?["code"], record.schemeCode)
      && ["en", "id"].allSatisfy { same(scheme?["title"]?[$0], record.schemeTitle[$0]) }
      && scheme?["units"]?.array?.map { $0.string } == record.units
  }
}

/// A certificate's page as it was saved or served.
struct SavedPage {
  let fingerprint: Fingerprint
  /// The word in the page's main element.
  let status: String
  /// The position in the log that it states.
  let logIndex: Int?
  /// The record that it carries, where the site has no file for it.
  let record: [UInt8]?
  /// Whether the site has no credential for it, so that the log's checkpoint is what was signed.
  let isSignedByLogAlone: Bool

  /// What stands before a record in base64.
  static let recordStart = "data:application/json;base64,"

  /// Nil for anything that is no certificate's page.
  init?(_ bytes: [UInt8]) {
    let text = String(decoding: bytes.prefix(1 << 20), as: UTF8.self)
    guard let digits = Self.attribute("data-fingerprint", in: text),
      let fingerprint = Fingerprint(hex: digits),
      let status = Self.attribute("data-status", in: text)
    else { return nil }
    self.fingerprint = fingerprint
    self.status = status
    logIndex = Self.attribute("data-index", in: text).flatMap { Int($0) }
    record = Self.following("href=\"" + Self.recordStart, in: text)
      .flatMap { Data(base64Encoded: $0) }.map { Array($0) }
    isSignedByLogAlone = Self.attribute("data-signed", in: text) == "log"
  }

  private static func attribute(_ name: String, in text: String) -> String? {
    following(" \(name)=\"", in: text)
  }

  private static func following(_ start: String, in text: String) -> String? {
    guard let start = text.range(of: start) else { return nil }
    return String(text[start.upperBound...].prefix { $0 != "\"" })
  }
}

/// When each of the issuer's keys was in use, as `/keys.json` says.
enum KeyDays {
  static func read(
    _ site: PublishedSite?
  ) async throws -> [String: (from: CalendarDate, until: CalendarDate?)]? {
    guard let bytes = try await site?.read(ProofFiles.keysPath.text) else { return nil }
    let json: JSONValue
    do {
      json = try JSONParser.parse(bytes)
    } catch {
      return nil
    }
    var days: [String: (CalendarDate, CalendarDate?)] = [:]
    for entry in json["keys"]?.array ?? [] {
      guard let key = entry["key"]?.string,
        let from = entry["from"]?.string.flatMap({ CalendarDate(iso: $0) })
      else { continue }
      days[key] = (from, entry["until"]?.string.flatMap { CalendarDate(iso: $0) })
    }
    return days
  }
}

/// The signed status lists of a site.
struct StatusReading: Sendable {
  let site: PublishedSite
  let directory: KeyDirectory
  /// When each key was in use, as far as the site says.
  let days: [String: (from: CalendarDate, until: CalendarDate?)]
  let today: CalendarDate

  struct Reason: Error {
    let text: String
    /// Whether the list is wrong, rather than missing or old.
    let isForgery: Bool
  }

  /// The bit of a certificate, or why it is not known.
  func bit(_ index: Int, _ purpose: StatusList.Purpose) async throws -> Result<Bool, Reason> {
    let result = try await list(index / StatusList.length, purpose)
    return result.map { $0[index % StatusList.length] }
  }

  func list(
    _ number: Int, _ purpose: StatusList.Purpose
  ) async throws -> Result<StatusList, Reason> {
    try await signed(number, purpose).map(\.list)
  }

  /// A list that is signed and in date, with what its signature covers beside its bits.
  struct Signed {
    let list: StatusList
    let key: PublicKey
    let made: CalendarDate?
    let until: CalendarDate
  }

  func signed(
    _ number: Int, _ purpose: StatusList.Purpose
  ) async throws -> Result<Signed, Reason> {
    let path = ProofFiles.statusPath(purpose, number).text
    func wrong(_ text: String) -> Result<Signed, Reason> {
      .failure(Reason(text: "\(path): \(text)", isForgery: true))
    }
    guard let bytes = try await site.read(path, limit: 16 << 20) else {
      return .failure(Reason(text: "\(path) is missing", isForgery: false))
    }
    let document: JSONValue
    do {
      document = try JSONParser.parse(bytes)
      try DataIntegrity.verify(document) { directory.keys[$0] }
    } catch {
      return wrong("\(error)")
    }
    let subject = document["credentialSubject"]
    guard document["issuer"]?.string == directory.issuer,
      document["id"]?.string?.hasSuffix("/" + path) ?? false,
      subject?["type"]?.string == "BitstringStatusList",
      subject?["statusPurpose"]?.string == purpose.rawValue
    else { return wrong("it is another list, or another issuer's") }
    guard let list = subject?["encodedList"]?.string.flatMap({ StatusList(encoded: $0) }) else {
      return wrong("its bits cannot be read")
    }
    let made = document["validFrom"]?.string.flatMap { CalendarDate(iso: $0.prefix(10)) }
    let key = document["proof"]?["verificationMethod"]?.string.flatMap { directory.keys[$0] }
    if let made, let retired = key.flatMap({ days[$0.multikey]?.until }), made > retired {
      return wrong("its key was retired on \(retired), before it was made")
    }
    let until = document["validUntil"]?.string.flatMap { CalendarDate(iso: $0.prefix(10)) }
    guard let key, let until, until >= today else {
      return .failure(
        Reason(
          text: "\(path) is out of date" + (until.map { ", good until \($0)" } ?? ""),
          isForgery: false))
    }
    return .success(Signed(list: list, key: key, made: made, until: until))
  }
}
