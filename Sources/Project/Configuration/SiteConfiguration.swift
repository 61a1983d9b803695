public import Content
public import Input
public import Layout
public import Registry

/// What `content/site.yml` says.
public struct SiteConfiguration: Sendable {
  public struct Contact: Sendable {
    public let address: String
    public let email: String?
    public let phone: String?
    public let hours: LocalizedText?
  }

  public let title: LocalizedText
  public let description: LocalizedText
  /// The official address, without a slash at its end, as in `https://verify.example.org`.
  public let url: String
  /// The official domain, with its port if there is one.
  public let host: String
  /// Whether everything on the site is invented, and says so.
  public let isSpecimen: Bool
  public let timeZone: SiteTimeZone
  /// Language codes; the first is served at `/`, and the first two have every page.
  public let languages: [String]
  /// Names of the standing pages in the menu.
  public let navigation: [String]
  /// Where the menu names them.
  let navigationPlaces: [String: SourcePlace]
  public let registry: RegistrySettings
  public let issuer: Editions<Issuer>
  public let contact: Contact
  /// Whether the registry's free-text reasons appear on pages.
  public let publishesReasons: Bool
  /// Whether editors may write HTML: the institution's own decision.
  public let allowsRawHTML: Bool
  /// What texts may hold beyond CommonMark.
  public let extensions: Set<MarkdownExtension>
  /// Which files each certificate gets.
  public let certificateFiles: CertificateFiles
  /// The files for hosts that a build makes.
  package let hosts: [HostKind]
  /// How files are compressed beforehand.
  package let precompress: [Compression]
  /// The places that the site is uploaded to, by their names.
  public let deployTargets: [String: DeployTarget]
  /// How many kilobytes a picture may have before it is suspicious.
  public let imageLimit: Int
  /// How many artisans can be certified in a year.
  public let capacity: StatedNumber?
  /// How many rupiah a US dollar is counted for.
  public let exchangeRate: StatedNumber?

  /// What standing pages may name by a word in braces.
  func placeholders(on day: CalendarDate) -> [String: String] {
    // What was left to fill in is a finding in site.yml, and would be another one in every text that has it.
    ["domain": host, "name": issuer.inForce(on: day).name, "email": contact.email ?? ""]
      .filter { !$0.value.hasPrefix("TODO:") }
  }

  /// The address of a page in a language: English at `/`, others below their code.
  package func address(_ path: String, in language: String) -> String {
    language == languages[0] ? "/\(path)" : "/\(language)/\(path)"
  }

  /// A language in which every page stands: this one, or the first.
  package func wholeLanguage(for language: String) -> String {
    SiteLanguages.whole.contains(language) ? language : languages[0]
  }

  package func feedPath(_ format: FeedFormat, in language: String) -> OutputPath {
    OutputPath("\(address("news/", in: language).dropFirst())\(format.rawValue)")
  }
}
