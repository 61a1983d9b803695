import Crypto
import Diagnostics
import Foundation
import SystemPackage

/// The theme's style sheets, scripts and pictures, at addresses that change with their content.
struct Assets: Sendable {
  struct Asset: Sendable {
    let path: OutputPath
    let bytes: [UInt8]

    init(named name: String, bytes: [UInt8]) {
      path = OutputPath("assets/\(Assets.hashedName(name, bytes))")
      self.bytes = bytes
    }

    var address: String { "/\(path.text)" }
  }

  let all: [Asset]
  /// Addresses by key: the file's name with every character but letters and digits made `_`.
  let addresses: [String: String]

  /// Reads every file of the folder; references between them are rewritten to hashed names.
  static func load(
    _ folder: FilePath, findings: inout Findings
  ) throws(MachineFailure) -> Assets {
    var sources: [String: [UInt8]] = [:]
    do {
      if FileManager.default.fileExists(atPath: folder.string) {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.string)
        where !name.hasPrefix(".") {
          sources[name] = try SourceFile.readBytes(
            folder.appending(name), shownAs: "templates/assets/\(name)")
        }
      }
    } catch {
      throw error as? MachineFailure
        ?? MachineFailure("read templates/assets", reason: error.localizedDescription)
    }
    var pending = sources.keys.sorted()
    var named: [String: String] = [:]
    var assets: [Asset] = []
    // An asset can be named once everything it refers to is; a round without progress is a circle.
    while !pending.isEmpty {
      let ready = pending.filter { name in
        references(in: sources[name] ?? [], of: name, among: pending).isEmpty
      }
      guard !ready.isEmpty else {
        findings.add(
          Diagnostic(
            "asset-circle", at: SourceLocation(path: "templates/assets/\(pending[0])"),
            message: "Assets do not refer to each other in a circle",
            hint: "look at \(pending.joined(separator: ", "))"))
        break
      }
      for name in ready {
        let bytes = rewritten(sources[name] ?? [], of: name, names: named)
        named[name] = hashedName(name, bytes)
        assets.append(Asset(named: name, bytes: bytes))
      }
      pending.removeAll { ready.contains($0) }
    }
    return Assets(
      all: assets.sorted { $0.path < $1.path },
      addresses: Dictionary(
        named.map { (key(of: $0.key), "/assets/\($0.value)") },
        uniquingKeysWith: { first, _ in first
        }))
  }

  func adding(_ others: [Asset]) -> Assets {
    Assets(all: (all + others).sorted { $0.path < $1.path }, addresses: addresses)
  }

  private static func key(of name: String) -> String {
    String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  }

  fileprivate static func hashedName(_ name: String, _ bytes: [UInt8]) -> String {
    let digest = SHA256.hash(data: bytes).prefix(5).map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0\(text)" : text
    }.joined()
    guard let dot = name.lastIndex(of: ".") else { return "\(name).\(digest)" }
    return "\(name[..<dot]).\(digest)\(name[dot...])"
  }

  /// How one asset names another: `url("kawung.svg")` in CSS, `"./code.js"` in JavaScript.
  private static func forms(of name: String, in file: String) -> [(String, (String) -> String)] {
    if file.hasSuffix(".css") {
      return [
        ("url(\"\(name)\")", { "url(\"\($0)\")" }), ("url('\(name)')", { "url('\($0)')" }),
        ("url(\(name))", { "url(\($0))" }),
      ]
    }
    if file.hasSuffix(".js") {
      return [("\"./\(name)\"", { "\"./\($0)\"" }), ("'./\(name)'", { "'./\($0)'" })]
    }
    return []
  }

  private static func references(
    in bytes: [UInt8], of file: String, among names: [String]
  ) -> [String] {
    guard file.hasSuffix(".css") || file.hasSuffix(".js") else { return [] }
    let text = String(decoding: bytes, as: UTF8.self)
    return names.filter { name in
      name != file && forms(of: name, in: file).contains { text.contains($0.0) }
    }
  }

  private static func rewritten(
    _ bytes: [UInt8], of file: String, names: [String: String]
  ) -> [UInt8] {
    guard file.hasSuffix(".css") || file.hasSuffix(".js") else { return bytes }
    var text = String(decoding: bytes, as: UTF8.self)
    for (name, hashed) in names.sorted(by: { $0.key < $1.key }) {
      for (form, replacement) in forms(of: name, in: file) {
        text = text.replacingOccurrences(of: form, with: replacement(hashed))
      }
    }
    return Array(text.utf8)
  }
}
