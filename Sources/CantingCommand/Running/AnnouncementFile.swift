import Content
import Diagnostics
import Files
import Foundation
import Input
import SystemPackage

/// The file of an announcement that is about to be written: a draft with its settings filled in as far as
/// anybody can know them.
struct AnnouncementFile {
  /// Relative to the project.
  let path: String
  private let text: String

  /// - Parameters:
  ///   - tags: with commas between them.
  ///   - slug: the words of the address; nil for the title's.
  /// - Returns: nil where no letter can stand in an address.
  init?(
    title: String, language: String, tags: String = "", slug: String? = nil, on day: CalendarDate
  ) {
    let words = Self.shortened(slugText(slug ?? title))
    guard !words.isEmpty else { return nil }
    path = "content/news/\(day)-\(words).\(language).md"
    let labels = tags.split(separator: ",").map {
      Self.quoted($0.trimmingCharacters(in: .whitespaces))
    }
    text = """
      ---
      title: \(Self.quoted(title))
      date: \(day)
      draft: true
      summary:
      tags: [\(labels.joined(separator: ", "))]
      ---


      """
  }

  /// Writes the file where there is none of its name.
  ///
  /// - Returns: whether it was written.
  /// - Throws: `MachineFailure`.
  func write(root: FilePath) throws(MachineFailure) -> Bool {
    let file = root.appending(path)
    if try SourceFile.exists(file, displayPath: path) { return false }
    do {
      try FileManager.default.createDirectory(
        atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
      try Data(text.utf8).write(
        to: URL(fileURLWithPath: file.string), options: .withoutOverwriting)
    } catch {
      throw MachineFailure("write \(path)", reason: error.localizedDescription)
    }
    return true
  }

  /// A YAML scalar that says the text whatever is in it.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.properties.generalCategory == .control: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// At most sixty letters, cut between words.
  private static func shortened(_ slug: String) -> String {
    guard slug.count > 60 else { return slug }
    let start = slug.prefix(61)
    let cut = start.lastIndex(of: "-") ?? start.endIndex
    return String(start[..<cut].prefix(60))
  }
}
