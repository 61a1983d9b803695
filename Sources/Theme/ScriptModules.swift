package import Diagnostics
package import Files

/// A script that people wrote in modules: the files of a folder that is named like the script, as in
/// `templates/assets/certificate/certificate.js/`.
///
/// Each module can be read, and loaded by a browser, on its own. The site has them as one file, so
/// that a page needs one request: each stands behind the modules that it imports from, without its
/// lines of import. Whatever a module exports, the script exports.
package struct ScriptModules {
  /// The folder, as diagnostics show it.
  private let path: String
  /// By name, as in `tree.js`.
  private let modules: [String: Module]

  package init(path: String, files: [SourceFile]) {
    self.path = path
    modules = Dictionary(
      files.map { file in
        let module = Module(file)
        return (module.name, module)
      }, uniquingKeysWith: { first, _ in first })
  }

  /// The modules as one script without indentation and lines of comment.
  ///
  /// - Returns: nil when they cannot be joined; why is then among the findings.
  package func joined(findings: inout Findings) -> [UInt8]? {
    let before = findings.errorCount
    for module in modules.values.sorted(by: { $0.name < $1.name }) {
      check(module, findings: &findings)
    }
    checkNames(findings: &findings)
    guard findings.errorCount == before, let order = order(findings: &findings) else { return nil }
    return order.flatMap { Script(Array($0.code.utf8)).published }
  }

  // MARK: Checks

  private func check(_ module: Module, findings: inout Findings) {
    for line in module.strangers {
      findings.add(
        module.finding(
          "malformed-module", line,
          "A module imports in one line, import { a, b } from \"./tree.js\"; and exports at a"
            + " declaration, export const a = 1;",
          "write it so: modules are joined line by line"))
    }
    for imported in module.imports {
      guard let other = modules[imported.module] else {
        let meant = suggestion(for: imported.module, among: modules.keys.sorted())
        findings.add(
          module.finding(
            "missing-module", imported.line,
            "A module imports from modules of its folder, and \(path)/ has no \(imported.module)",
            meant.map { "did you mean `\($0)`?" } ?? "add the module, or remove the import"))
        continue
      }
      for name in imported.names where !other.exports.contains(name) {
        let meant = suggestion(for: name, among: other.exports.sorted())
        findings.add(
          module.finding(
            "missing-module", imported.line,
            "A module imports what another exports, and \(other.name) does not export `\(name)`",
            meant.map { "did you mean `\($0)`?" } ?? "export it there, or remove it here"))
      }
    }
  }

  /// Joined modules share their names.
  private func checkNames(findings: inout Findings) {
    var known: [String: Module] = [:]
    for module in modules.values.sorted(by: { $0.name < $1.name }) {
      for declared in module.declarations {
        if let other = known[declared.name], other.name != module.name {
          findings.add(
            module.finding(
              "duplicate-name", declared.line,
              "Modules of one script share their names, and \(other.name) declares"
                + " `\(declared.name)` too",
              "give one of them another name, or import it"))
        }
        known[declared.name] = known[declared.name] ?? module
      }
    }
  }

  /// The modules, each behind those it imports from; nil where some import each other in a circle.
  private func order(findings: inout Findings) -> [Module]? {
    var finished: Set<String> = []
    var ordered: [Module] = []
    func visit(_ module: Module, _ way: [String]) -> Bool {
      guard !finished.contains(module.name) else { return true }
      for imported in module.imports {
        guard let next = modules[imported.module] else { continue }
        let whole = way + [module.name]
        if let start = whole.firstIndex(of: next.name) {
          findings.add(
            module.finding(
              "asset-circle", imported.line,
              "Modules do not import each other in a circle: "
                + (whole[start...] + [next.name]).joined(separator: " → "),
              "move what both need into a module that imports neither"))
          return false
        }
        if !visit(next, whole) { return false }
      }
      finished.insert(module.name)
      ordered.append(module)
      return true
    }
    for module in modules.values.sorted(by: { $0.name < $1.name }) {
      guard visit(module, []) else { return nil }
    }
    return ordered
  }
}

// MARK: One module

extension ScriptModules {
  /// A module, read line by line: its declarations, imports and exports begin at the start of a line.
  private struct Module {
    struct Import {
      let line: Int
      let names: [String]
      let module: String
    }

    private let file: SourceFile
    let name: String
    let imports: [Import]
    let declarations: [(name: String, line: Int)]
    let exports: Set<String>
    /// Lines that import or export in another way.
    let strangers: [Int]
    /// The module without its lines of import.
    let code: String

    init(_ file: SourceFile) {
      self.file = file
      name = String(file.path.split(separator: "/").last ?? "")
      var imports: [Import] = []
      var declarations: [(String, Int)] = []
      var exports: Set<String> = []
      var strangers: [Int] = []
      var code: [Substring] = []
      let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
      for (index, line) in lines.enumerated() {
        let isImport = line.utf8.starts(with: "import".utf8)
        if isImport, let match = line.wholeMatch(of: /import \{ (.+) \} from "\.\/([^"\/]+)";/) {
          let names = match.1.split(separator: ",").map { String($0.drop { $0 == " " }) }
          imports.append(Import(line: index + 1, names: names, module: String(match.2)))
          if names.contains(where: { $0.contains(" ") }) { strangers.append(index + 1) }
          continue
        }
        code.append(line)
        let names = Self.declared(in: line)
        declarations += names.map { ($0, index + 1) }
        if line.hasPrefix("export ") {
          exports.formUnion(names)
          if names.isEmpty { strangers.append(index + 1) }
        } else if isImport, line.prefixMatch(of: /import\b *[^( .]/) != nil {
          strangers.append(index + 1)
        }
      }
      self.imports = imports
      self.declarations = declarations
      self.exports = exports
      self.strangers = strangers
      self.code = code.joined(separator: "\n")
    }

    func finding(
      _ id: DiagnosticID, _ line: Int, _ message: String, _ hint: String
    ) -> Diagnostic {
      file.diagnostic(id, line: line, message: message, hint: hint)
    }

    /// What a line declares, also as `const { a, b: c } = d;`.
    private static func declared(in line: Substring) -> [String] {
      // Most lines are indented, and an expression takes a hundred times as long to say so.
      guard let letter = line.utf8.first, ("a"..."z").contains(Unicode.Scalar(letter)) else {
        return []
      }
      let keyword = /(?:export )?(?:async )?(?:function\*?|class|const|let|var) +/
      guard let start = line.prefixMatch(of: keyword) else { return [] }
      let rest = line[start.range.upperBound...]
      guard let first = rest.first, "{[".contains(first) else {
        return rest.prefixMatch(of: /[\w$]+/).map { [String($0.output)] } ?? []
      }
      let pattern = rest.prefix { $0 != "}" && $0 != "]" }.dropFirst()
      return pattern.split(separator: ",").compactMap { part in
        let target = part.split(separator: ":").last ?? part
        return target.firstMatch(of: /[\w$]+/).map { String($0.output) }
      }
    }
  }
}
