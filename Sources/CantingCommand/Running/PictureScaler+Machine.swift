import Content
import Files
import Foundation
import SystemPackage

extension PictureScaler {
  /// Changes when the program is installed, replaced or removed.
  static var traceOnThisMachine: String {
    ofThisMachine.map { traceOfFiles([$0.thumbnailer.file.string]) } ?? "no libvips"
  }

  /// The one that this machine has: libvips' programs where the shell would find them; nil where they are
  /// not installed.
  static var ofThisMachine: PictureScaler? {
    let environment = ProcessInfo.processInfo.environment
    return ExternalProgram("vipsthumbnail", environment: environment).map {
      PictureScaler(
        thumbnailer: $0, header: ExternalProgram("vipsheader", environment: environment),
        environment: environment)
    }
  }
}
