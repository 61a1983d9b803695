package import Proof
package import Registry

/// Finds certificates' pages by what editors write of them.
package struct CertificateAddresses {
  let registry: Registry
  let fingerprints: Fingerprints

  package init(registry: Registry, fingerprints: Fingerprints) {
    self.registry = registry
    self.fingerprints = fingerprints
  }

  /// The address of the page of a certificate, by its number as printed, or its code.
  func address(of written: String) -> String? {
    let number = written.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    if let ordinal = registry.ordinal(ofNumber: Text(number)) {
      return "/\(fingerprints[ordinal].code.folder)/"
    }
    let digits = written.filter { !$0.isWhitespace && $0 != "-" }.lowercased()
    guard let code = CertificateCode(hex: digits), contains(code) else { return nil }
    return "/\(code.folder)/"
  }

  func contains(_ code: CertificateCode) -> Bool {
    fingerprints.entries.contains { $0.fingerprint.code == code }
  }
}
