import Diagnostics
import Files
import Foundation
import SystemPackage

/// A PDF of many pages with a title, a language and an outline.
///
/// librsvg's converter makes a part of it at a time, so that neither pages nor parts fill the memory; qpdf puts
/// the parts together, and writes what no converter of SVG knows: how a reader finds a person among hundreds.
struct PrintedDocument {
  /// A line of the outline.
  struct Entry {
    let title: String
    /// Counted from 0.
    let page: Int
  }

  let title: String
  let language: String
  let outline: [Entry]
  let pages: [PrintFiles.Page]

  /// How many pages are drawn before they become a part.
  private static let pagesPerPart = 200

  /// - Throws: `MachineFailure` when a program is missing or fails; what drawing a page throws.
  func write(to file: FilePath, displayPath path: String) throws {
    let environment = ProcessInfo.processInfo.environment
    guard let qpdf = ExternalProgram("qpdf", environment: environment) else {
      throw MachineFailure(
        "make the PDF", reason: "qpdf is missing; install qpdf (brew: qpdf), or leave out --pdf")
    }
    func run(_ arguments: [String]) throws -> [UInt8] {
      let outcome = try qpdf.run(arguments, environment: environment)
      // 3: it did what was asked, with a warning.
      guard outcome.status == 0 || outcome.status == 3 else {
        throw MachineFailure("make the PDF", reason: "qpdf failed: " + visible(outcome.errors))
      }
      return outcome.output
    }
    try PrintFiles.inTemporaryFolder { folder in
      var parts: [String] = []
      for start in stride(from: 0, to: pages.count, by: Self.pagesPerPart) {
        let part = folder.appending("part-\(parts.count).pdf")
        let slice = pages[start..<min(start + Self.pagesPerPart, pages.count)]
        try PrintFiles.convert(slice, in: folder, to: part)
        parts.append(part.string)
      }
      let merged = folder.appending("merged.pdf").string
      _ = try run(["--empty", "--deterministic-id", "--pages"] + parts + ["--", merged])
      func ask(_ object: String) throws -> PDFValue {
        let keys = ["--json=2", "--json-key=pages", "--json-key=qpdf", "--json-object=\(object)"]
        return try JSONDecoder().decode(PDFValue.self, from: Data(run(keys + [merged])))
      }
      let whole = try ask("trailer")
      guard let root = whole["qpdf"]?[1]?["trailer"]?["value"]?["/Root"]?.text,
        let number = root.split(separator: " ").first,
        let catalog = try ask(String(number))["qpdf"]?[1]?["obj:\(root)"]?["value"]?.members
      else { throw Self.unreadable }
      let changes = folder.appending("changes.json").string
      try JSONEncoder().encode(update(of: whole, root: root, catalog: catalog)).write(
        to: URL(filePath: changes))
      let finished = folder.appending("finished.pdf").string
      _ = try run(
        [
          "--deterministic-id", "--object-streams=generate", "--update-from-json=\(changes)",
          merged, finished,
        ])
      do {
        let bytes = try Data(contentsOf: URL(filePath: finished), options: .mappedIfSafe)
        try PrintFiles.write(bytes, to: file)
      } catch {
        throw PrintFiles.failure(error, path)
      }
    }
  }

  // MARK: What is added

  private static let unreadable = MachineFailure(
    "make the PDF", reason: "qpdf says of its pages what this program cannot read")

  /// Objects that stand in place of the catalog and beside all others (ISO 32000-1, 7.7.2 and 12.3.3), in the
  /// form of `qpdf --json=2` (qpdf manual, "qpdf JSON Format").
  ///
  /// - Parameters:
  ///   - whole: what qpdf says of the pages.
  ///   - root: the name of the catalog's object.
  private func update(
    of whole: PDFValue, root: String, catalog: [String: PDFValue]
  ) throws -> PDFValue {
    guard let last = whole["qpdf"]?[0]?["maxobjectid"]?.number,
      let pages = whole["pages"]?.values?.compactMap({ $0["object"]?.text }),
      pages.count == self.pages.count
    else { throw Self.unreadable }
    func reference(_ offset: Int) -> String { "\(last + offset) 0 R" }
    func object(_ value: [String: PDFValue]) -> PDFValue {
      .object(["value": .object(value)])
    }
    // Numbers behind the last: information, outline, then its entries.
    let entry = { (index: Int) in reference(index + 3) }
    let described = catalog.merging([
      "/Lang": .text("u:\(language)"), "/PageMode": "/UseOutlines",
      "/Outlines": .text(reference(2)),
      "/ViewerPreferences": .object(["/DisplayDocTitle": .boolean(true)]),
    ]) { $1 }
    let size = last + 3 + outline.count
    var objects: [String: PDFValue] = [
      "obj:\(root)": object(described),
      "obj:\(reference(1))": object(["/Title": .text("u:\(title)"), "/Producer": "u:Canting"]),
      "obj:\(reference(2))": object([
        "/Type": "/Outlines", "/Count": .number(outline.count), "/First": .text(entry(0)),
        "/Last": .text(entry(outline.count - 1)),
      ]),
      "trailer": object([
        "/Root": .text(root), "/Info": .text(reference(1)), "/Size": .number(size),
      ]),
    ]
    for (index, line) in outline.enumerated() {
      var value: [String: PDFValue] = [
        "/Title": .text("u:\(line.title)"), "/Parent": .text(reference(2)),
        "/Dest": .array([.text(pages[line.page]), "/Fit"]),
      ]
      if index > 0 { value["/Prev"] = .text(entry(index - 1)) }
      if index + 1 < outline.count { value["/Next"] = .text(entry(index + 1)) }
      objects["obj:\(entry(index))"] = object(value)
    }
    return .object([
      "qpdf": .array([
        .object([
          "jsonversion": .number(2), "pdfversion": "1.7",
          "maxobjectid": .number(size - 1),
        ]),
        .object(objects),
      ])
    ])
  }

  /// A value as qpdf's JSON has it.
  private enum PDFValue: Codable, ExpressibleByStringLiteral {
    case text(String)
    case number(Int)
    case boolean(Bool)
    case array([PDFValue])
    case object([String: PDFValue])
    case null

    var text: String? { if case .text(let text) = self { text } else { nil } }
    var number: Int? { if case .number(let number) = self { number } else { nil } }
    var values: [PDFValue]? { if case .array(let values) = self { values } else { nil } }
    var members: [String: PDFValue]? {
      if case .object(let members) = self { members } else { nil }
    }

    subscript(name: String) -> PDFValue? { members?[name] }

    subscript(index: Int) -> PDFValue? {
      values.flatMap { $0.indices.contains(index) ? $0[index] : nil }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      // A value is of one kind, and the decoder throws for each other.
      func decoded<Value: Decodable>(_ make: (Value) -> PDFValue) -> PDFValue? {
        do { return make(try container.decode(Value.self)) } catch { return nil }
      }
      self =
        if container.decodeNil() {
          .null
        } else if let value = decoded(PDFValue.text) ?? decoded(PDFValue.boolean)
          ?? decoded(PDFValue.number) ?? decoded(PDFValue.array)
        {
          value
        } else {
          .object(try container.decode([String: PDFValue].self))
        }
    }

    init(stringLiteral text: String) { self = .text(text) }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .text(let text): try container.encode(text)
      case .number(let number): try container.encode(number)
      case .boolean(let boolean): try container.encode(boolean)
      case .array(let values): try container.encode(values)
      case .object(let members): try container.encode(members)
      case .null: try container.encodeNil()
      }
    }
  }
}
