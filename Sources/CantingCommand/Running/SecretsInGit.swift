import Diagnostics
import Files
import Foundation
import Project
import SystemPackage

/// Finds secrets of a project that git tracks, or would with the next `git add`.
struct SecretsInGit {
  let root: FilePath

  /// The files that must not be in a commit; the specimen's own may.
  private static let places = ["seeds"]
  /// What lies in `seeds/` and leads to nobody.
  private static let harmless: Set<String> = [
    "seeds/schemes.yml", "seeds/batches.csv", "seeds/batches.xlsx", "seeds/exports.csv",
    "seeds/exports.xlsx",
  ]

  /// A warning that names them; nil where there are none, no git and no repository.
  func finding() throws(MachineFailure) -> Diagnostic? {
    var files: [String] = []
    for path in try listed() where try isSecret(path) { files.append(path) }
    guard !files.isEmpty else { return nil }
    return Diagnostic(
      "secret-in-git", .warning, at: SourceLocation(path: "seeds"),
      message: "git would commit \(files.joined(separator: ", "))",
      hint:
        "before the next commit, run `git rm --cached --ignore-unmatch \(files.joined(separator: " "))`"
        + " and name /seeds/* in .gitignore, with !/seeds/schemes.yml and what else may be seen")
  }

  private func isSecret(_ path: String) throws(MachineFailure) -> Bool {
    if Self.harmless.contains(path) || path.contains(".draft") { return false }
    if path.hasPrefix("seeds/keys/") {
      if path.hasSuffix("/history.yml") { return false }
      let bytes = try SourceFile.readBytes(root.appending(path), displayPath: path) ?? []
      return !String(decoding: bytes.prefix(256), as: UTF8.self).contains("SPECIMEN: published")
    }
    var ignored = Findings()
    let site = try SiteConfiguration.load(root: root, findings: &ignored)
    return site?.isSpecimen == false
      && (!path.hasPrefix("seeds/ledger/") || path.hasSuffix("/published"))
  }

  /// What git tracks or does not ignore of the places; nothing where it does not answer.
  private func listed() throws(MachineFailure) -> [String] {
    let environment = ProcessInfo.processInfo.environment
    guard let git = ExternalProgram("git", environment: environment) else { return [] }
    let outcome = try git.run(
      [
        "-C", root.string, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--",
      ] + Self.places, environment: environment)
    guard outcome.status == 0 else { return [] }
    return outcome.output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }
}
