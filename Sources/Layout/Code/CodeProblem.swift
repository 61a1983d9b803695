/// Why a text is no code, in the words of the box on the site.
public enum CodeProblem: Sendable, Equatable {
  case empty
  /// A certificate or registration number.
  case number
  /// A letter that no code has.
  case strange(Unicode.Scalar)
  case oneMissing, oneExtra
  case missing(Int)
  case extra(Int)
  case fingerprintMissing(Int)
  case fingerprintExtra(Int)
  /// An address that leads to no certificate.
  case page
  /// Two codes or two hosts.
  case several

  /// The problem with a number of digits that is neither 32 nor 64.
  init(digits count: Int) {
    self =
      switch count {
      case 0: .empty
      case 31: .oneMissing
      case 33: .oneExtra
      case ..<32: .missing(32 - count)
      case ..<48: .extra(count - 32)
      case ..<64: .fingerprintMissing(64 - count)
      default: .fingerprintExtra(count - 64)
      }
  }

  /// The explanation, as `check` in `templates/strings/en.yml` words it for the box.
  public var explanation: String {
    switch self {
    case .empty: "Type or paste the code that is printed on the certificate."
    case .number:
      """
      That looks like the certificate or registration number. Both can be guessed, so neither opens a page. \
      Please use the code of 32 digits printed beside the QR code.
      """
    case .strange(let letter):
      """
      “\(letter)” cannot be part of a code. A code is made of the digits 0 to 9 and the letters a to f.
      """
    case .oneMissing: "One digit is missing. A code has 32, and you have entered 31."
    case .oneExtra: "That is one digit too many. A code has 32, and you have entered 33."
    case .missing(let count):
      "\(count) digits are missing. A code has 32, and you have entered \(32 - count)."
    case .extra(let count):
      "\(count) digits too many. A code has 32, and you have entered \(32 + count)."
    case .fingerprintMissing(let count):
      """
      This looks like a fingerprint, which has 64 digits; \(count) of them are missing. \
      Its first 32 digits, the code, are enough.
      """
    case .fingerprintExtra(let count):
      """
      \(count) digits too many. A code has 32 and a fingerprint 64; you have entered \(64 + count).
      """
    case .page:
      "That address does not lead to a certificate. Those begin with the site's host and /c/."
    case .several: "There are several codes or addresses here. Please enter one of them."
    }
  }
}
