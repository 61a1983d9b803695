import Files
import Foundation
import Pages
import SystemPackage

/// Changes when one of some files is replaced or removed.
func traceOfFiles(_ files: [String]) -> String {
  files.map { file in
    do {
      let time = try FileManager.default.attributesOfItem(atPath: file)[.modificationDate]
      return "\(file) \((time as? Date)?.timeIntervalSince1970 ?? 0)"
    } catch {
      return "no \(file)"
    }
  }.joined(separator: " ")
}

extension PictureMaker {
  /// Changes when the converter or a font is installed, replaced or removed.
  static var traceOnThisMachine: String {
    let places = [
      "/var/cache/fontconfig", "/usr/share/fonts/truetype", "/usr/share/fonts/opentype",
    ]
    return traceOfFiles((ofThisMachine.map { [$0.converter.file.string] } ?? []) + places)
  }

  /// The one that this machine has: librsvg's converter where the shell would find it; nil where it
  /// is not installed.
  static var ofThisMachine: PictureMaker? {
    let environment = ProcessInfo.processInfo.environment
    return ExternalProgram("rsvg-convert", environment: environment).map {
      PictureMaker(
        converter: $0, fontList: ExternalProgram("fc-list", environment: environment),
        environment: environment)
    }
  }
}
