import Files
import Foundation
import Project
import Proof
import Registry
import SystemPackage

/// SHA-256 of what a build reads, taken before it reads it: the same digests, the same site.
///
/// They are taken again when the site was built: where a file was saved meanwhile, nothing is
/// remembered. One that was changed and changed back within one build escapes.
struct InputDigests: Sendable, Equatable {
  /// Of every file of `content/`, `templates/` and `seeds/`, and of a registry elsewhere; not of
  /// the ledger, which the build itself continues.
  let texts: Digest
  /// Of what certificates' pages are made from beside registry and ledger: templates, schemes,
  /// configuration and the standing pages, whose titles stand in the menu.
  let page: Digest
  /// The files outside of these folders that `texts` covers.
  let elsewhere: [String]
  /// Whether every file could be read: one that no build needs need not be readable, but then
  /// nothing says that it did not change.
  let isWhole: Bool

  private static let folders = ["content", "templates", "seeds"]
  private static let ledgerFolder = "seeds/ledger"

  /// The files of a project, read; those elsewhere are not among them yet.
  struct Reading: Sendable {
    private var texts = Digest.Hash()
    private var page = Digest.Hash()
    private var isWhole = true

    init(_ root: FilePath) {
      for folder in folders {
        for (path, isFile) in entries(below: folder, of: root, isWhole: &isWhole)
        where path != ledgerFolder && !path.hasPrefix(ledgerFolder + "/") {
          guard isFile else {
            texts.add(path)
            continue
          }
          guard let digest = digest(of: root.appending(path), displayPath: path) else {
            isWhole = false
            continue
          }
          texts.add(path, digest)
          if path.hasPrefix("seeds/keys/") { texts.add(mode(of: root.appending(path))) }
          if isPartOfPages(path) { page.add(path, digest) }
        }
      }
    }

    /// - Parameter names: files outside of the project's folders that the build reads.
    consuming func digests(elsewhere names: [String]) -> InputDigests {
      for name in names {
        guard let digest = digest(of: FilePath(name), displayPath: name) else {
          isWhole = false
          continue
        }
        texts.add(name, digest)
      }
      return InputDigests(
        texts: texts.digest, page: page.digest, elsewhere: names, isWhole: isWhole)
    }
  }

  /// The files that the build of a project reads from outside of its folders.
  static func elsewhere(_ project: Project) -> [String] {
    func resolved(_ path: FilePath) -> FilePath {
      FilePath(URL(fileURLWithPath: path.string).resolvingSymlinksInPath().path)
    }
    let registry = resolved(project.configuration.registry.file)
    if registry.starts(with: resolved(project.root.appending("seeds"))) { return [] }
    // An SQLite registry has its newest rows in a file beside it.
    return [registry.string, registry.string + "-wal"]
  }

  /// The digest of the ledger's files, read as they are; nil where one cannot be read.
  static func ledger(_ root: FilePath) -> Digest? {
    var hash = Digest.Hash()
    var isWhole = true
    for (path, isFile) in entries(below: ledgerFolder, of: root, isWhole: &isWhole) where isFile {
      guard let digest = digest(of: root.appending(path), displayPath: path) else { return nil }
      hash.add(path, digest)
    }
    return isWhole ? hash.digest : nil
  }

  /// Who may read a key is a part of what is checked.
  private static func mode(of file: FilePath) -> String {
    do {
      return try FileStatus(file, followsLinks: true).map { String($0.permissions, radix: 8) } ?? ""
    } catch {
      return ""
    }
  }

  private static func isPartOfPages(_ path: String) -> Bool {
    path.hasPrefix("templates/") || path.hasPrefix("content/pages/") || path == "content/site.yml"
      || path == "seeds/schemes.yml"
  }

  /// What is below a folder of the project, sorted, and whether it is a file; what is linked to within
  /// the project counts too. A folder in a file's place, or a link to nothing, is a mistake that a
  /// build finds.
  private static func entries(
    below folder: String, of root: FilePath, isWhole: inout Bool
  ) -> [(path: String, isFile: Bool)] {
    do {
      return try FolderWalk.entries(below: folder, of: root).map { entry in
        if entry.kind == .outside { isWhole = false }
        return (entry.path, entry.kind == .file)
      }
    } catch {
      isWhole = false
      return []
    }
  }

  /// The digest of a file's bytes, read a piece at a time; that of none for a file that is absent,
  /// nil for one that cannot be read.
  private static func digest(of file: FilePath, displayPath path: String) -> Digest? {
    var hash = Digest.Hash()
    do {
      _ = try SourceFile.forEachPiece(of: file, displayPath: path) { piece, _ in hash.add(piece) }
      return hash.digest
    } catch {
      return nil
    }
  }
}

extension Digest.Hash {
  fileprivate mutating func add(_ path: String, _ digest: Digest) {
    add(path)
    add(digest.bytes)
  }
}
