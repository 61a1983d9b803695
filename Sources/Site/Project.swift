public import Content
public import Diagnostics
public import Input
public import Proof
public import Registry
public import SystemPackage

/// Everything people wrote, read and checked.
public struct Project: Sendable {
  public let configuration: SiteConfiguration
  public let content: Content
  public let theme: Theme
  let outline: SiteOutline
  public let registry: Registry
  public let secret: RegistrySecret
  public let signingKey: SigningKey
  public let keyHistory: KeyHistory
  /// Today in the site's time zone.
  public let today: CalendarDate

  /// What the machine and the caller decide, handed in so that no stage looks behind another's back.
  public struct Circumstances: Sendable {
    public let root: FilePath
    /// Today in the site's time zone, by its configuration.
    public let today: @Sendable (SiteTimeZone) -> CalendarDate

    public init(root: FilePath, today: @escaping @Sendable (SiteTimeZone) -> CalendarDate) {
      self.root = root
      self.today = today
    }
  }

  /// The log's name: the host of the site and `/log`.
  public var logOrigin: String { configuration.host + "/log" }

  /// Where the parts of credentials are published.
  public var credentialAddresses: CredentialAddresses {
    CredentialAddresses(
      site: configuration.url, host: configuration.host,
      offset: configuration.timeZone.offset(on: today))
  }

  /// Reads the project folder whole; every part is read even if another has errors.
  ///
  /// - Returns: nil when there are errors, which are then among the findings.
  /// - Throws: `MachineFailure` when a file is there and cannot be read.
  public static func load(
    _ circumstances: Circumstances, progress: (Int) -> Void = { _ in }, findings: inout Findings
  ) throws(MachineFailure) -> Project? {
    let before = findings.errorCount
    let root = circumstances.root
    let loaded = try SiteConfiguration.load(root: root, findings: &findings)
    let languages = loaded?.languages ?? ["en", "id"]
    let content = try Content.load(
      root.appending("content"), shownAs: "content", languages: languages, findings: &findings)
    let theme = try Theme.load(
      root.appending("templates"), languages: languages, findings: &findings)
    let schemes = try schemes(root, languages: languages, findings: &findings)
    let batches = try Batch.load(
      root.appending("seeds/batches.csv"), shownAs: "seeds/batches.csv", findings: &findings)
    guard let configuration = loaded else { return nil }
    let outline = theme.flatMap { theme in
      schemes.map { schemes in
        SiteOutline(
          configuration: configuration, content: content, theme: theme, schemes: schemes,
          findings: &findings)
      }
    }
    let keys = KeyFolder(root.appending("seeds/keys"), shownAs: "seeds/keys")
    let secret = try keys.secret(findings: &findings)
    let signing = try keys.keys(findings: &findings)
    let hasSpecimenKeys = secret?.isSpecimen ?? false || signing?.key.isSpecimen ?? false
    if hasSpecimenKeys, !configuration.isSpecimen { findings.add(specimenKeysFinding(keys)) }
    guard let schemes else { return nil }
    let today = circumstances.today(configuration.timeZone)
    let registry = try Registry.load(
      configuration.registry, schemes: schemes, issuer: configuration.issuer, batches: batches,
      today: today, progress: progress, findings: &findings)
    guard findings.errorCount == before, let theme, let outline, let secret, let signing,
      let registry
    else { return nil }
    return Project(
      configuration: configuration, content: content, theme: theme, outline: outline,
      registry: registry,
      secret: secret, signingKey: signing.key, keyHistory: signing.history, today: today)
  }

  private static func schemes(
    _ root: FilePath, languages: [String], findings: inout Findings
  ) throws(MachineFailure) -> [Scheme]? {
    let path = "seeds/schemes.yml"
    let before = findings.errorCount
    let read = try SourceFile.read(root.appending(path), shownAs: path, findings: &findings)
    guard let file = read, let yaml = YAMLValue.parse(file, findings: &findings) else {
      return nil
    }
    let schemes = Scheme.load(yaml, languages: languages, findings: &findings)
    return findings.errorCount == before ? schemes : nil
  }

  private static func specimenKeysFinding(_ keys: KeyFolder) -> Diagnostic {
    Diagnostic(
      "specimen-keys", at: SourceLocation(path: keys.shownAs),
      message: "A real site is not built with the specimen's keys, which everybody has",
      hint: "move the files in \(keys.shownAs) away and run `canting keys new`,"
        + " or set specimen: true in content/site.yml")
  }
}
