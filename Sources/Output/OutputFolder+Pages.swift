package import Diagnostics
import Files
import Foundation
package import Layout
import SystemPackage

extension OutputFolder {
  /// Whether a folder of the site has no pages of texts; certificates are too many to walk through.
  private static func hasNoTexts(_ name: String) -> Bool {
    name.hasPrefix(".") || SiteFolder(rawValue: name).map { !$0.hasPages } ?? false
  }

  /// The pages that the last build made and the planned one removes, sorted; certificates' aside.
  package func vanishingPages(_ planned: OutputManifest) throws(MachineFailure) -> [OutputPath] {
    let stale = previous.subtracting(planned)
    if stale.isEmpty { return [] }
    var found: [OutputPath] = []
    var pending = [""]
    while let below = pending.popLast() {
      for name in try names(in: below) where !(below.isEmpty && Self.hasNoTexts(name)) {
        let path = below + name
        var isFolder: ObjCBool = false
        let file = folder.appending(path).string
        guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder) else { continue }
        if isFolder.boolValue {
          pending.append(path + "/")
        } else if name.hasSuffix(".html"), stale.contains(OutputPath(path)) {
          found.append(OutputPath(path))
        }
      }
    }
    return found.sorted()
  }

  /// The files of the last build that are there, by walking through the folder; those that the
  /// program keeps for itself aside.
  package func foundPaths() throws(MachineFailure) -> [OutputPath] {
    guard let walk = FileManager.default.enumerator(atPath: folder.string) else {
      throw MachineFailure("read \(displayPath)", reason: "the folder cannot be listed")
    }
    var found: [OutputPath] = []
    while let path = walk.nextObject() as? String {
      let path = OutputPath(path)
      if !path.isPrivate, previous.contains(path) { found.append(path) }
    }
    return found.sorted()
  }

  private func names(in below: String) throws(MachineFailure) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder.appending(below).string)
    } catch {
      throw MachineFailure("read \(displayPath)/\(below)", reason: error.localizedDescription)
    }
  }

  /// A file that the last build made; nil where there is none.
  package func publishedFile(_ path: OutputPath) throws(MachineFailure) -> [UInt8]? {
    guard previous.contains(path) else { return nil }
    return try SourceFile.readBytes(
      folder.appending(path.text), displayPath: "\(displayPath)/\(path.text)")
  }
}
