import Content
import Crypto
import Diagnostics
import Files
import Foundation
package import Layout
import SystemPackage

/// The theme's style sheets, scripts and pictures, at addresses that change with their content; but for those
/// of certificates' pages (`CertificateAssets`), whose addresses stay.
package struct Assets: Sendable {
  package struct Asset: Sendable {
    package let path: OutputPath
    package let bytes: [UInt8]

    package init(named name: String, bytes: [UInt8]) {
      path = OutputPath("assets/\(Assets.publishedName(name, bytes))")
      self.bytes = bytes
    }

    package var address: String { "/\(path.text)" }
  }

  package let all: [Asset]
  /// Addresses by key: the file's name with every character but letters and digits made `_`.
  package let addresses: [String: String]
  /// The assets by name, and what each of them refers to.
  package let references: [String: Set<String>]
  /// By name, where the theme has each of them.
  package let paths: [String: String]

  /// Reads the assets of a theme; references between them are rewritten to hashed names.
  ///
  /// A folder that is named like a script holds its modules (`ScriptModules`); all others are for
  /// people alone, since every asset lies in one folder of the site.
  ///
  /// - Parameter words: the module that scripts import as `site-words.js`.
  static func load(
    _ files: [ThemeFiles.File], words: SourceFile, findings: inout Findings
  ) throws(MachineFailure) -> Assets {
    var sources: [String: [UInt8]] = [:]
    var paths: [String: String] = [:]
    var scripts: [String: [SourceFile]] = [:]
    func add(_ path: String, _ bytes: [UInt8], findings: inout Findings) {
      let name = String(path.split(separator: "/").last ?? "")
      if let other = paths[name] {
        findings.add(ThemeFiles.duplicate("duplicate-asset", path, of: other))
      } else {
        (sources[name], paths[name]) = (bytes, path)
      }
    }
    for file in files {
      if let folder = scriptFolder(of: file.path) {
        guard file.path == "\(folder)/\(file.name)", file.name.hasSuffix(".js") else {
          findings.add(
            Diagnostic(
              "malformed-module", at: SourceLocation(path: file.path),
              message: "A folder that is named like a script holds its modules and nothing else",
              hint: "move the file out of \(folder)/, or name it as in tree.js"))
          continue
        }
        let module = try SourceFile.read(file.place, displayPath: file.path, findings: &findings)
        if let module { scripts[folder, default: []].append(module) }
        continue
      }
      let limit = InputFile.Limit.media
      guard
        try InputFile.isFit(file.place, displayPath: file.path, limit: limit, findings: &findings),
        let bytes = try SourceFile.readBytes(file.place, displayPath: file.path, limit: limit)
      else { continue }
      let isScript = file.name.hasSuffix(".js")
      add(file.path, isScript ? Script(bytes).published : bytes, findings: &findings)
    }
    for (path, modules) in scripts.sorted(by: { $0.key < $1.key }) {
      let script = ScriptModules(path: path, files: modules + [words]).joined(findings: &findings)
      if let script { add(path, script, findings: &findings) }
    }
    StyleSheets(paths: paths).join(&sources, findings: &findings)
    for (name, bytes) in sources.sorted(by: { $0.key < $1.key }) where SVGPicture.isNamed(name) {
      findings.add(contentsOf: SVGPicture(bytes, path: paths[name] ?? name).findings)
    }
    let references = sources.reduce(into: [:]) { all, source in
      all[source.key] = Self.references(in: source.value, of: source.key)
    }
    var pending = sources.keys.sorted()
    var named: [String: String] = [:]
    var assets: [Asset] = []
    // An asset can be named once everything it refers to is; a round without progress is a circle.
    while !pending.isEmpty {
      let ready = pending.filter { name in
        !(references[name] ?? []).contains { $0.name != name && pending.contains($0.name) }
      }
      guard !ready.isEmpty else {
        findings.add(
          Diagnostic(
            "asset-circle", at: SourceLocation(path: paths[pending[0]] ?? "templates/assets"),
            message: "Assets do not refer to each other in a circle",
            hint: "look at \(pending.joined(separator: ", "))"))
        break
      }
      for name in ready {
        let bytes = rewritten(sources[name] ?? [], references[name] ?? [], names: named)
        named[name] = publishedName(name, bytes)
        assets.append(Asset(named: name, bytes: bytes))
      }
      pending.removeAll { ready.contains($0) }
    }
    return Assets(
      all: assets.sorted { $0.path < $1.path },
      addresses: Dictionary(
        named.map { (key(of: $0.key), "/assets/\($0.value)") },
        uniquingKeysWith: { first, _ in first
        }),
      references: references.mapValues { Set($0.map(\.name)) }, paths: paths)
  }

  /// The folder with a script's modules that a file is in, as in
  /// `templates/assets/certificate/certificate.js`.
  private static func scriptFolder(of path: String) -> String? {
    let parts = path.split(separator: "/")
    guard let place = parts.dropLast().firstIndex(where: { $0.hasSuffix(".js") }) else {
      return nil
    }
    return parts[...place].joined(separator: "/")
  }

  /// An asset whose path is there already has the same bytes, of which its name holds a hash.
  func adding(_ others: [Asset]) -> Assets {
    let known = Set(all.map(\.path))
    return Assets(
      all: (all + others.filter { !known.contains($0.path) }).sorted { $0.path < $1.path },
      addresses: addresses, references: references, paths: paths)
  }

  /// The files that the named ones lead to, themselves included.
  package func reachable(from keys: Set<String>) -> Set<String> {
    var found: Set<String> = []
    var pending = references.keys.filter { keys.contains(Self.key(of: $0)) }
    while let name = pending.popLast() {
      guard references[name] != nil, found.insert(name).inserted else { continue }
      pending += references[name] ?? []
    }
    return found
  }

  private static func key(of name: String) -> String {
    String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  }

  fileprivate static func publishedName(_ name: String, _ bytes: [UInt8]) -> String {
    if CertificateAssets.isOne(name) { return name }
    let digest = SHA256.hash(data: bytes).prefix(5).map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0\(text)" : text
    }.joined()
    guard let dot = name.lastIndex(of: ".") else { return "\(name).\(digest)" }
    return "\(name[..<dot]).\(digest)\(name[dot...])"
  }

  /// Where one asset names others: `url("kawung.svg")` in CSS, `"./code.js"` in JavaScript.
  private static func references(
    in bytes: [UInt8], of file: String
  ) -> [(place: Range<Int>, name: String)] {
    let kinds: [(text: String, end: String)] =
      if file.hasSuffix(".css") {
        [("url(\"", "\""), ("url('", "'"), ("url(", ")")]
      } else if file.hasSuffix(".js") {
        [("\"./", "\""), ("'./", "'")]
      } else {
        []
      }
    let openings = kinds.map { (text: Array($0.text.utf8), end: Array($0.end.utf8)[0]) }
    var found: [(Range<Int>, String)] = []
    var index = 0
    while index < bytes.count {
      // Most bytes are not the first of an opening.
      let opening = openings.first {
        $0.text[0] == bytes[index] && bytes[index...].starts(with: $0.text)
      }
      guard let opening else {
        index += 1
        continue
      }
      index += opening.text.count
      guard let end = bytes[index...].firstIndex(of: opening.end) else { break }
      found.append((index..<end, String(decoding: bytes[index..<end], as: UTF8.self)))
      index = end
    }
    return found
  }

  private static func rewritten(
    _ bytes: [UInt8], _ references: [(place: Range<Int>, name: String)], names: [String: String]
  ) -> [UInt8] {
    var result = bytes
    for reference in references.reversed() {
      guard let hashed = names[reference.name] else { continue }
      result.replaceSubrange(reference.place, with: hashed.utf8)
    }
    return result
  }
}
