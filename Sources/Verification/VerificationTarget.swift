public import Layout
public import Proof

/// What a person holds and wants to know the truth about.
public enum VerificationTarget: Sendable, Equatable {
  case code(CertificateCode)
  case fingerprint(Fingerprint)
  /// The address of a certificate's page, with the fingerprint that it names where it does.
  case address(CertificateCode, fingerprint: Fingerprint?, host: String)
  /// The name of a file.
  case file(String)
  /// Neither a code nor the name of a file.
  case unreadable(CodeProblem)

  /// Reads what a person wrote, as the box on the site does; what is no code and ends like a file's name is a file.
  public init(_ argument: String) {
    switch CodeReading(argument) {
    case .code(let code, let fingerprint, let host?):
      self = .address(code, fingerprint: fingerprint, host: host)
    case .code(_, let fingerprint?, host: nil): self = .fingerprint(fingerprint)
    case .code(let code, fingerprint: nil, host: nil): self = .code(code)
    case .problem(let problem): self = Self.file(argument, problem)
    }
  }

  private static func file(_ argument: String, _ problem: CodeProblem) -> VerificationTarget {
    let isName = argument.wholeMatch(of: /.*[^\/\\]\.[A-Za-z][A-Za-z0-9\-]{1,11}/) != nil
    switch problem {
    case .empty, .number, .several: return .unreadable(problem)
    case _ where argument.contains(":"): return .unreadable(problem)
    case .strange, .page: return isName ? .file(argument) : .unreadable(problem)
    // Digits may stand in groups with dots between them; a path has slashes.
    default: return isName && argument.contains("/") ? .file(argument) : .unreadable(problem)
    }
  }
}
