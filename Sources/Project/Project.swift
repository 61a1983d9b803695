public import Content
public import Diagnostics
import Files
public import Input
import Layout
public import Proof
public import Registry
public import SystemPackage
public import Theme

/// Everything people wrote, read and checked.
public struct Project: Sendable {
  /// The project's folder.
  package let root: FilePath
  public let configuration: SiteConfiguration
  public let content: Content
  public let theme: Theme
  package let outline: SiteOutline
  public let registry: Registry
  /// Exports of batik, and what they are meant to become.
  public let exports: [TradeExport]
  public let secret: RegistrySecret
  public let keys: SigningKeys
  /// Whose cosignatures the log's checkpoint is to have; nil where the institution names nobody.
  public let witnesses: WitnessPolicy?
  /// Today in the site's time zone.
  public let today: CalendarDate
  /// Whether registry, keys and ledger are elsewhere, and stand-ins here.
  package let hasTextsAlone: Bool

  /// What the machine and the caller decide, handed in so that no stage looks behind another's back.
  public struct Environment: Sendable {
    public let root: FilePath
    /// The moment of the build, as the clocks of the site's zone show it.
    public let now: @Sendable (SiteTimeZone) -> SiteMoment
    /// Whether drafts, and what is to appear later, are part of the site: for previews alone.
    public let showsDrafts: Bool
    public let showsFuture: Bool
    /// Whether texts and templates are all that is there: no registry, no keys, no ledger.
    public let hasTextsAlone: Bool
    /// Whether to look for what nothing uses, and for announcements whose time is over.
    public let findsUnusedFiles: Bool
    /// Where the machine may have TweetNaCl.
    public let signatureScriptPlaces: [FilePath]
    /// Makes pictures smaller; nil where the machine cannot.
    public let pictureScaler: PictureScaler?

    public init(
      root: FilePath, showsDrafts: Bool = false, showsFuture: Bool = false,
      hasTextsAlone: Bool = false, findsUnusedFiles: Bool = false,
      signatureScriptPlaces: [FilePath] = [], pictureScaler: PictureScaler? = nil,
      now: @escaping @Sendable (SiteTimeZone) -> SiteMoment
    ) {
      self.root = root
      self.showsDrafts = showsDrafts
      self.showsFuture = showsFuture
      self.hasTextsAlone = hasTextsAlone
      self.findsUnusedFiles = findsUnusedFiles
      self.signatureScriptPlaces = signatureScriptPlaces
      self.pictureScaler = pictureScaler
      self.now = now
    }

    /// What these and the site decide about texts.
    public func contentSettings(for site: SiteConfiguration?) -> ContentSettings {
      let zone = site?.timeZone ?? .indonesia
      return ContentSettings(
        languages: site?.languages ?? SiteLanguages.whole, timeZone: zone, now: now(zone),
        showsDrafts: showsDrafts, showsFuture: showsFuture,
        allowsRawHTML: site?.allowsRawHTML ?? false,
        extensions: site?.extensions ?? Set(MarkdownExtension.allCases),
        imageLimit: site?.imageLimit ?? ContentSettings.usualImageLimit,
        pictureScaler: pictureScaler,
        placeholders: site?.placeholders(on: now(zone).day) ?? [:])
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
    _ environment: Environment, progress: (Int) -> Void = { _ in }, findings: inout Findings
  ) throws(MachineFailure) -> Project? {
    let before = findings.errorCount
    let root = environment.root
    let inputs = InputCheck(root: root)
    guard try inputs.run(findings: &findings) else { return nil }
    let loaded = try SiteConfiguration.load(root: root, findings: &findings)
    let settings = environment.contentSettings(for: loaded)
    let languages = settings.languages
    let content = try Content.load(
      root.appending("content"), displayPath: "content", settings: settings, findings: &findings)
    let schemes = try schemes(environment, findings: &findings)
    let theme = try Theme.load(
      root.appending("templates"), languages: languages,
      terms: Scheme.translations(of: schemes ?? []),
      signatureScript: try SignatureScript.load(from: environment.signatureScriptPlaces),
      findings: &findings)
    if let theme, let schemes {
      findWordlessLanguages(schemes, theme, findings: &findings)
    }
    let batchesPath = try listPath("batches", root, findings: &findings)
    let batches = try Batch.load(
      root.appending(batchesPath), displayPath: batchesPath, findings: &findings)
    if let batches { BatchList.checkAddresses(batches, findings: &findings) }
    let exportsPath = try listPath("exports", root, findings: &findings)
    let exports = try TradeExport.load(
      root.appending(exportsPath), displayPath: exportsPath,
      thisYear: settings.now.day.year, findings: &findings)
    if environment.findsUnusedFiles {
      try UnusedFiles(content: content, theme: theme, now: settings.now)
        .find(in: root, findings: &findings)
    }
    let witnesses = try WitnessPolicy.load(
      root.appending(WitnessPolicy.projectPath), displayPath: WitnessPolicy.projectPath,
      findings: &findings)
    guard let configuration = loaded else { return nil }
    let outline = theme.flatMap { theme in
      schemes.map { schemes in
        SiteOutline(
          configuration: configuration, content: content, theme: theme,
          schemes: schemes.isEmpty && environment.hasTextsAlone ? nil : schemes,
          hasWitnesses: witnesses != nil, now: settings.now, findings: &findings)
      }
    }
    let today = settings.now.day
    let (secret, keys) = try keys(
      environment, isSpecimen: configuration.isSpecimen, today: today, findings: &findings)
    if let witnesses, let keys, !environment.hasTextsAlone {
      findForeignLog(in: witnesses, keys, configuration, findings: &findings)
    }
    if !configuration.isSpecimen {
      let texts = content.pages.map(\.path) + (content.announcements + content.withheld).map(\.path)
      try SpecimenCheck(root: root).find(texts: texts, findings: &findings)
    }
    guard let schemes,
      environment.hasTextsAlone || inputs.isFit(configuration.registry, findings: &findings)
    else { return nil }
    let registry =
      environment.hasTextsAlone
      ? Registry.empty(schemes: schemes, issuer: configuration.issuer, today: today)
      : try Registry.load(
        configuration.registry, schemes: schemes, issuer: configuration.issuer, batches: batches,
        today: today, progress: progress, findings: &findings)
    guard findings.errorCount == before, let theme, let outline, let secret, let keys,
      let registry
    else {
      // All that is known of an input is said in one run.
      try registry?.reportDoubts(findings: &findings)
      return nil
    }
    return Project(
      root: root, configuration: configuration, content: content, theme: theme, outline: outline,
      registry: registry, exports: exports ?? [],
      secret: secret, keys: keys, witnesses: witnesses, today: today,
      hasTextsAlone: environment.hasTextsAlone)
  }

