public import Diagnostics
import Foundation
public import Input
public import Proof
public import SystemPackage

/// What a person holds and wants to know the truth about.
public enum VerificationTarget: Sendable, Equatable {
  case code(CertificateCode)
  case fingerprint(Fingerprint)
  /// A saved record.
  case file(String)

  /// Understands a code, a fingerprint or an address, forgiving spaces, dashes, case and the
  /// letters that look like digits; anything else is taken for a file.
  public init(_ argument: String) {
    let digits = Self.digits(in: argument)
    if let fingerprint = Fingerprint(hex: digits) {
      self = .fingerprint(fingerprint)
    } else if let code = CertificateCode(hex: digits) {
      self = .code(code)
    } else if let code = Self.code(inAddress: argument) {
      self = .code(code)
    } else {
      self = .file(argument)
    }
  }

  private static func digits(in text: String) -> String {
    var digits = ""
    for scalar in text.lowercased().unicodeScalars {
      switch scalar {
      case "o": digits.append("0")
      case "l", "i", "|": digits.append("1")
      case " ", "-", ".", ":", "\u{A0}", "\u{2010}"..."\u{2015}", "\t", "\n": continue
      default: digits.unicodeScalars.append(scalar)
      }
    }
    return digits
  }

  private static func code(inAddress text: String) -> CertificateCode? {
    guard let start = text.range(of: "/c/") ?? text.range(of: "c/", options: .anchored) else {
      return nil
    }
    let parts = text[start.upperBound...].prefix { $0 != "?" && $0 != "#" }.split(separator: "/")
    guard parts.count >= 2 else { return nil }
    return CertificateCode(hex: (parts[0] + parts[1]).lowercased())
  }
}

/// What is true of a certificate, as far as it could be checked.
public struct Verification: Sendable {
  public enum Verdict: String, Sendable, Encodable {
    case valid, expired, suspended, revoked, superseded
    case notGenuine = "not genuine"
    case notFound = "not found"
    case couldNotBeChecked = "could not be checked"
  }

  /// One thing that was checked.
  public struct Step: Sendable, Encodable {
    public enum Result: String, Sendable, Encodable {
      case passed, failed
      case notRun = "could not be checked"
    }

    public let name: String
    public let result: Result
    /// One sentence why.
    public let reason: String
  }

  public private(set) var steps: [Step] = []
  public private(set) var verdict: Verdict = .couldNotBeChecked
  public private(set) var record: Record?

  /// Checks a certificate against a site in a folder.
  ///
  /// - Parameter today: the day by which expiry is decided.
  /// - Throws: `MachineFailure` when a file is there and cannot be read.
  public static func run(
    _ target: VerificationTarget, site: FilePath, shownAs path: String, today: CalendarDate
  ) throws(MachineFailure) -> Verification {
    var verification = Verification()
    try verification.check(target, site: site, shownAs: path, today: today)
    return verification
  }

  private mutating func check(
    _ target: VerificationTarget, site: FilePath, shownAs path: String, today: CalendarDate
  ) throws(MachineFailure) {
    let code: CertificateCode
    var saved: [UInt8]?
    switch target {
    case .code(let given): code = given
    case .fingerprint(let given): code = given.code
    case .file(let name):
      guard let bytes = try SourceFile.readBytes(FilePath(name), shownAs: name) else {
        fail("file", .notRun, "there is no file \(name), and it is no code or address either")
        return
      }
      saved = bytes
      code = Fingerprint(of: bytes).code
    }
    let recordPath = "\(code.folder)/record.json"
    let published = try SourceFile.readBytes(
      site.appending(recordPath), shownAs: "\(path)/\(recordPath)")
    guard let bytes = saved ?? published else {
      guard try siteExists(site, shownAs: path) else { return }
      fail("record", .failed, "the site has no certificate with this code", verdict: .notFound)
      return
    }
    guard checkRecord(bytes, code: code, target: target) else { return }
    guard let published else {
      guard try siteExists(site, shownAs: path) else { return }
      fail(
        "site", .failed, "the record is whole, but the site has no such certificate",
        verdict: .notFound)
      return
    }
    guard published == bytes else {
      fail("site", .failed, "the site's own record differs from this one", verdict: .notGenuine)
      return
    }
    pass("site", "the site has this record at /\(code.folder)/")
    try checkStatus(code, site: site, shownAs: path, today: today)
  }

  private mutating func siteExists(
    _ site: FilePath, shownAs path: String
  ) throws(MachineFailure) -> Bool {
    if try SourceFile.exists(site.appending("index.html"), shownAs: path) { return true }
    fail("site", .notRun, "\(path) holds no site; name its folder with --site")
    return false
  }

  /// Recomputes the hash from the bytes, and the bytes from the fields.
  private mutating func checkRecord(
    _ bytes: [UInt8], code: CertificateCode, target: VerificationTarget
  ) -> Bool {
    let fingerprint = Fingerprint(of: bytes)
    if case .fingerprint(let wanted) = target, wanted != fingerprint {
      fail("hash", .failed, "the record's hash is \(fingerprint)", verdict: .notGenuine)
      return false
    }
    guard fingerprint.code == code else {
      fail("hash", .failed, "the record's hash is \(fingerprint)", verdict: .notGenuine)
      return false
    }
    pass("hash", "SHA-256 of the record is \(fingerprint)")
    do {
      record = try Record(bytes)
    } catch {
      fail("fields", .failed, "\(error)", verdict: .notGenuine)
      return false
    }
    pass("fields", "the fields written anew give the same bytes and hash")
    return true
  }

  private mutating func checkStatus(
    _ code: CertificateCode, site: FilePath, shownAs path: String, today: CalendarDate
  ) throws(MachineFailure) {
    let pagePath = "\(code.folder)/index.html"
    guard
      let page = try SourceFile.readBytes(
        site.appending(pagePath), shownAs: "\(path)/\(pagePath)"),
      let status = Self.attribute("data-status", in: page),
      let fingerprint = Self.attribute("data-fingerprint", in: page)
    else {
      fail("status", .notRun, "the certificate's page is missing or does not state its status")
      return
    }
    guard let record, fingerprint == record.fingerprint.description else {
      fail("status", .failed, "the page belongs to another record", verdict: .notGenuine)
      return
    }
    switch Verdict(rawValue: status) {
    case .suspended, .revoked, .superseded:
      fail("status", .failed, "the page says \(status)", verdict: Verdict(rawValue: status))
    case .valid:
      pass("status", "the page says valid")
      guard let expires = CalendarDate(iso: record.expires), expires >= today else {
        fail("dates", .failed, "it expired on \(record.expires)", verdict: .expired)
        return
      }
      pass("dates", "it is valid until \(record.expires), and today is \(today)")
      verdict = .valid
    default:
      fail("status", .notRun, "the page states no status that is known here")
    }
  }

  private static func attribute(_ name: String, in page: [UInt8]) -> String? {
    let text = String(decoding: page.prefix(1 << 20), as: UTF8.self)
    guard let start = text.range(of: "\(name)=\"") else { return nil }
    return String(text[start.upperBound...].prefix { $0 != "\"" })
  }

  private mutating func pass(_ name: String, _ reason: String) {
    steps.append(Step(name: name, result: .passed, reason: reason))
  }

  private mutating func fail(
    _ name: String, _ result: Step.Result, _ reason: String, verdict: Verdict? = nil
  ) {
    steps.append(Step(name: name, result: result, reason: reason))
    self.verdict = verdict ?? .couldNotBeChecked
  }
}
