import Foundation
import Site
import SystemPackage

extension PictureMaker {
  /// The one that this machine has: librsvg's converter where the shell would find it; nil where it
  /// is not installed.
  static var ofThisMachine: PictureMaker? {
    let environment = ProcessInfo.processInfo.environment
    let folders = (environment["PATH"] ?? "").split(separator: ":").map { FilePath(String($0)) }
    func program(_ name: String) -> FilePath? {
      folders.map { $0.appending(name) }.first {
        $0.isAbsolute && FileManager.default.isExecutableFile(atPath: $0.string)
      }
    }
    return program("rsvg-convert").map {
      PictureMaker(converter: $0, fontList: program("fc-list"), environment: environment)
    }
  }
}
