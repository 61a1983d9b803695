import Diagnostics
import Files
import Foundation
import Pages
import SystemPackage

/// Writes printed pages as files: sheets of labels, and certificates.
enum PrintFiles {
  /// Draws a page when it is wanted: those of a registry need more room than there may be.
  typealias Page = () throws -> String

  /// Writes one SVG file a page into a folder that is new or empty.
  ///
  /// - Parameter name: what the files are called, before their number.
  static func writeFolder(
    _ pages: some Collection<Page>, named name: String, at folder: FilePath,
    displayPath path: String
  ) throws(MachineFailure) {
    do {
      try FileManager.default.createDirectory(
        atPath: folder.string, withIntermediateDirectories: true)
      guard try FileManager.default.contentsOfDirectory(atPath: folder.string).isEmpty else {
        throw MachineFailure("write \(path)", reason: "the folder is not empty")
      }
      for (index, page) in pages.enumerated() {
        let digits = String(index + 1)
        let number = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        try write(page(), to: folder.appending("\(name)-\(number).svg"))
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
      try inTemporaryFolder { folder in
        let made = folder.appending("labels.pdf")
        try convert(pages, in: folder, to: made)
        try write(Data(contentsOf: URL(filePath: made.string)), to: file)
      }
    } catch {
      throw failure(error, path)
    }
  }

  /// Calls `work` with a folder that nobody else may enter and that is removed in the end: what is printed leads
  /// to certificates' pages.
  static func inTemporaryFolder(_ work: (FilePath) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "canting-print-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer {
      do {
        try FileManager.default.removeItem(at: folder)
      } catch {
        Terminal.standardError("canting: remove \(folder.path) by hand; it holds printed pages")
      }
    }
    try work(FilePath(folder.path))
  }

  /// Makes a PDF of some pages, and leaves nothing else in the folder.
  static func convert(
    _ pages: some Collection<Page>, in folder: FilePath, to file: FilePath
  ) throws {
    let environment = ProcessInfo.processInfo.environment
    guard let converter = ExternalProgram("rsvg-convert", environment: environment) else {
      throw MachineFailure(
        "make the PDF",
        reason: "rsvg-convert is missing; install librsvg2-bin (brew: librsvg), or leave out --pdf")
    }
    let sheets = folder.appending("sheets")
    try writeFolder(pages, named: "sheet", at: sheets, displayPath: sheets.string)
    let names = try FileManager.default.contentsOfDirectory(atPath: sheets.string)
    // Shorter names are of lower numbers, since all have four digits or more.
    let files = names.sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
    let outcome = try converter.run(
      ["--format", "pdf", "--output", file.string, "--"]
        + files.map { sheets.appending($0).string },
      environment: environment)
    guard outcome.status == 0 else {
      throw MachineFailure(
        "make the PDF", reason: "rsvg-convert failed: " + visible(outcome.errors))
    }
    try FileManager.default.removeItem(atPath: sheets.string)
  }

  private static func write(_ text: String, to file: FilePath) throws {
    try write(Data(text.utf8), to: file)
  }

  /// What is printed leads to certificates' pages: only their owner may read the file.
  static func write(_ data: Data, to file: FilePath) throws {
    try data.write(to: URL(filePath: file.string), options: .atomic)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.string)
  }

  /// What stood in the way of writing a file that the user named.
  static func failure(_ error: any Error, _ path: String) -> MachineFailure {
    error as? MachineFailure
      ?? MachineFailure("write \(path)", reason: error.localizedDescription)
  }
}
