import Diagnostics
import Files
import Foundation
import Input
import SystemPackage

/// What a new project begins with: the templates and the standing pages that came with the program.
struct StarterFiles {
  /// Has `templates/` and `content/pages/`.
  let source: FilePath

  /// Beside an installed program they lie in `../share/canting`; else they are those of the sources that it
  /// was compiled from.
  static func find() throws(MachineFailure) -> StarterFiles {
    var places: [FilePath] = []
    if let program = Bundle.main.executableURL?.resolvingSymlinksInPath() {
      let folder = FilePath(program.path).removingLastComponent()
      places.append(folder.removingLastComponent().appending("share/canting"))
    }
    // Sources/CantingCommand/Running/StarterFiles.swift
    var folder = FilePath(#filePath)
    for _ in 0..<4 { folder.removeLastComponent() }
    places.append(folder)
    for place in places where isStarter(place) { return StarterFiles(source: place) }
    throw MachineFailure(
      "find the templates that came with the program",
      reason: "they belong into share/canting beside the folder of the program")
  }

  private static func isStarter(_ folder: FilePath) -> Bool {
    ["templates/strings/en.yml", "content/pages/verify.en.md"].allSatisfy {
      FileManager.default.fileExists(atPath: folder.appending($0).string)
    }
  }

  /// Copies them into a project.
  func copy(to project: FilePath, displayPath path: String) throws(MachineFailure) {
    do {
      let files = FileManager.default
      try files.createDirectory(
        atPath: project.appending("content/news").string, withIntermediateDirectories: true)
      for folder in ["templates", "content/pages"] {
        try files.copyItem(
          atPath: source.appending(folder).string, toPath: project.appending(folder).string)
      }
    } catch {
      throw MachineFailure("write \(path)", reason: error.localizedDescription)
    }
  }
}
