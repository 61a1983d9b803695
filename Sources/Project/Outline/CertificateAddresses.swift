import Foundation
package import Proof
package import Registry

/// Finds certificates' pages by what editors write of them.
package struct CertificateAddresses {
  let registry: Registry
  let fingerprints: Fingerprints
  /// Whether every certificate that a text names is taken to be there, since the registry is elsewhere.
  let areTrusted: Bool

  package init(registry: Registry, fingerprints: Fingerprints, areTrusted: Bool) {
    self.registry = registry
    self.fingerprints = fingerprints
    self.areTrusted = areTrusted
  }

  /// The address of the page of a certificate, by its number as printed, or its code.
  ///
  /// One that is taken on trust leads to the box that asks for it.
  func address(of written: String) -> String? {
    if areTrusted, !written.isEmpty {
      var query = CharacterSet.alphanumerics
      query.insert(charactersIn: "-.")
      return "/verify/?code="
        + (written.addingPercentEncoding(withAllowedCharacters: query) ?? "")
    }
    let number = written.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    if let ordinal = registry.ordinal(ofNumber: Text(number)) {
      return "/\(fingerprints[ordinal].code.folder)/"
    }
    let digits = written.filter { !$0.isWhitespace && $0 != "-" }.lowercased()
    guard let code = CertificateCode(hex: digits), contains(code) else { return nil }
    return "/\(code.folder)/"
  }

  func contains(_ code: CertificateCode) -> Bool {
    areTrusted || fingerprints.entries.contains { $0.fingerprint.code == code }
  }
}