  /// The secret and the keys of the project; some that hold for this run, where there are texts alone.
  private static func keys(
    _ environment: Environment, isSpecimen: Bool, today: CalendarDate, findings: inout Findings
  ) throws(MachineFailure) -> (secret: RegistrySecret?, keys: SigningKeys?) {
    if environment.hasTextsAlone { return (.madeForThisRun(), .madeForThisRun(today: today)) }
    let folder = KeyFolder(environment.root.appending("seeds/keys"), displayPath: "seeds/keys")
    let secret = try folder.secret(findings: &findings)
    let keys = try folder.keys(findings: &findings)
    if secret?.isSpecimen ?? false || keys?.areSpecimen ?? false, !isSpecimen {
      findings.add(specimenKeysFinding(folder))
    }
    return (secret, keys)
  }

  /// The published policy is about this log, and everybody reads the same of it.
  private static func findForeignLog(
    in policy: WitnessPolicy, _ keys: SigningKeys, _ configuration: SiteConfiguration,
    findings: inout Findings
  ) {
    let place = SourceLocation(path: WitnessPolicy.projectPath)
    if String(validating: policy.bytes, as: UTF8.self) == nil {
      findings.add(SourceFile.notUTF8(policy.bytes, path: WitnessPolicy.projectPath))
    }
    do {
      let log = try keys.noteSigner(origin: configuration.host + "/log").verifier
      guard !policy.names(log) else { return }
      findings.add(
        Diagnostic(
          "policy-of-another-log", at: place,
          message: "The policy names logs, and the one of this site is not among them",
          hint: "add the line: log \(log)"))
    } catch {
      findings.add(
        Diagnostic(
          "policy-of-another-log", at: place, message: error.description,
          hint: "see `url` in content/site.yml"))
    }
  }

  /// The file of a list beside the registry: delimited text, or a workbook in its place.
  private static func listPath(
    _ name: String, _ root: FilePath, findings: inout Findings
  ) throws(MachineFailure) -> String {
    let (text, workbook) = ("seeds/\(name).csv", "seeds/\(name).xlsx")
    guard try SourceFile.exists(root.appending(workbook), displayPath: workbook) else {
      return text
    }
    if try SourceFile.exists(root.appending(text), displayPath: text) {
      findings.add(
        Diagnostic(
          "list-in-two-files", at: SourceLocation(path: workbook),
          message: "\(text) is there too, and one of them would not be read",
          hint: "move the older one away"))
    }
    return workbook
  }

  /// The schemes of a project; where there are texts alone, there may be none.
  private static func schemes(
    _ environment: Environment, findings: inout Findings
  ) throws(MachineFailure) -> [Scheme]? {
    let path = "seeds/schemes.yml"
    if environment.hasTextsAlone,
      try !SourceFile.exists(environment.root.appending(path), displayPath: path)
    {
      return []
    }
    return try schemes(environment.root, findings: &findings)
  }

  /// The schemes of a project; nil, with findings, when they cannot be used.
  public static func schemes(
    _ root: FilePath, findings: inout Findings
  ) throws(MachineFailure) -> [Scheme]? {
    let path = "seeds/schemes.yml"
    let read = try SourceFile.read(root.appending(path), displayPath: path, findings: &findings)
    guard let file = read, let yaml = YAMLValue.parse(file, findings: &findings) else {
      return nil
    }
    // What is left to be filled in is an error of its own; the rest is read all the same.
    let before = findings.errorCount
    let schemes = Scheme.load(yaml, findings: &findings)
    return findings.errorCount == before ? schemes : nil
  }

  /// Titles in a language that has no words are shown nowhere.
  private static func findWordlessLanguages(
    _ schemes: [Scheme], _ theme: Theme, findings: inout Findings
  ) {
    let spoken = theme.buyerWords.map(\.language)
    for language in Scheme.translations(of: schemes).keys.sorted() where !spoken.contains(language)
    {
      findings.add(
        Diagnostic(
          "language-without-words", .warning, at: SourceLocation(path: "seeds/schemes.yml"),
          message: "Titles in `\(language)` are shown nowhere, since pages have no words in it",
          hint: suggestion(for: language, among: spoken).map { "did you mean `\($0)`?" }
            ?? "translate templates/strings/en.yml to \(language).yml, or take the titles out"))
    }
  }

  private static func specimenKeysFinding(_ keys: KeyFolder) -> Diagnostic {
    Diagnostic(
      "specimen-keys", at: SourceLocation(path: keys.displayPath),
      message: "A real site is not built with the specimen's keys, which everybody has",
      hint: "move the files in \(keys.displayPath) away and run `canting keys new`,"
        + " or set specimen: true in content/site.yml")
  }
}
