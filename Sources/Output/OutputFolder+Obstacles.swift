package import Diagnostics
import Files
import Foundation
package import Layout
import SystemPackage

extension OutputFolder {
  /// Finds what would stop a build at writing, so that it is known before anything is sealed: a folder
  /// that may not be written to, a file where a folder belongs, or files where a file belongs.
  ///
  /// - Parameter paths: of the files that the site has, but for those of certificates.
  /// - Throws: `MachineFailure`, with what stands in the way.
  package func findObstacles(to paths: [OutputPath]) throws(MachineFailure) {
    guard try isThere() else { return }
    let writer = lookingAt
    func failure(_ path: OutputPath, _ reason: String) -> MachineFailure {
      MachineFailure("write \(displayPath)/\(path)", reason: reason)
    }
    var known: Set<[UInt8]> = []
    for path in paths + Self.foldersOfCertificates {
      do throws(Errno) {
        for slash in path.bytes.indices where path.bytes[slash] == UInt8(ascii: "/") {
          let above = Array(path.bytes[..<slash])
          guard known.insert(above).inserted else { continue }
          if try writer.root.isObstructed(above) { throw .notDirectory }
        }
      } catch {
        throw failure(path, writer.reason(error, at: path))
      }
      if try status(of: path)?.kind == .folder, try !isEmpty(path) {
        throw failure(path, writer.folderInPlace)
      }
    }
  }

  /// Whether the site's folder is there. It, or else the folder that it will be made in, must take
  /// files.
  private func isThere() throws(MachineFailure) -> Bool {
    var place = folder
    do {
      while try FileStatus(place, followsLinks: true) == nil, place.removeLastComponent() {}
      try FileSystem.checkWritable(place)
    } catch {
      throw MachineFailure("write \(displayPath)", error)
    }
    return place == folder
  }

  /// A path in each of the folders that certificates' folders may lie in.
  private static let foldersOfCertificates = (0..<256).map { number in
    OutputPath("c/\(number < 16 ? "0" : "")\(String(number, radix: 16))/_")
  }

  private func isEmpty(_ path: OutputPath) throws(MachineFailure) -> Bool {
    do {
      return try FileManager.default.contentsOfDirectory(
        atPath: folder.appending(path.text).string
      ).isEmpty
    } catch {
      throw MachineFailure("read \(displayPath)/\(path)", reason: error.localizedDescription)
    }
  }
}
