public import Diagnostics
import Files
public import Input
import Layout
public import Output
import Proof
public import SystemPackage

/// The build before this one: what it was made from, and how it left the site.
public struct PreviousBuild: Sendable {
  let inputs: InputDigests
  /// What it left, whichever program it was.
  let stored: BuildCache?
  /// The same of this program: another one may write something else of what a file is made from.
  var cache: BuildCache? { stored?.heading.tool == tool ? stored : nil }
  /// Names the program.
  let tool: String
  private let root: FilePath
  private let file: BuildCacheFile

  /// Reads what is known of it, and the digests of what this build is made from.
  ///
  /// - Parameters:
  ///   - output: the folder of the site.
  ///   - tool: names the program; another one may make another site of the same files.
  public static func read(
    root: FilePath, output: FilePath, tool: String
  ) async -> PreviousBuild {
    async let reading = InputDigests.Reading(root)
    let file = BuildCacheFile(root: root, output: output)
    let stored = file.read()
    return PreviousBuild(
      inputs: await reading.digests(elsewhere: stored?.heading.elsewhere ?? []), stored: stored,
      tool: tool, root: root, file: file)
  }

  /// What the last build said, if this one would make the same site and it is still there.
  ///
  /// That is so when every file that a build reads has the same bytes, the day and the texts that
  /// are to be seen are the same, and nobody touched a file of the site.
  ///
  /// - Parameter now: the moment of this build in a time zone.
  public func unchangedResult(
    output: OutputFolder, now: (SiteTimeZone) -> SiteMoment, jobs: Int
  ) async throws -> (receipt: BuildReceipt, findings: Findings)? {
    guard let cache, inputs.isWhole, !output.isUnfinished,
      let zone = SiteTimeZone(cache.heading.timeZone)
    else { return nil }
    let heading = cache.heading
    let now = now(zone)
    guard heading.texts == inputs.texts.description, heading.day == now.day.description,
      (heading.from..<heading.until).contains(now.secondsSinceEpoch),
      heading.ledger == InputDigests.ledger(root)?.description,
      try await isUntouched(cache, output.lookingAt, jobs: jobs)
    else { return nil }
    return (heading.receipt.repeated, heading.allFindings)
  }

  /// Whether all files of the site are as the last build left them.
  private func isUntouched(
    _ cache: BuildCache, _ output: OutputWriter, jobs: Int
  ) async throws -> Bool {
    for (path, signature) in cache.heading.files {
      guard try output.signature(of: OutputPath(path))?.value == signature else { return false }
    }
    let signatures = try await output.signatures(
      of: cache.certificates, names: cache.heading.certificateFiles, jobs: jobs)
    return zip(signatures, cache.certificates.entries).allSatisfy { $0 == $1.signature }
  }

  /// Whether what is read still has the digests that were taken before.
  ///
  /// A file that was saved in between may have been read as it was before or after, and what was
  /// made of it must not be remembered under the digest of the other.
  func inputsUnchanged() -> Bool {
    InputDigests.Reading(root).digests(elsewhere: inputs.elsewhere) == inputs
  }

  /// The digest of the ledger as it is now.
  func ledgerDigest() async -> Digest? { InputDigests.ledger(root) }

  /// Stores what the next build needs to know.
  func remember(_ cache: BuildCache, output: OutputFolder) throws {
    var cache = cache
    let manifest = OutputFolder.manifestPath
    cache.heading.files[manifest.text] = try output.lookingAt.signature(of: manifest)?.value
    // Without it, the next build takes longer and says the same.
    _ = file.write(cache)
  }
}
