import Diagnostics
import Files
import Foundation
import Pages
import SystemPackage

/// Writes sheets of labels as files.
enum LabelFiles {
  /// Draws a sheet when it is wanted: a registry's labels need more room than there may be.
  typealias Page = () throws -> String

  /// Writes one SVG file a sheet into a folder that is new or empty.
  static func writeFolder(
    _ pages: [Page], at folder: FilePath, displayPath path: String
  ) throws(MachineFailure) {
    do {
      try FileManager.default.createDirectory(
        atPath: folder.string, withIntermediateDirectories: true)
      guard try FileManager.default.contentsOfDirectory(atPath: folder.string).isEmpty else {
        throw MachineFailure("write \(path)", reason: "the folder is not empty")
      }
      for (index, page) in pages.enumerated() {
        let digits = String(index + 1)
        let name = "sheet-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        try write(page(), to: folder.appending("\(name).svg"))
      }
    } catch {
      throw failure(error, path)
    }
  }

  /// Writes one HTML file that prints one sheet a page, without the browser's margins.
  static func writeHTML(
    _ pages: [Page], sheet: LabelSheet, at file: FilePath, displayPath path: String
  ) throws(MachineFailure) {
    let paper = sheet.name.hasPrefix("a3") ? "A3" : "A4"
    let head = """
      <!DOCTYPE html>
      <html lang="en">
      <meta charset="utf-8">
      <title>Labels</title>
      <style>
      @page { size: \(paper); margin: 0 }
      body { margin: 0 }
      svg { display: block }
      body > svg { break-after: page; overflow: hidden }
      </style>

      """
    do {
      try write(head + pages.map { try $0() }.joined(), to: file)
    } catch {
      throw failure(error, path)
    }
  }

  /// Writes one PDF with a page a sheet, by way of SVG files and librsvg's converter.
  static func writePDF(
    _ pages: [Page], at file: FilePath, displayPath path: String
  ) throws(MachineFailure) {
    do {
      let folder = FileManager.default.temporaryDirectory.appending(
        path: "canting-labels-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      // The sheets lead to certificates' pages; nothing of them stays behind.
      defer { removeWhatIsLeft(folder) }
      let sheets = FilePath(folder.path).appending("sheets")
      try writeFolder(pages, at: sheets, displayPath: sheets.string)
      let names = try FileManager.default.contentsOfDirectory(atPath: sheets.string).sorted()
      let made = folder.appending(path: "labels.pdf")
      try convert(names.map { sheets.appending($0).string }, to: made.path)
      try write(Data(contentsOf: made), to: file)
    } catch {
      throw failure(error, path)
    }
  }

  private static func convert(_ sheets: [String], to file: String) throws {
    let environment = ProcessInfo.processInfo.environment
    guard let converter = ExternalProgram("rsvg-convert", environment: environment) else {
      throw MachineFailure(
        "make the PDF",
        reason: "rsvg-convert is missing; install librsvg2-bin (brew: librsvg), or use --html")
    }
    let outcome = try converter.run(
      ["--format", "pdf", "--output", file, "--"] + sheets, environment: environment)
    guard outcome.status == 0 else {
      throw MachineFailure(
        "make the PDF", reason: "rsvg-convert failed: " + visible(outcome.errors))
    }
  }

  private static func removeWhatIsLeft(_ folder: URL) {
    do {
      try FileManager.default.removeItem(at: folder)
    } catch {
      Terminal.standardError("canting: remove \(folder.path) by hand; it holds the labels' sheets")
    }
  }

  private static func write(_ text: String, to file: FilePath) throws {
    try write(Data(text.utf8), to: file)
  }

  /// Labels lead to certificates' pages: only their owner may read the file.
  private static func write(_ data: Data, to file: FilePath) throws {
    try data.write(to: URL(filePath: file.string), options: .atomic)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.string)
  }

  private static func failure(_ error: any Error, _ path: String) -> MachineFailure {
    error as? MachineFailure
      ?? MachineFailure("write \(path)", reason: error.localizedDescription)
  }
}
