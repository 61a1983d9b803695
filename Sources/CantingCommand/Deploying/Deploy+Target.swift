import Deployment
import Diagnostics
import Files
import Foundation
import Project
import SystemPackage

/// Where a deploy goes.
extension Deploy {
  /// The remote, and how many files travel at a time.
  func place(_ findings: inout Findings) throws -> DeployTarget? {
    let named: DeployTarget
    if DeployTarget.isRemote(target) {
      named = DeployTarget(remote: target)
    } else {
      guard
        let configuration = try SiteConfiguration.load(
          root: options.rootFolder, findings: &findings)
      else { return nil }
      guard let found = configuration.deployTargets[target] else {
        findings.add(unknownTarget(Array(configuration.deployTargets.keys)))
        return nil
      }
      named = found
    }
    guard let path = named.folder else { return named }
    // A path in the settings starts at the project, one on the command line where the user is.
    let local =
      DeployTarget.isRemote(target)
      ? options.absolute(path)
      : options.rootFolder.pushing(FilePath(path)).lexicallyNormalized()
    let (there, isThere) = try Self.lineage(of: local)
    let (here, _) = try Self.lineage(of: folder)
    let isInside = here.first.map(there.contains) ?? false
    let isAround = isThere && (there.first.map(here.contains) ?? false)
    if isInside || isAround {
      findings.add(targetIsSite)
      return nil
    }
    return DeployTarget(remote: local.string, transfers: named.transfers)
  }

  var targetIsSite: Diagnostic {
    Diagnostic(
      "target-is-site", at: SourceLocation(path: target),
      message: "A target is another place than the site's own folder",
      hint: "choose another target, or build right there with --output")
  }

  /// The folders from a path up to the root, as far as they are there.
  ///
  /// - Returns: whether the first one is that at the path.
  private static func lineage(
    of path: FilePath
  ) throws(MachineFailure) -> ([FileStatus.Identity], isWhole: Bool) {
    var start = path
    var real = FileSystem.realPath(start)
    while real == nil, start.removeLastComponent() { real = FileSystem.realPath(start) }
    guard var folder = real else { return ([], false) }
    var found: [FileStatus.Identity] = []
    do {
      repeat {
        if let status = try FileStatus(folder, followsLinks: true) { found.append(status.identity) }
      } while folder.removeLastComponent()
    } catch {
      throw MachineFailure("look at \(folder)", error)
    }
    return (found, start == path)
  }

  private func unknownTarget(_ names: [String]) -> Diagnostic {
    let known = names.sorted().map { "`\($0)`" }.joined(separator: ", ")
    return Diagnostic(
      "unknown-target", at: SourceLocation(path: "content/site.yml"),
      message: "A target is named under `deploy`, and there is no `\(target)`"
        + (known.isEmpty ? "" : " among \(known)"),
      hint: suggestion(for: target, among: names).map { "did you mean `\($0)`?" }
        ?? "add `deploy: {\(target): {remote: \"…\"}}`, or name a remote of rclone, as in `r2:bucket`"
    )
  }

  /// Whether files of this name in the site's own folder are seen at the target, whatever rclone calls
  /// it: an alias, a mounted folder, this machine over SFTP.
  ///
  /// - Returns: what the target has; nil, with a finding, when it is the site.
  func look(_ session: UploadSession, _ findings: inout Findings) throws -> UploadSession.Target? {
    // A build removes what begins with `new-`, if this one is killed.
    let name = "new-deploy-\(UInt64.random(in: .min ... .max))"
    let probe = folder.appending(DeployClaim.folder).appending(name).string
    // Where nothing can be written, rclone cannot write either.
    let isThere = FileManager.default.createFile(atPath: probe, contents: Data())
    let result = Result { try session.look(forgets: recheck, probe: name) }
    if isThere { try FileManager.default.removeItem(atPath: probe) }
    if let found = try result.get() { return found }
    findings.add(targetIsSite)
    return nil
  }
}
