public import Diagnostics
import Foundation
import Proof
import Registry
public import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// SHA-256 of what a build reads, taken before it reads it: the same digests, the same site.
///
/// A file that changes while the site is built gives the next build another digest, never the
/// other way round.
public struct InputDigests: Sendable, Equatable {
  /// Of every file of `content/`, `templates/` and `seeds/`, and of a registry elsewhere; not of
  /// the ledger, which the build itself continues.
  let texts: Digest
  /// Of what certificates' pages are made from beside registry and ledger: templates, schemes,
  /// configuration and the standing pages, whose titles stand in the menu.
  let page: Digest
  /// The files outside of these folders that `texts` covers.
  let elsewhere: [String]

  private static let folders = ["content", "templates", "seeds"]
  private static let ledgerFolder = "seeds/ledger"

  /// Reads the files of a project.
  ///
  /// - Parameters:
  ///   - tool: names the program; another one may make another site of the same files.
  ///   - elsewhere: files outside of the project's folders that the build reads.
  /// - Throws: `MachineFailure` when a file is there and cannot be read.
  public static func read(
    _ root: FilePath, tool: String, elsewhere: [String]
  ) throws(MachineFailure) -> InputDigests {
    var texts = Digest.Hash()
    var page = Digest.Hash()
    texts.add(tool)
    page.add(tool)
    for folder in folders {
      for path in try files(below: folder, of: root) where !path.hasPrefix(ledgerFolder + "/") {
        let digest = try digest(of: root.appending(path), shownAs: path)
        texts.add(path, digest)
        if isPartOfPages(path) { page.add(path, digest) }
      }
    }
    for name in elsewhere {
      texts.add(name, try digest(of: FilePath(name), shownAs: name))
    }
    return InputDigests(texts: texts.digest, page: page.digest, elsewhere: elsewhere)
  }

  /// The files that the build of a project reads from outside of its folders.
  static func elsewhere(_ project: Project) -> [String] {
    let registry = project.configuration.registry.file.lexicallyNormalized()
    if registry.starts(with: project.root.appending("seeds").lexicallyNormalized()) { return [] }
    // An SQLite registry has its newest rows in a file beside it.
    return [registry.string, registry.string + "-wal"]
  }

  /// The digest of the ledger's files, read as they are.
  static func ledger(_ root: FilePath) throws(MachineFailure) -> Digest {
    var hash = Digest.Hash()
    for path in try files(below: ledgerFolder, of: root) {
      hash.add(path, try digest(of: root.appending(path), shownAs: path))
    }
    return hash.digest
  }

  private static func isPartOfPages(_ path: String) -> Bool {
    path.hasPrefix("templates/") || path.hasPrefix("content/pages/") || path == "content/site.yml"
      || path == "seeds/schemes.yml"
  }

  /// The files below a folder of the project, sorted; what is only linked to counts too.
  private static func files(
    below folder: String, of root: FilePath
  ) throws(MachineFailure) -> [String] {
    var found: [String] = []
    var waiting = [folder]
    do {
      while let next = waiting.popLast() {
        let names: [String]
        do {
          names = try FileManager.default.contentsOfDirectory(atPath: root.appending(next).string)
        } catch CocoaError.fileReadNoSuchFile {
          continue
        }
        for name in names {
          let path = "\(next)/\(name)"
          var status = stat()
          guard stat(root.appending(path).string, &status) == 0 else { continue }
          if status.st_mode & S_IFMT == S_IFDIR { waiting.append(path) } else { found.append(path) }
        }
      }
    } catch {
      throw MachineFailure("read \(folder)", reason: error.localizedDescription)
    }
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The digest of a file's bytes, read a piece at a time; that of none for a file that is absent.
  private static func digest(
    of file: FilePath, shownAs path: String
  ) throws(MachineFailure) -> Digest {
    var hash = Digest.Hash()
    _ = try SourceFile.forEachPiece(of: file, shownAs: path) { piece, _ in hash.add(piece) }
    return hash.digest
  }
}

extension Digest.Hash {
  /// Adds a text and its length, so that texts in a row cannot be mistaken for others.
  mutating func add(_ text: String) {
    add(Array("\(text.utf8.count):".utf8))
    add(Array(text.utf8))
  }

  fileprivate mutating func add(_ path: String, _ digest: Digest) {
    add(path)
    add(digest.bytes)
  }
}
