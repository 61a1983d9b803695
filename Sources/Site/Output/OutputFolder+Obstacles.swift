import Diagnostics
import Foundation
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension OutputFolder {
  /// Finds what would stop a build at writing, so that it is known before anything is sealed: a folder
  /// that may not be written to, a file where a folder belongs, or files where a file belongs.
  ///
  /// - Parameter paths: of the files that the site has, but for those of certificates.
  /// - Throws: `MachineFailure`, with what stands in the way.
  func findObstacles(to paths: [OutputPath]) throws(MachineFailure) {
    var place = folder
    while access(place.string, F_OK) != 0, errno == ENOENT, place.removeLastComponent() {}
    guard access(place.string, W_OK | X_OK) == 0 else {
      throw MachineFailure("write \(shownAs)", Errno(rawValue: errno))
    }
    guard place == folder else { return }
    var known: Set<[UInt8]> = []
    for path in paths + Self.foldersOfCertificates {
      for slash in path.bytes.indices where path.bytes[slash] == UInt8(ascii: "/") {
        let above = Array(path.bytes[..<slash])
        guard known.insert(above).inserted else { continue }
        let name = String(decoding: above, as: UTF8.self)
        // A link may lead to a folder; one that leads nowhere is in the way.
        if try kind(of: name) != nil, try kind(of: name, followsLink: true) != S_IFDIR {
          throw MachineFailure(
            "write \(shownAs)/\(path)",
            reason: "\(shownAs)/\(name) is no folder; move it out of \(shownAs)")
        }
      }
      if try kind(of: path.text) == S_IFDIR, try !isEmpty(path) {
        throw MachineFailure(
          "write \(shownAs)/\(path)",
          reason: "a folder with files lies in its place; move that out of \(shownAs)")
      }
    }
  }

  /// A path in each of the folders that certificates' folders may lie in.
  private static let foldersOfCertificates = (0..<256).map { number in
    OutputPath("c/\(number < 16 ? "0" : "")\(String(number, radix: 16))/_")
  }

  /// The kind of what is at a path, as `S_IFMT` gives it; nil where there is nothing.
  private func kind(
    of path: String, followsLink: Bool = false
  ) throws(MachineFailure) -> mode_t? {
    var status = stat()
    let file = folder.appending(path).string
    guard (followsLink ? stat(file, &status) : lstat(file, &status)) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw MachineFailure("read \(shownAs)/\(path)", Errno(rawValue: errno))
    }
    return status.st_mode & S_IFMT
  }

  private func isEmpty(_ path: OutputPath) throws(MachineFailure) -> Bool {
    do {
      return try FileManager.default.contentsOfDirectory(
        atPath: folder.appending(path.text).string
      ).isEmpty
    } catch {
      throw MachineFailure("read \(shownAs)/\(path)", reason: error.localizedDescription)
    }
  }
}
