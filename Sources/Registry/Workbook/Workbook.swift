import Diagnostics
import Files
import SystemPackage

/// An Excel workbook (ECMA-376, `.xlsx`), of which sheets are read as a stream.
final class Workbook {
  struct Sheet {
    let name: String
    /// Where it lies in the archive.
    let part: String
    let isHidden: Bool
  }

  /// How a cell's number is shown, as far as that matters.
  enum NumberFormat: Equatable {
    case plain
    case date
    /// With zeros in front, up to so many digits.
    case padded(Int)
    /// With other signs, rounded, or as a share.
    case other
  }

  /// The most that parts may have unpacked, in bytes.
  enum Limit {
    static let sheet = 2 << 30
    static let strings = 512 << 20
    static let other = 16 << 20
  }

  private let archive: ZipArchive
  let sheets: [Sheet]
  /// Whether days are counted from 1904, as old programs on the Macintosh did.
  let countsFrom1904: Bool
  private let formats: [NumberFormat]
  private let stringsPart: String?

  /// Reads what the workbook is made of; no sheet yet.
  ///
  /// - Throws: `MachineFailure` when the file cannot be read, `ZipArchive.Problem` when it is no workbook.
  static func open(
    _ file: FilePath, displayPath path: String, limit: Int
  ) throws -> Workbook {
    // It is closed with the archive.
    let descriptor = try InputFile.descriptor(file, displayPath: path, limit: limit)
    return try Workbook(ZipArchive(descriptor))
  }

  private init(_ archive: ZipArchive) throws(ZipArchive.Problem) {
    let root = try Relations.read("_rels/.rels", of: archive, folder: "")
    if root == nil, archive.has("content.xml") || archive.has("mimetype") {
      throw ZipArchive.Problem(reason: "is an OpenDocument file: save it as Excel workbook (.xlsx)")
    }
    guard let main = root?.first(ofType: "/officeDocument") else {
      throw ZipArchive.Problem(reason: "is no workbook: save it as Excel workbook (.xlsx)")
    }
    if main.hasSuffix(".bin") {
      throw ZipArchive.Problem(
        reason: "is a binary workbook (.xlsb): save it as Excel workbook (.xlsx)")
    }
    let folder = main.split(separator: "/").dropLast().joined(separator: "/")
    let name = main.split(separator: "/").last.map(String.init) ?? main
    let relations = try Relations.read("\(folder)/_rels/\(name).rels", of: archive, folder: folder)
    let contents = WorkbookPart()
    guard let relations, try contents.read(main, of: archive) else {
      throw ZipArchive.Problem(reason: "is no workbook: save it as Excel workbook (.xlsx)")
    }
    self.archive = archive
    countsFrom1904 = contents.countsFrom1904
    sheets = contents.sheets.compactMap { sheet in
      relations.target(sheet.relation).map {
        Sheet(name: sheet.name, part: $0, isHidden: sheet.isHidden)
      }
    }
    stringsPart = relations.first(ofType: "/sharedStrings")
    let styles = StylesPart()
    if let part = relations.first(ofType: "/styles") { _ = try styles.read(part, of: archive) }
    formats = styles.formats
  }

  func format(ofStyle style: Int) -> NumberFormat {
    formats.indices.contains(style) ? formats[style] : .plain
  }

  func part(_ sheet: Sheet) throws(ZipArchive.Problem) -> ZipPart {
    if let part = try archive.part(sheet.part, limit: Limit.sheet) { return part }
    throw ZipArchive.Problem(reason: "has no part for its sheet \(sheet.name)")
  }

  /// Some of the texts that cells share, by their numbers.
  func sharedStrings(_ wanted: Set<Int>) throws(ZipArchive.Problem) -> SharedStrings {
    let strings = SharedStrings(wanted)
    guard let last = wanted.max() else { return strings }
    guard let stringsPart, let part = try archive.part(stringsPart, limit: Limit.strings) else {
      throw ZipArchive.Problem(reason: "has cells whose texts are missing")
    }
    try strings.read(part, upTo: last)
    return strings
  }
}

/// Parts that lead to other parts.
private final class Relations: XMLVisitor {
  private var targets: [String: (type: String, path: String)] = [:]
  private var order: [String] = []
  private let folder: String

  private init(folder: String) {
    self.folder = folder
  }

  /// Nil where there is no such part.
  static func read(
    _ name: String, of archive: ZipArchive, folder: String
  ) throws(ZipArchive.Problem) -> Relations? {
    let relations = Relations(folder: folder)
    let name = name.hasPrefix("/") ? String(name.dropFirst()) : name
    guard let part = try archive.part(name, limit: Workbook.Limit.other) else { return nil }
    guard let xml = XMLPart(part, relations) else { return nil }
    while try xml.next() {}
    return relations
  }

