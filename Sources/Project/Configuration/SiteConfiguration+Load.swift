import Content
public import Diagnostics
import Files
import Foundation
import Input
import Layout
import Registry
public import SystemPackage

extension SiteConfiguration {
  private static let keys = [
    "title", "description", "url", "specimen", "time_zone", "languages", "navigation", "registry",
    "issuer", "contact", "publish_reasons", "allow_raw_html", "certificate_files",
    "image_limit_kb", "extensions", "hosts", "precompress", "deploy", "capacity", "exchange_rate",
  ]

  /// Where the keys of the file belong.
  private static let places: [String: String] = {
    let groups = [
      "registry": ["file", "table", "sheets", "columns", "ignore"],
      "issuer": ["from", "name", "licence"],
      "contact": ["address", "email", "phone", "hours"],
      "registry, below columns": Column.allCases.map(\.name),
    ]
    var places: [String: String] = [:]
    for key in keys { places[key] = "at the left margin, below no other key" }
    for (group, names) in groups.sorted(by: { $0.key > $1.key }) {
      for name in names { places[name] = "below \(group)" }
    }
    return places
  }()

  /// Reads `content/site.yml` of a project.
  ///
  /// - Returns: nil when it has errors, which are then among the findings.
  public static func load(
    root: FilePath, findings: inout Findings
  ) throws(MachineFailure) -> SiteConfiguration? {
    let path = "content/site.yml"
    let read = try SourceFile.read(root.appending(path), displayPath: path, findings: &findings)
    guard let file = read else { return nil }
    let yaml = YAMLValue.parse(file, findings: &findings)
    // What is left to be filled in is an error of its own; the rest is read all the same.
    let before = findings.errorCount
    guard let mapping = yaml?.mapping(&findings) else { return nil }
    mapping.expectKeys(keys, elsewhere: places, findings: &findings)
    let languages = languages(mapping, &findings)
    let title = text("title", mapping, languages, &findings)
    let description = text("description", mapping, languages, &findings)
    let address = address(mapping, &findings)
    let zone = timeZone(mapping, &findings)
    let registry = registry(mapping, root: root, &findings)
    let issuer = issuer(mapping, &findings)
    let contact = contact(mapping, languages, &findings)
    let specimen = mapping.require("specimen", &findings)?.boolean(&findings)
    let menu =
      mapping["navigation"]?.list(&findings).compactMap { item in
        item.string(&findings).map { (name: $0, place: SourcePlace(item, in: file)) }
      } ?? []
    let reasons = mapping["publish_reasons"]?.boolean(&findings) ?? false
    let rawHTML = mapping["allow_raw_html"]?.boolean(&findings) ?? false
    let extensions = extensions(mapping, &findings)
    let imageLimit = imageLimit(mapping, &findings)
    let files = certificateFiles(mapping, &findings)
    let hosts = hosts(mapping, &findings)
    let precompress = precompress(mapping, &findings)
    let targets = deployTargets(mapping, &findings)
    let capacity = statedNumber("capacity", mapping, languages, &findings)
    let rate = statedNumber("exchange_rate", mapping, languages, &findings)
    guard findings.errorCount == before, let title, let description, let address, let zone,
      let registry, let issuer, let contact, let specimen
    else { return nil }
    return SiteConfiguration(
      title: title, description: description, url: address.url, host: address.host,
      isSpecimen: specimen, timeZone: zone, languages: languages, navigation: menu.map(\.name),
      navigationPlaces: Dictionary(
        menu.map { ($0.name, $0.place) }, uniquingKeysWith: { a, _ in a }),
      registry: registry, issuer: issuer, contact: contact, publishesReasons: reasons,
      allowsRawHTML: rawHTML, extensions: extensions,
      certificateFiles: precompress.reduce(files) { $0.union($1.certificateFile) }, hosts: hosts,
      precompress: precompress, deployTargets: targets, imageLimit: imageLimit,
      capacity: capacity, exchangeRate: rate)
  }

