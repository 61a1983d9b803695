import Foundation
import Pages
import SystemPackage

extension PictureMaker {
  /// Changes when the converter or a font is installed, replaced or removed.
  static var traceOnThisMachine: String {
    let places = [
      "/var/cache/fontconfig", "/usr/share/fonts/truetype", "/usr/share/fonts/opentype",
    ]
    let files = (ofThisMachine.map { [$0.converter.string] } ?? []) + places
    return files.map { file in
      do {
        let time = try FileManager.default.attributesOfItem(atPath: file)[.modificationDate]
        return "\(file) \((time as? Date)?.timeIntervalSince1970 ?? 0)"
      } catch {
        return "no \(file)"
      }
    }.joined(separator: " ")
  }

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
