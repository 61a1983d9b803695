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

  /// - Returns: the paths of what was written, in the project.
  func write() throws(MachineFailure) -> [String] {
    var written: [String] = []
    if let copied = try copyRegister() { written.append(copied) }
    written.append(try writeSettings())
    written.append(
      try write(schemes, to: "seeds/schemes", ending: "yml") { text in
        !text.split(separator: "\n").contains { $0.hasPrefix("- ") }
      })
    if !draft.batches.isEmpty {
      written.append(try write(batches, to: "seeds/batches", ending: "csv") { _ in false })
    }
    return written
  }

  /// What the workbook does not say, in sentences.
  var open: [String] {
    var open = draft.unknown.map { heading, likely in
      "the column `\(heading)` is not known and is ignored"
        + (likely.map { "; is it `\($0.name)`?" } ?? "")
    }
    if !draft.schemes.isEmpty {
      open.append(
        "the units and the English titles of \(draft.schemes.count) schemes, and their codes: they are sealed"
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
    if try SourceFile.exists(target, displayPath: path) {
      let (old, new) = (
        try SourceFile.readBytes(target, displayPath: path),
        try SourceFile.readBytes(source, displayPath: source.string)
      )
      guard old == new else {
        throw MachineFailure(
          "write \(path)", reason: "another file of this name is there; move it away first")
      }
      return nil
    }
    do {
      try FileManager.default.copyItem(atPath: source.string, toPath: target.string)
    } catch {
      throw MachineFailure("write \(path)", reason: error.localizedDescription)
    }
    return path
  }

  /// Writes where the register lies into site.yml, in place of a register that is not there or has no row.
  private func writeSettings() throws(MachineFailure) -> String {
    let path = "content/site.yml"
    let file = root.appending(path)
    let bytes = try SourceFile.readBytes(file, displayPath: path) ?? []
    let lines = String(decoding: bytes, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let start = lines.firstIndex(where: { $0.hasPrefix("registry:") }) else {
      return try write(settings, to: "content/site", ending: "yml") { _ in false }
    }
    let end =
      lines[(start + 1)...].firstIndex { line in
        !(line.hasPrefix(" ") || line.hasPrefix("\t"))
      } ?? lines.count
    guard try isReplaceable(lines[start..<end]) else {
      return try write(settings, to: "content/site", ending: "yml") { _ in false }
    }
    let text = (lines[..<start] + [settings] + lines[end...]).joined(separator: "\n")
    try replace(path, with: text)
    return path
  }

  /// Whether the register that is named now is the empty one of a new project, or is not there.
  private func isReplaceable(_ block: ArraySlice<String>) throws(MachineFailure) -> Bool {
    let text = block.joined(separator: "\n")
    guard let named = text.firstMatch(of: /file: *"?([^"\s,}#]+)/)?.1 else { return true }
    let path = "seeds/\(named)"
    let bytes = try SourceFile.readBytes(root.appending(path), displayPath: path) ?? []
    guard named != name else { return true }
    guard bytes.count(where: { $0 == 0x0A }) <= 1 else { return false }
    if !bytes.isEmpty {
      do {
        try FileManager.default.removeItem(atPath: root.appending(path).string)
      } catch {
        throw MachineFailure("remove \(path)", reason: error.localizedDescription)
      }
    }
    return true
  }

  private var settings: String {
    var lines = ["registry:", "  file: \(New.quoted(name))"]
    if !draft.sheets.isEmpty {
      lines.append("  sheets: [\(draft.sheets.map(New.quoted).joined(separator: ", "))]")
    }
    lines.append("  columns:")
    lines += draft.columns.map { "    \($0.column.name): \(New.quoted($0.heading))" }
    if !draft.unknown.isEmpty {
      lines.append(
        "  ignore: [\(draft.unknown.map { New.quoted($0.heading) }.joined(separator: ", "))]")
    }
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
                id: \(New.quoted(scheme.title))
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
      let kind = Batch.Kind("", requestedBy: batch.requestedBy).map(\.rawValue) ?? "TODO"
      let from = batch.from ?? batch.issued?.lowerBound
      let to = batch.to ?? batch.from ?? batch.issued?.upperBound
      let values = [
        batch.code, batch.requestedBy, kind, batch.regency, batch.province, batch.place,
        from?.description ?? "", to?.description ?? "",
      ]
      return values.map { Self.cell($0.isEmpty ? "TODO" : $0) }.joined(separator: ",")
    }
    return "batch,requested_by,kind,regency,province,tuk,from,to\n" + rows.joined(separator: "\n")
      + "\n"
  }

  private static func cell(_ text: String) -> String {
    text.contains { ",;\"\n\t".contains($0) }
      ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
  }

  // MARK: Writing

  /// Writes a draft in the place of a file that says nothing yet, or beside it.
  private func write(
    _ text: String, to stem: String, ending: String, mayReplace: (String) -> Bool
  ) throws(MachineFailure) -> String {
    let path = "\(stem).\(ending)"
    let old = try SourceFile.readBytes(root.appending(path), displayPath: path)
    let isFree = old.map { mayReplace(String(decoding: $0, as: UTF8.self)) } ?? true
    let target = isFree ? path : "\(stem).draft.\(ending)"
    try replace(target, with: text)
    return target
  }

  private func replace(_ path: String, with text: String) throws(MachineFailure) {
    do {
      try Data(text.utf8).write(
        to: URL(fileURLWithPath: root.appending(path).string), options: .atomic)
    } catch {
      throw MachineFailure("write \(path)", reason: error.localizedDescription)
    }
  }
}