  /// Which files each certificate gets: hosts that count files may want fewer.
  private static func certificateFiles(
    _ mapping: YAMLMapping, _ findings: inout Findings
  ) -> CertificateFiles {
    guard let value = mapping["certificate_files"] else { return .usual }
    let kinds: [String: CertificateFiles] = [
      "page": .page, "record": .record, "credential": .credential, "badge": .badge,
    ]
    let names = value.list(&findings).compactMap { $0.string(&findings) }
    let files = names.reduce(into: CertificateFiles()) { $0.formUnion(kinds[$1] ?? []) }
    if files.contains(.page), files.count == names.count { return files }
    findings.add(
      value.diagnostic(
        "bad-certificate-files",
        message:
          "A certificate has a page, and may have a record, a credential and a badge beside it",
        hint: "write [page], [page, record], [page, record, credential] or"
          + " [page, record, credential, badge]"))
    return .usual
  }

  /// What texts may hold beyond CommonMark; all of it where nothing is said.
  private static func extensions(
    _ mapping: YAMLMapping, _ findings: inout Findings
  ) -> Set<MarkdownExtension> {
    let all = MarkdownExtension.allCases
    guard let value = mapping["extensions"] else { return Set(all) }
    var chosen: Set<MarkdownExtension> = []
    for item in value.list(&findings) {
      guard let name = item.string(&findings) else { continue }
      if let known = MarkdownExtension(rawValue: name) {
        chosen.insert(known)
        continue
      }
      let names = all.map(\.rawValue)
      findings.add(
        item.diagnostic(
          "unknown-extension", message: "Texts have no extension `\(name)`",
          hint: suggestion(for: name, among: names).map { "did you mean `\($0)`?" }
            ?? "choose from \(names.joined(separator: ", ")), or write [] for none of them"))
    }
    return chosen
  }

  private static func text(
    _ key: String, _ mapping: YAMLMapping, _ languages: [String], _ findings: inout Findings
  ) -> LocalizedText? {
    mapping.require(key, &findings).flatMap {
      LocalizedText($0, languages: languages, findings: &findings)
    }
  }

  private static func languages(_ mapping: YAMLMapping, _ findings: inout Findings) -> [String] {
    guard let value = mapping["languages"] else { return SiteLanguages.whole }
    let codes = value.list(&findings).compactMap { $0.string(&findings) }
    if codes.starts(with: SiteLanguages.whole), Set(codes).count == codes.count,
      codes.allSatisfy({ LocalizedText.isLanguageCode($0) })
    {
      return codes
    }
    findings.add(
      value.diagnostic(
        "bad-languages",
        message: "The site is in English at / and in Indonesian under /id/, and each further"
          + " language is named once",
        hint: "write languages: [en, id], and codes such as ja or zh-Hans behind them"))
    return SiteLanguages.whole
  }

