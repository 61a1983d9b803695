import Diagnostics
import Input
import Registry

/// The pages and files beside certificates that are made of the registry: the directory of artisans,
/// and the batches. Which there are is decided from the census, before a certificate is read again.
struct RegistryLists: Sendable {
  enum File: Sendable {
    /// What scripts begin with.
    case directoryIndex
    /// A part of the names of a place, or of its groups, for scripts; counted from 0.
    case names(place: Int, part: Int)
    case groups(place: Int, part: Int)
    case province(Int, language: String)
    /// A page of the names of a place; counted from 1.
    case place(Int, page: Int, language: String)
    case batch(Int, language: String)
    case year(Int, page: Int, language: String)
    /// Addresses of the pages above; counted from 0.
    case sitemap(Int)
  }

  let directory: DirectoryLayout
  let batches: BatchList
  let files: [(path: OutputPath, file: File)]
  private(set) var sitemaps: [OutputPath] = []

  init(_ registry: Registry, configuration: SiteConfiguration) {
    let directory = DirectoryLayout(registry)
    let batches = BatchList(registry)
    var files: [(path: OutputPath, file: File)] = [
      (DirectoryData.indexPath, .directoryIndex)
    ]
    for (position, place) in directory.places.enumerated() {
      for part in 0..<place.files {
        files.append(
          (DirectoryData.namesPath(directory, position, part), .names(place: position, part: part)))
      }
      for part in 0..<place.groupFiles {
        files.append(
          (
            DirectoryData.groupsPath(directory, position, part),
            .groups(place: position, part: part)
          ))
      }
    }
    let first = files.count
    for language in configuration.languages {
      func add(_ path: String, _ file: File) {
        files.append((OutputPath(page: configuration.address(path, in: language)), file))
      }
      for (position, province) in directory.provinces.enumerated() {
        add("directory/\(province.slug)/", .province(position, language: language))
      }
      for (position, place) in directory.places.enumerated() {
        for page in 1...place.pages {
          add(
            Self.numbered(directory.folder(of: position), page),
            .place(position, page: page, language: language))
        }
      }
      for position in registry.batches.indices {
        add("batches/\(batches.slugs[position])/", .batch(position, language: language))
      }
      for year in batches.years {
        for page in 1...batches.pages(of: year) {
          add(
            Self.numbered("batches/years/\(year)/", page),
            .year(year, page: page, language: language))
        }
      }
    }
    let pages = files.count - first
    for part in 0..<(pages + Sitemaps.limit - 1) / Sitemaps.limit {
      let path = OutputPath("sitemap-lists-\(part + 1).xml")
      sitemaps.append(path)
      files.append((path, .sitemap(part)))
    }
    self.directory = directory
    self.batches = batches
    self.files = files
  }

  /// The address of a page of a list below its language's root.
  static func numbered(_ folder: String, _ page: Int) -> String {
    page == 1 ? folder : "\(folder)page/\(page)/"
  }

  /// The addresses of one sitemap, as in `/batches/2024-yk-08/`.
  func addresses(ofSitemap part: Int) -> [String] {
    let pages = files.lazy.filter {
      $0.path.bytes.last == UInt8(ascii: "l") && $0.path.bytes.suffix(4).elementsEqual("html".utf8)
    }
    return pages.dropFirst(part * Sitemaps.limit).prefix(Sitemaps.limit).map {
      "/\($0.path.text.dropLast("index.html".count))"
    }
  }
}

/// The batches by their addresses and years.
struct BatchList: Sendable {
  static let batchesPerPage = 100
  /// Names on the page of a batch; the rest is in the directory.
  static let mostNames = 500
  /// Whoever is one of so few could be told by what is said of them all.
  static let fewest = 5

  /// By position in `Registry.batches`.
  let slugs: [String]
  /// Certificates by the registry's schemes, by position in `Registry.batches`.
  let certified: [[Int]]
  /// In which batches began, the latest first.
  let years: [Int]
  private let byYear: [Int: [Int]]

  init(_ registry: Registry) {
    let batches = registry.batches
    slugs = batches.map { Self.slug(of: $0) }
    var certified = Array(
      repeating: Array(repeating: 0, count: registry.schemes.count), count: batches.count)
    for (kind, count) in registry.figures.certified { certified[kind.batch][kind.scheme] = count }
    self.certified = certified
    let inOrder = batches.indices.sorted { left, right in
      if batches[left].from != batches[right].from {
        return batches[left].from > batches[right].from
      }
      return batches[left].code.utf8.lexicographicallyPrecedes(batches[right].code.utf8)
    }
    byYear = Dictionary(grouping: inOrder) { batches[$0].from.year }
    years = byYear.keys.sorted(by: >)
  }

  static func slug(of batch: Batch) -> String { listSlug(batch.code) }

  func count(_ batch: Int) -> Int { certified[batch].reduce(0, +) }

  /// The batches of a year, the latest first.
  func batches(of year: Int) -> [Int] { byYear[year] ?? [] }

  func pages(of year: Int) -> Int {
    (batches(of: year).count + Self.batchesPerPage - 1) / Self.batchesPerPage
  }

  /// Finds codes that would lead to one page.
  static func checkAddresses(_ batches: [Batch], findings: inout Findings) {
    var taken: [String: Batch] = [:]
    for batch in batches {
      if let other = taken[slug(of: batch)] {
        findings.add(
          Diagnostic(
            "duplicate-batch-address",
            at: SourceLocation(path: "seeds/batches.csv", line: batch.line, column: 1),
            message: "The page of a batch is at /batches/\(slug(of: batch))/, and so is that of"
              + " `\(other.code)` in line \(other.line)",
            hint: "give one of them a code that differs in letters or digits, here and in the"
              + " registry; capitals, spaces and signs do not count"))
      } else {
        taken[slug(of: batch)] = batch
      }
    }
  }
}
