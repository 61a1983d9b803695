import Foundation
import SystemPackage
import Theme

extension SignatureScript {
  /// Where the packages of Debian, npm and Homebrew put TweetNaCl.
  static let placesOnThisMachine = [
    "/usr/share/nodejs", "/usr/local/lib/node_modules", "/usr/lib/node_modules",
    "/opt/homebrew/lib/node_modules",
  ].map { FilePath("\($0)/tweetnacl/nacl-fast.min.js") }

  /// Changes when the package is installed, replaced or removed.
  static var traceOnThisMachine: String {
    let place = placesOnThisMachine.first { FileManager.default.fileExists(atPath: $0.string) }
    return place.map { traceOfFiles([$0.string]) } ?? "no TweetNaCl"
  }
}
