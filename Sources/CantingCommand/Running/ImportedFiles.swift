import Content
import Diagnostics
import Files
import Foundation
import Input
import Registry
import SystemPackage

/// The files that an import writes: a copy of the workbook, and drafts of what it says.
struct ImportedFiles {
  let root: FilePath
  let draft: RegisterDraft
  let source: FilePath

  private var name: String { source.lastComponent?.string ?? "register.xlsx" }

  /// Files of the project that a register may not be named like.
  static let taken: Set<String> = [
    "schemes.yml", "batches.csv", "batches.xlsx", "exports.csv", "exports.xlsx",
    "schemes.draft.yml",
    "batches.draft.csv",
  ]

  /// - Returns: the paths of what was written, in the project, and what is left to be done by hand.
  func write() throws(MachineFailure) -> (written: [String], byHand: [String]) {
    var written: [String] = []
    var byHand: [String] = []
    if let copied = try copyRegister() { written.append(copied) }
    let (settings, isInPlace) = try writeSettings()
    if let settings { written.append(settings) }
    if let settings, !isInPlace {
      byHand.append(
        "copy registry: from \(settings) into content/site.yml, in place of what is there")
    }
    if let path = try write(
      schemes, to: "seeds/schemes", ending: "yml", mayReplace: Self.isEmptyList)
    {
      written.append(path)
    }
    if !draft.batches.isEmpty,
      let path = try write(batches, to: "seeds/batches", ending: "csv", mayReplace: { _ in false })
    {
      written.append(path)
    }
    return (written, byHand)
  }

  /// Whether YAML holds a list without an item, or nothing.
  private static func isEmptyList(_ text: String) -> Bool {
    let lines = text.split(whereSeparator: \.isNewline).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    return lines.allSatisfy { $0.isEmpty || $0.hasPrefix("#") || $0 == "[]" }
  }

  /// What the workbook does not say, in sentences.
  var open: [String] {
    let missing = [Column.number, .holder, .scheme, .issued].filter { column in
      !draft.columns.contains { $0.column == column }
    }
    var open = missing.map {
      "no column is known to be the \($0.name): name it under registry.columns in content/site.yml"
    }
    open += draft.unknown.prefix(20).map { heading, likely in
      "the column `\(heading)` is not known and is ignored"
        + (likely.map { "; is it `\($0.name)`?" } ?? "")
    }
    if draft.unknown.count > 20 { open.append("and \(draft.unknown.count - 20) more columns") }
    if !draft.schemes.isEmpty {
      open.append(
        "the units and the English titles of \(draft.schemes.count) schemes, and their codes: they are sealed"
      )
    }
    if let first = draft.schemes.compactMap(\.first).min() {
      open.append(
        "the licence of certificates since \(first): content/site.yml needs an edition for each that you had"
      )
    }
    for scheme in draft.schemes where scheme.usualYears == nil {
      open.append("how many years a certificate in `\(scheme.title)` holds: 3 is written")
    }
    let guessed = draft.batches.filter { $0.from == nil && $0.issued != nil }.count
    if guessed > 0 {
      open.append(
        "the days of \(guessed) batches: those on which their certificates were issued are written")
    }
    let unlisted = draft.batches.filter { $0.certificates == 0 }.count
    if unlisted > 0 { open.append("\(unlisted) batches without a certificate in the register") }
    return open
  }

  // MARK: The register

  /// Copies it into `seeds/`; nil where it lies there already.
  private func copyRegister() throws(MachineFailure) -> String? {
    let target = root.appending("seeds").appending(name)
    guard target.lexicallyNormalized() != source.lexicallyNormalized() else { return nil }
    let path = "seeds/\(name)"
    let new = try SourceFile.readBytes(source, displayPath: source.string) ?? []
    if let old = try SourceFile.readBytes(target, displayPath: path) {
      if old == new { return nil }
      guard Self.isEmptyRegister(old) else {
        throw MachineFailure(
          "write \(path)", reason: "another file of this name is there; move it away first")
      }
    }
    try replace(path, with: new, isPrivate: true)
    return path
  }

  /// Writes where the register lies into site.yml, in place of a register that is not there or has no row.
  ///
  /// - Returns: what was written, if anything, and whether it is site.yml itself.
  private func writeSettings() throws(MachineFailure) -> (path: String?, isInPlace: Bool) {
    let path = "content/site.yml"
    let bytes = try SourceFile.readBytes(root.appending(path), displayPath: path) ?? []
    let text = SourceFile(path: path, text: String(decoding: bytes, as: UTF8.self)).text
    let named = Self.register(in: text)
    if named == name { return (nil, true) }
    if let changed = Self.replacing(registerIn: text, by: settings),
      Self.register(in: changed) == name,
      try isReplaceable(named)
    {
      try replace(path, with: Array(changed.utf8))
      return (path, true)
    }
    return (try write(settings + "\n", to: "content/site", ending: "yml") { _ in false }, false)
  }

  /// The file that settings name; nil where they name none, or are no settings.
  private static func register(in yaml: String) -> String? {
    var findings = Findings()
    let file = SourceFile(path: "content/site.yml", text: yaml)
    return YAMLValue.parse(file, findings: &findings)?.mapping(&findings)?["registry"]?
      .mapping(&findings)?["file"]?.text
  }

