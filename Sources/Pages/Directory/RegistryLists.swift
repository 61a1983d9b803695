package import Layout
import Project
import Registry

/// The pages and files beside certificates that are made of the registry: the directory of artisans,
/// and the batches. Which there are is decided from the census, before a certificate is read again.
package struct RegistryLists: Sendable {
  package enum File: Sendable {
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

  package let directory: DirectoryLayout
  let batches: BatchList
  package let files: [(path: OutputPath, file: File)]
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
    for language in SiteLanguages.whole {
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
    for part in 0..<(pages + SitemapPaths.limit - 1) / SitemapPaths.limit {
      let path = SitemapPaths.lists(part)
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
    return pages.dropFirst(part * SitemapPaths.limit).prefix(SitemapPaths.limit).map {
      "/\($0.path.text.dropLast("index.html".count))"
    }
  }
}
