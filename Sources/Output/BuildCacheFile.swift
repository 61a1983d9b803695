import Files
import Foundation
import Proof
public import SystemPackage

/// Where a project keeps what it knows of the last build of a site: in a folder of its own, that
/// version control and uploads pass over.
public struct BuildCacheFile: Sendable {
  private let folder: FilePath
  private let file: FilePath

  /// - Parameters:
  ///   - root: the project's folder.
  ///   - output: the site's folder; each has a cache of its own.
  ///   - kind: what is kept.
  public init(root: FilePath, output: FilePath, kind: String = "build") {
    folder = root.appending(".canting-cache")
    let name = Digest(hashing: Array(output.string.utf8)).description.prefix(16)
    file = folder.appending("\(kind)-\(name)")
  }

  /// The cache; nil where there is none that can be used.
  package func read() -> BuildCache? {
    readBytes().flatMap { BuildCache($0) }
  }

  package func readBytes() -> [UInt8]? {
    do {
      return try SourceFile.readBytes(file, displayPath: file.string)
    } catch {
      // It saves time and nothing else; the run that makes everything writes it anew.
      return nil
    }
  }

  /// Replaces the cache.
  ///
  /// - Returns: false when it could not be written, which costs the next build some time.
  package func write(_ cache: BuildCache) -> Bool { write { try cache.forEachPiece($0) } }

  package func write(_ bytes: [UInt8]) -> Bool { write { try $0(bytes) } }

  private func write(_ forEachPiece: (([UInt8]) throws -> Void) throws -> Void) -> Bool {
    let new = FilePath(file.string + ".new")
    do {
      try FileManager.default.createDirectory(
        atPath: folder.string, withIntermediateDirectories: true)
      let ignore = folder.appending(".gitignore")
      if !FileManager.default.fileExists(atPath: ignore.string) {
        try Data("*\n".utf8).write(to: URL(fileURLWithPath: ignore.string))
      }
      let descriptor = try FileDescriptor.open(
        new, .writeOnly, options: [.create, .truncate, .closeOnExec],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
      try descriptor.closeAfter { try forEachPiece { _ = try descriptor.writeAll($0) } }
      try FileSystem.rename(new, to: file)
      return true
    } catch {
      // Whatever it was, the room is given back that a full disk has too little of.
    }
    FileSystem.discard(new)
    return false
  }
}
