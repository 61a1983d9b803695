import Diagnostics
import Files
import SystemPackage

/// The files of `templates/`, in whatever folders people keep them.
///
/// Folders are for people alone: a tag of a template names a template, and a page an asset, by the
/// name of its file. So a name stands once, whatever folder it is in.
struct ThemeFiles {
  struct File {
    /// As diagnostics show it, as in `templates/news/news-list.mustache`.
    let path: String
    let place: FilePath

    /// The last part of the path.
    var name: String { String(path.split(separator: "/").last ?? "") }
  }

  /// By path.
  let templates: [File]
  /// By path.
  let assets: [File]

  /// Lists a project's folder `templates/`, but for hidden files and what hidden folders hold.
  init(_ folder: FilePath) throws(MachineFailure) {
    let name = "templates"
    let root = folder.removingLastComponent()
    let entries = try FolderWalk.entries(below: name, of: root) { path in
      path.split(separator: "/").last?.hasPrefix(".") ?? false
    }
    let files = entries.filter { $0.kind != .folder }
      .map { File(path: $0.path, place: root.appending($0.path)) }
    assets = files.filter { $0.path.hasPrefix("\(name)/assets/") }
    templates = files.filter {
      $0.path.hasSuffix(".mustache") && !$0.path.hasPrefix("\(name)/assets/")
        && !$0.path.hasPrefix("\(name)/strings/")
    }
  }

  /// The finding that two files have one name.
  static func duplicate(_ id: DiagnosticID, _ path: String, of other: String) -> Diagnostic {
    Diagnostic(
      id, at: SourceLocation(path: path),
      message: "\(other) has the same name, and tags name files without their folders",
      hint: "give one of them another name, or delete it")
  }
}