  /// Settings with another register, its block taken by its indentation.
  private static func replacing(registerIn text: String, by settings: String) -> String? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let start = lines.firstIndex(where: { $0.hasPrefix("registry:") }) else { return nil }
    let end =
      lines[(start + 1)...].firstIndex { line in
        !(line.hasPrefix(" ") || line.hasPrefix("\t"))
      } ?? lines.count
    return (lines[..<start] + [settings] + lines[end...]).joined(separator: "\n")
  }

  /// Whether the register that is named now is the empty one of a new project, which is then removed, or is not
  /// there.
  private func isReplaceable(_ named: String?) throws(MachineFailure) -> Bool {
    guard let named else { return true }
    let path = "seeds/\(named)"
    guard let bytes = try SourceFile.readBytes(root.appending(path), displayPath: path) else {
      return true
    }
    guard Self.isEmptyRegister(bytes) else { return false }
    do {
      try FileManager.default.removeItem(atPath: root.appending(path).string)
    } catch {
      throw MachineFailure("remove \(path)", reason: error.localizedDescription)
    }
    return true
  }

  private static func isEmptyRegister(_ bytes: [UInt8]) -> Bool {
    bytes == Array(Init.emptyRegister.utf8)
  }

  private var settings: String {
    var lines = ["registry:", "  file: \(AnnouncementFile.quoted(name))"]
    if !draft.unknown.isEmpty {
      lines.append(
        "  ignore: [\(draft.unknown.map { AnnouncementFile.quoted($0.heading) }.joined(separator: ", "))]"
      )
    }
    lines.append(
      "  # Known by their headings; for one that is called otherwise, write columns: {number: \"…\"}"
    )
    lines += draft.columns.map { "  #   \($0.column.name): \(AnnouncementFile.quoted($0.heading))" }
    return lines.joined(separator: "\n")
  }

  // MARK: Schemes and batches

  private var schemes: String {
    var codes: Set<String> = []
    let items = draft.schemes.map { scheme -> String in
      let code = Self.code(of: scheme.title, taken: &codes)
      let slug = slugText(scheme.title)
      let from = scheme.first.map { "\($0.year)-01-01" } ?? "2000-01-01"
      return """
        - code: \(code)
          slug: \(slug.isEmpty ? code.lowercased() : slug)
          editions:
            - from: \(from)
              title:
                id: \(AnnouncementFile.quoted(scheme.title))
                en: "TODO: the English title"
              years: \(scheme.usualYears ?? 3)
              units:
                - code: "TODO: the code of a unit, as in C.13BTK01.001.2; [] where certificates print none"
                  title: {id: "TODO: its title", en: "TODO: its English title"}
              # level: 2
              # standard: "SKKNI 104/2018"
              # summary: {en: "…", id: "…"}
        """
    }
    return
      "# Drafted from \(name). Look at every line: code, titles and units are sealed with the first"
      + " certificate.\n\n" + items.joined(separator: "\n\n") + "\n"
  }

  /// The first letters of a title's words, with a digit where another scheme has them; a title that is a code
  /// already stays one.
  private static func code(of title: String, taken: inout Set<String>) -> String {
    let words = slugText(title).uppercased().split(separator: "-")
    let short = words.count == 1 ? String(words[0].prefix(8)) : String(words.compactMap(\.first))
    let base = short.isEmpty ? "S" : short
    var code = base
    var number = 2
    while !taken.insert(code).inserted {
      code = "\(base)\(number)"
      number += 1
    }
    return code
  }

  private var batches: String {
    let rows = draft.batches.map { batch -> String in
      let kind = Batch.Kind("", requestedBy: batch.requestedBy).map(\.rawValue) ?? ""
      let from = batch.from ?? batch.issued?.lowerBound
      let to = batch.to ?? batch.from ?? batch.issued?.upperBound
      let values = [
        batch.code, batch.requestedBy, kind, batch.regency, batch.province, batch.place,
        from?.description ?? "", to?.description ?? "",
      ]
      // Where nothing tells who asked, `kind` has to be written as well: a check says how.
      return values.enumerated().map { position, value in
        Self.cell(value.isEmpty && position != 2 ? "TODO" : value)
      }.joined(separator: ",")
    }
    return "batch,requested_by,kind,regency,province,tuk,from,to\n" + rows.joined(separator: "\n")
      + "\n"
  }

  private static func cell(_ text: String) -> String {
    text.contains { ",;\"\n\t".contains($0) }
      ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
  }

  // MARK: Writing

  /// Writes a draft in the place of a file that says nothing yet, or beside it; never over another draft.
  ///
  /// - Returns: nil where a file says the same already.
  private func write(
    _ text: String, to stem: String, ending: String, mayReplace: (String) -> Bool
  ) throws(MachineFailure) -> String? {
    var number = 1
    var path = "\(stem).\(ending)"
    while let old = try SourceFile.readBytes(root.appending(path), displayPath: path) {
      let known = String(decoding: old, as: UTF8.self)
      if known == text { return nil }
      if mayReplace(known) { break }
      path = "\(stem).draft\(number == 1 ? "" : "-\(number)").\(ending)"
      number += 1
    }
    try replace(path, with: Array(text.utf8))
    return path
  }

  private func replace(
    _ path: String, with bytes: [UInt8], isPrivate: Bool = false
  ) throws(MachineFailure) {
    try DurableFile.replace(root.appending(path), displayPath: path, isSecret: isPrivate) { write in
      try write(bytes)
    }
  }
}