  private static func address(
    _ mapping: YAMLMapping, _ findings: inout Findings
  ) -> (url: String, host: String)? {
    guard let value = mapping.require("url", &findings), let text = value.string(&findings) else {
      return nil
    }
    let parts = text.wholeMatch(of: /(https?):\/\/([^\/\\?#@%]+)\/?/.ignoresCase())
    let scheme = parts?.1.lowercased() ?? "https"
    // Browsers drop a usual port, and capitals: pages would take their own official address for another one.
    let host = parts.flatMap { normalHost(String($0.2), scheme: "\(scheme):") }
    if let host, text.utf8.allSatisfy({ $0 < 0x80 }),
      host.contains(/^[a-z0-9._\-]+(:[0-9]+)?$|^\[/)
    {
      return ("\(scheme)://\(host)", host)
    }
    let isForeign = host.map { $0.contains("xn--") } ?? false
    findings.add(
      value.diagnostic(
        "bad-url",
        message: "The official address is a domain of its own: printed codes lead to its root",
        hint: isForeign
          ? "write it in ASCII, as browsers send it: \(scheme)://\(host ?? "")"
          : "write it as in https://verify.example.org, without a path"))
    return nil
  }

  private static func timeZone(
    _ mapping: YAMLMapping, _ findings: inout Findings
  ) -> SiteTimeZone? {
    guard let value = mapping["time_zone"] else { return .indonesia }
    guard let name = value.string(&findings) else { return nil }
    if let zone = SiteTimeZone(name) { return zone }
    findings.add(
      value.diagnostic(
        "unknown-time-zone", message: "A time zone is written as in Asia/Jakarta",
        hint: "Indonesia has Asia/Jakarta, Asia/Makassar and Asia/Jayapura"))
    return nil
  }

  private static func imageLimit(_ mapping: YAMLMapping, _ findings: inout Findings) -> Int {
    guard let value = mapping["image_limit_kb"], let number = value.integer(&findings) else {
      return ContentSettings.usualImageLimit
    }
    if number > 0 { return number }
    findings.add(
      value.diagnostic(
        "bad-image-limit", message: "A picture has at least one kilobyte",
        hint: "write how many kilobytes a picture may have, as in 500"))
    return ContentSettings.usualImageLimit
  }

  private static func issuer(
    _ mapping: YAMLMapping, _ findings: inout Findings
  ) -> Editions<Issuer>? {
    mapping.require("issuer", &findings).flatMap {
      Editions.load($0, findings: &findings) { edition, findings in
        edition.expectKeys(["from", "name", "licence"], elsewhere: places, findings: &findings)
        let name = edition.requireString("name", &findings)
        let licence = edition.requireString("licence", &findings)
        guard let name, let licence else { return nil }
        return Issuer(name: name, licence: licence)
      }
    }
  }

  private static func contact(
    _ mapping: YAMLMapping, _ languages: [String], _ findings: inout Findings
  ) -> Contact? {
    guard let contact = mapping.require("contact", &findings)?.mapping(&findings) else {
      return nil
    }
    contact.expectKeys(
      ["address", "email", "phone", "hours"], elsewhere: places, findings: &findings)
    guard let address = contact.requireString("address", &findings) else { return nil }
    return Contact(
      address: address, email: contact["email"]?.string(&findings),
      phone: contact["phone"]?.string(&findings),
      hours: contact["hours"].flatMap {
        LocalizedText($0, languages: languages, findings: &findings)
      })
  }

  private static func registry(
    _ mapping: YAMLMapping, root: FilePath, _ findings: inout Findings
  ) -> RegistrySettings? {
    guard let registry = mapping.require("registry", &findings)?.mapping(&findings) else {
      return nil
    }
    registry.expectKeys(
      ["file", "table", "sheets", "columns", "ignore"], elsewhere: places, findings: &findings)
    guard let name = registry.requireString("file", &findings), let place = registry["file"] else {
      return nil
    }
    let file = root.appending("seeds").pushing(FilePath(name)).lexicallyNormalized()
    guard file.starts(with: root.lexicallyNormalized()) else {
      findings.add(
        place.diagnostic(
          "registry-outside-project",
          message: "The registry is a file of the project, and this path leads out of it",
          hint: "export it into seeds/ and name it as from there, as in registry.csv"))
      return nil
    }
    let table = registry["table"]?.string(&findings)
    let isDatabase = [".sqlite", ".sqlite3", ".db"].contains { name.lowercased().hasSuffix($0) }
    if isDatabase, table == nil {
      findings.add(
        registry.diagnostic(
          "missing-table", message: "A registry in a database is one of its tables",
          hint: "add table: with the table's name"))
    }
    let sheets = registry["sheets"].map { value in
      value.strings(&findings).map(\.text)
    }
    let ignored = registry["ignore"]?.list(&findings).compactMap { $0.string(&findings) } ?? []
    return RegistrySettings(
      file: root.appending("seeds").appending(name), displayPath: "seeds/\(name)", table: table,
      sheets: sheets, columns: columns(registry, &findings), ignored: ignored,
      publishesReasons: mapping["publish_reasons"]?.boolean(&findings) ?? false,
      isSpecimen: mapping["specimen"]?.boolean(&findings) ?? true)
  }

  private static func columns(
    _ registry: YAMLMapping, _ findings: inout Findings
  ) -> [Column: String] {
    guard let mapping = registry["columns"]?.mapping(&findings) else { return [:] }
    mapping.expectKeys(Column.allCases.map(\.name), findings: &findings)
    var columns: [Column: String] = [:]
    for (key, value) in mapping.entries {
      let column = Column.allCases.first { $0.name == key.text }
      if let column, let name = value.string(&findings) { columns[column] = name }
    }
    return columns
  }
}