  func start(_ name: XMLName, _ attributes: XMLAttributes) {
    guard name == "Relationship", let id = attributes.string("Id"),
      let type = attributes.string("Type"), let target = attributes.string("Target")
    else { return }
    targets[id] = (type, path(target))
    order.append(id)
  }

  func end(_ name: XMLName) -> Bool { false }
  func text(_ bytes: UnsafeRawBufferPointer) {}

  /// A target as the archive names it.
  private func path(_ target: String) -> String {
    if target.hasPrefix("/") { return String(target.dropFirst()) }
    var parts = folder.split(separator: "/").map(String.init)
    for part in target.split(separator: "/") {
      if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(String(part)) }
    }
    return parts.joined(separator: "/")
  }

  func target(_ id: String) -> String? { targets[id]?.path }

  func first(ofType ending: String) -> String? {
    order.lazy.compactMap { self.targets[$0] }.first { $0.type.hasSuffix(ending) }?.path
  }
}

/// The workbook's own part: its sheets in order.
private final class WorkbookPart: XMLVisitor {
  private(set) var sheets: [(name: String, relation: String, isHidden: Bool)] = []
  private(set) var countsFrom1904 = false

  func read(_ name: String, of archive: ZipArchive) throws(ZipArchive.Problem) -> Bool {
    guard let part = try archive.part(name, limit: Workbook.Limit.other),
      let xml = XMLPart(part, self)
    else { return false }
    while try xml.next() {}
    return true
  }

  func start(_ name: XMLName, _ attributes: XMLAttributes) {
    if name == "workbookPr" { countsFrom1904 = attributes.isTrue("date1904") }
    guard name == "sheet", let title = attributes.string("name"),
      let relation = attributes.string("id")
    else { return }
    let state = attributes.string("state") ?? "visible"
    sheets.append((title, relation, state != "visible"))
  }

  func end(_ name: XMLName) -> Bool { false }
  func text(_ bytes: UnsafeRawBufferPointer) {}
}

/// The part of styles: which of them show numbers as days.
private final class StylesPart: XMLVisitor {
  private(set) var formats: [Workbook.NumberFormat] = []
  private var codes: [Int: String] = [:]
  private var isInCells = false

  func read(_ name: String, of archive: ZipArchive) throws(ZipArchive.Problem) -> Bool {
    guard let part = try archive.part(name, limit: Workbook.Limit.other),
      let xml = XMLPart(part, self)
    else { return false }
    while try xml.next() {}
    return true
  }

  func start(_ name: XMLName, _ attributes: XMLAttributes) {
    if name == "numFmt", let id = attributes.string("numFmtId").flatMap({ Int($0) }),
      let code = attributes.string("formatCode")
    {
      codes[id] = code
    } else if name == "cellXfs" {
      isInCells = true
    } else if isInCells, name == "xf" {
      let id = attributes.string("numFmtId").flatMap { Int($0) } ?? 0
      formats.append(codes[id].map(Self.format) ?? Self.builtIn(id))
    }
  }

  func end(_ name: XMLName) -> Bool {
    if name == "cellXfs" { isInCells = false }
    return false
  }

  func text(_ bytes: UnsafeRawBufferPointer) {}

  /// ECMA-376 part 1, 18.8.30: days, and times with days; 27 to 36 and 50 to 58 are days in some languages.
  private static func builtIn(_ id: Int) -> Workbook.NumberFormat {
    if [14...17, 22...22, 27...36, 50...58].contains(where: { $0.contains(id) }) { return .date }
    return [0, 1, 49].contains(id) ? .plain : .other
  }

  /// Whether a format of the workbook's own shows a day: it has a year or a day in it, outside quotes.
  private static func format(_ code: String) -> Workbook.NumberFormat {
    let bare = code.replacing(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/, with: "").lowercased()
    let first = bare.split(separator: ";").first.map(String.init) ?? bare
    let hasOwnSigns = code.contains("\"") || code.contains("\\")
    if first.allSatisfy({ $0 == "0" }), first.count > 1, !hasOwnSigns {
      return .padded(first.count)
    }
    if ["general", "@", "0", "", "#"].contains(first), !hasOwnSigns { return .plain }
    let isDate =
      !first.contains("general")
      && first.contains { $0 == "y" || $0 == "d" || $0 == "e" && first.contains("m") }
    return isDate ? .date : .other
  }
}
