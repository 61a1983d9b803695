package import Diagnostics
import Files
import Registry
import SystemPackage

/// Looks at what a project is made of before anything of it is read: ordinary files, none too large,
/// and no link that would carry something to the web from elsewhere on the machine.
///
/// Keys and the ledger may lie elsewhere, since nothing copies them to the site.
package struct InputCheck {
  let root: FilePath

  /// Everything that editors and designers may have put there, and the fixed files of `seeds/`.
  ///
  /// - Returns: whether it may be read; if not, what stands against it is among the findings.
  package func run(findings: inout Findings) throws(MachineFailure) -> Bool {
    let before = findings.errorCount
    for folder in ["content", "templates"] {
      let entries = try FolderWalk.entries(below: folder, of: root) { path in
        path.split(separator: "/").last?.hasPrefix(".") ?? false
      }
      for entry in entries {
        check(entry, limit: Self.limit(of: entry.path), findings: &findings)
        if let conflict = Self.conflict(at: entry.path) { findings.add(conflict) }
      }
    }
    let seeds = [
      ("seeds/schemes.yml", InputFile.Limit.text), ("seeds/batches.csv", InputFile.Limit.list),
      ("seeds/exports.csv", InputFile.Limit.list), ("seeds/batches.xlsx", InputFile.Limit.list),
      ("seeds/exports.xlsx", InputFile.Limit.list),
    ]
    for (path, limit) in seeds {
      if let entry = FolderWalk.entry(at: path, of: root) {
        check(entry, limit: limit, findings: &findings)
      }
    }
    return findings.errorCount == before
  }

  /// How programs that synchronise folders name a file of which two people saved their own version.
  private static let namesOfConflicts = [
    "conflicted copy", "sync-conflict-", "conflict copy", "(conflict", "salinan yang konflik",
    "salinan bentrok",
  ]

  private static func conflict(at path: String) -> Diagnostic? {
    let name = path.split(separator: "/").last?.lowercased() ?? ""
    guard namesOfConflicts.contains(where: { name.contains($0) }) else { return nil }
    return Diagnostic(
      "conflicted-copy", at: SourceLocation(path: path),
      message: "Two people saved this file at the same time, and the second version got this name",
      hint:
        "take what is right into the file of the usual name, and move this one out of the folder")
  }

  /// The registry, which site.yml names.
  ///
  /// - Returns: whether it may be read; if not, what stands against it is among the findings.
  func isFit(_ registry: RegistrySettings, findings: inout Findings) -> Bool {
    let before = findings.errorCount
    // SQLite keeps in files beside a database what is not written into it yet.
    for ending in registry.table == nil ? [""] : ["", "-wal", "-journal"] {
      if let entry = FolderWalk.entry(at: registry.displayPath + ending, of: root) {
        check(entry, limit: InputFile.Limit.registry, findings: &findings)
      }
    }
    return findings.errorCount == before
  }

  private static func limit(of path: String) -> Int {
    isText(path) ? InputFile.Limit.text : InputFile.Limit.media
  }

  private static func isText(_ path: String) -> Bool {
    [".md", ".yml", ".mustache", ".csv"].contains { path.hasSuffix($0) }
  }

  private func check(_ entry: FolderWalk.Entry, limit: Int, findings: inout Findings) {
    switch entry.kind {
    case .folder:
      if Self.isText(entry.path) {
        findings.add(InputFile.Refusal.kind("a folder").diagnostic(entry.path))
      }
    case .file:
      if entry.size > limit {
        findings.add(InputFile.Refusal.size(limit: limit).diagnostic(entry.path))
      }
    case .other(let kind): findings.add(InputFile.Refusal.kind(kind).diagnostic(entry.path))
    case .missing:
      findings.add(
        Diagnostic(
          "link-out-of-project", at: SourceLocation(path: entry.path),
          message: "A link leads to a file of the project, and this one leads nowhere",
          hint: "remove it, or put the file itself here"))
    case .outside:
      findings.add(
        Diagnostic(
          "link-out-of-project", at: SourceLocation(path: entry.path),
          message:
            "A link leads to what is in the project, and not to its registry, keys or ledger",
          hint: "put the file itself here, if it is meant to be used"))
    }
  }
}
