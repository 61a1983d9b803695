import Diagnostics
import Files
import Foundation
import Proof
import SystemPackage

/// Codes of certificates that a command with `--new` has come to, in a file of `.canting-cache`.
struct CodeList {
  private let path: String
  private let root: FilePath

  init(_ name: String, root: FilePath) {
    path = ".canting-cache/\(name)"
    self.root = root
  }

  func read() throws(MachineFailure) -> [CertificateCode] {
    let bytes = try SourceFile.readBytes(root.appending(path), displayPath: path) ?? []
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap {
      CertificateCode(hex: $0)
    }
  }

  func write(_ codes: [CertificateCode]) throws(MachineFailure) {
    do {
      try FileManager.default.createDirectory(
        atPath: root.appending(".canting-cache").string, withIntermediateDirectories: true)
      try Data(codes.map { "\($0)\n" }.joined().utf8).write(
        to: URL(fileURLWithPath: root.appending(path).string), options: .atomic)
    } catch {
      throw MachineFailure("write \(path)", reason: error.localizedDescription)
    }
  }
}
