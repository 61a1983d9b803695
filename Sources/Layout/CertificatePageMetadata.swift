import Foundation
package import Input
package import Proof

/// A certificate's page as it was saved or served.
package struct CertificatePageMetadata {
  package let fingerprint: Fingerprint
  /// The word in the page's main element.
  package let status: String
  /// The last day that it states.
  package let expires: CalendarDate?
  /// The position in the log that it states.
  package let logIndex: Int?
  /// The record that it carries, where the site has no file for it.
  package let record: [UInt8]?
  /// Whether the site has no credential for it, so that the log's checkpoint is what was signed.
  package let isSignedByLogAlone: Bool

  /// What stands before a record in base64.
  package static let recordStart = "data:application/json;base64,"

  /// Nil for anything that is no certificate's page.
  package init?(_ bytes: [UInt8]) {
    let text = String(decoding: bytes.prefix(1 << 20), as: UTF8.self)
    guard let digits = Self.attribute("data-fingerprint", in: text),
      let fingerprint = Fingerprint(hex: digits),
      let status = Self.attribute("data-status", in: text)
    else { return nil }
    self.fingerprint = fingerprint
    self.status = status
    expires = Self.attribute("data-expires", in: text).flatMap { CalendarDate(iso: $0) }
    logIndex = Self.attribute("data-index", in: text).flatMap { Int($0) }.flatMap {
      (0...Checkpoint.largestSize).contains($0) ? $0 : nil
    }
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
