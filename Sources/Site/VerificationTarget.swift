import Foundation
public import Proof

/// What a person holds and wants to know the truth about.
public enum VerificationTarget: Sendable, Equatable {
  case code(CertificateCode)
  case fingerprint(Fingerprint)
  /// The address of a certificate's page, with its host where there is one.
  case address(CertificateCode, host: String?)
  /// A saved file.
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
      let url = URL(string: argument)
      let port = url?.port.map { ":\($0)" } ?? ""
      self = .address(code, host: url?.host.map { $0.lowercased() + port })
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
