public import Diagnostics
import Files
import Foundation
import Layout
import Output
public import Proof
public import SystemPackage

/// The files of a site as the last build left them, ready to be uploaded.
public struct SiteFiles: Sendable {
  private let folder: OutputFolder
  private let cache: BuildCache?

  /// Opens the site of a project's last build.
  ///
  /// - Returns: nil, with findings, when there is none or it is not whole.
  public static func open(
    root: FilePath, output: FilePath, displayPath path: String, ledger: LedgerStore,
    findings: inout Findings
  ) throws(MachineFailure) -> SiteFiles? {
    let opened = try OutputFolder.open(output, displayPath: path, findings: &findings)
    guard let folder = opened else { return nil }
    func refuse(_ id: DiagnosticID, _ message: String, _ hint: String) {
      findings.add(
        Diagnostic(id, at: SourceLocation(path: path), message: message, hint: hint))
    }
    if folder.isUnfinished {
      refuse(
        "unfinished-build", "A site is uploaded whole, and the last build was cut off",
        "run `canting build` again")
      return nil
    }
    guard !folder.previous.isEmpty, let checkpoint = try folder.publishedCheckpoint() else {
      refuse("site-not-built", "What is uploaded is a site that was built", "run `canting build`")
      return nil
    }
    guard checkpoint == (try ledger.storedCheckpoint()) else {
      refuse(
        "site-and-ledger-differ",
        "The site's log ends where the ledger does, and this one does not",
        "run `canting build`; where the ledger was restored, see that it is the newest copy")
      return nil
    }
    let cache = BuildCacheFile(root: root, output: output).read()
    return SiteFiles(folder: folder, cache: cache)
  }

  private init(folder: OutputFolder, cache: BuildCache?) {
    self.folder = folder
    self.cache = cache
  }

  /// A file that is uploaded, and what it is at a target.
  struct File: Sendable {
    let path: OutputPath
    let signature: StatSignature
    let contentDigest: UInt64
  }

  /// Looks at every file, and reads those that are not known from before.
  ///
  /// - Parameter take: gets some files at a time.
  /// - Returns: false, with a finding, when the files are not those of the last build.
  func forEach(
    known: ContentDigests, jobs: Int, findings: inout Findings, take: ([File]) -> Void
  ) async throws -> Bool {
    let writer = folder.lookingAt
    let folder = self.folder
    var strange: OutputPath?
    var count = 0
    let unserved = HostKind.allCases.map(\.path).count {
      $0.isPrivate && folder.previous.contains($0)
    }
    try await orderedConcurrentMap(try parts(), jobs: jobs) { part in
      try part.files(writer).map { path, signature -> (OutputPath, File?) in
        guard let signature else { return (path, nil) }
        if let contentDigest = known.contentDigest(path, signature) {
          return (path, File(path: path, signature: signature, contentDigest: contentDigest))
        }
        let bytes = try folder.published(path) ?? []
        let contentDigest = TargetState.contentDigest(
          path, headers: .of(path.text), bytes: Digest(hashing: bytes))
        return (path, File(path: path, signature: signature, contentDigest: contentDigest))
      }
    } take: { (files: [(OutputPath, File?)]) in
      if strange == nil { strange = files.first { $0.1 == nil }?.0 }
      count += files.count
      take(files.compactMap(\.1))
    }
    if strange == nil, count == folder.previous.count - unserved { return true }
    let what = strange.map { "`\($0)` is not" } ?? "some are missing"
    findings.add(
      Diagnostic(
        "site-changed", at: SourceLocation(path: folder.displayPath),
        message: "What is uploaded are the files that the last build made, and \(what)",
        hint: "run `canting build`, which makes them again"))
    return false
  }

  /// Some of the files.
  private enum Part: Sendable {
    /// With the signatures that the build gave them, where they are known.
    case paths([(path: OutputPath, signature: UInt64?)])
    case certificates(ArraySlice<CertificateTable.Entry>, names: [String])

    /// The paths with their signatures; without one for a file that is missing or was touched.
    func files(_ folder: OutputWriter) throws(MachineFailure) -> [(OutputPath, StatSignature?)] {
      var found: [(OutputPath, StatSignature?)] = []
      switch self {
      case .paths(let paths):
        for (path, expected) in paths {
          let signature = try folder.signature(of: path)
          found.append((path, expected == nil || signature?.value == expected ? signature : nil))
        }
      case .certificates(let entries, let names):
        for entry in entries {
          var files: [(OutputPath, StatSignature?)] = []
          for name in names {
            let path = OutputPath(folder: entry.code.folderBytes, name: name)
            files.append((path, try folder.signature(of: path)))
          }
          let isUntouched = StatSignature(joining: files.compactMap(\.1)) == entry.signature
          found += isUntouched ? files : files.map { ($0.0, nil) }
        }
      }
      return found
    }
  }

  private static let partSize = 2048

  private func parts() throws(MachineFailure) -> [Part] {
    guard let cache else {
      let paths = try folder.foundPaths().map { (path: $0, signature: UInt64?.none) }
      return stride(from: 0, to: paths.count, by: Self.partSize).map {
        .paths(Array(paths[$0..<min($0 + Self.partSize, paths.count)]))
      }
    }
    let others = cache.heading.files.map {
      (path: OutputPath($0.key), signature: Optional($0.value))
    }
    .filter { !$0.path.isPrivate }.sorted { $0.path < $1.path }
    let entries = cache.certificates.entries
    return [.paths(others)]
      + stride(from: 0, to: entries.count, by: Self.partSize).map {
        .certificates(
          entries[$0..<min($0 + Self.partSize, entries.count)],
          names: cache.heading.certificateFiles)
      }
  }

  /// The bytes of a file, for a list of what travels.
  func bytes(_ path: OutputPath) throws(MachineFailure) -> [UInt8] {
    try folder.published(path) ?? []
  }
}
