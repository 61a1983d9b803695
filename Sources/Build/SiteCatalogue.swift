import Content
package import Layout
import Output
import Pages
import Project
import Proof
import Theme

/// A file of the site that is made before anything is sealed, and is no certificate's.
struct PlannedFile: Sendable {
  /// What its bytes are made of; `SiteRenderer` makes them.
  enum Source: Sendable {
    /// Made already: the theme's assets, the files of the search.
    case bytes([UInt8])
    /// A picture or document of the editors.
    case document(PublishedFile)
    case sharePicture(SharePictures.Picture)
    case single(SingleFile)
    case erased
    case page(PlannedPage)
    case list(RegistryLists.File)
    case feed(FeedFormat, language: String)
    case statistics(StatisticsTable, StatisticsTable.Format)
    /// A sitemap of certificates, counted from 0.
    case sitemap(Int)
    case statusList(StatusListFile)
    case host(HostKind)
  }

  let path: OutputPath
  let phase: Phase
  let source: Source
  /// The compressed forms in which the site has the file too.
  let compressions: [Compression]

  /// Whether it takes long to make, and has a digest of what it is made of in its name.
  var isDrawn: Bool {
    switch source {
    case .sharePicture: true
    case .document(let file): file.isScaled
    default: false
    }
  }

  /// Its own and those of what is compressed.
  var paths: [OutputPath] { [path] + compressions.map { $0.path(of: path) } }
}

/// Every file of a site, in the order of writing: a new file is there before a list leads to it.
///
/// Counting, building, previewing, the manifest and the receipt follow from it, and from a file's path
/// what `Layout` says of it: its phase, its headers, whether it is compressed.
package struct SiteCatalogue: Sendable {
  let files: [PlannedFile]
  /// Made of the sealed ledger, behind all others.
  let log: [LogFile]
  let certificates: CertificateFamily

  /// The files of all certificates. There may be millions, so each is named only when it is asked for.
  struct CertificateFamily: Sendable {
    let fingerprints: Fingerprints
    /// Of each certificate.
    let files: CertificateFiles

    var count: Int { fingerprints.count * files.count }
  }

  /// - Parameters:
  ///   - sharePictures: by their paths.
  ///   - log: the log's files, its checkpoint last.
  init(_ site: Site, sharePictures: [OutputPath: SharePictures.Picture], log: [LogFile]) {
    let project = site.project
    let outline = project.outline
    var files: [PlannedFile] = []
    func add(_ path: OutputPath, _ source: PlannedFile.Source) {
      let compressions =
        Compression.isCompressible(for: path) ? project.configuration.precompress : []
      files.append(
        PlannedFile(path: path, phase: .of(path), source: source, compressions: compressions))
    }
    for asset in project.theme.assets.all { add(asset.path, .bytes(asset.bytes)) }
    for (path, file) in outline.documents { add(path, .document(file)) }
    for picture in sharePictures.sorted(by: { $0.key < $1.key }) {
      add(picture.key, .sharePicture(picture.value))
    }
    for language in project.configuration.languages {
      for file in site.search[language]?.files ?? [] { add(file.path, .bytes(file.bytes)) }
    }
    for code in site.erased { add(ErasedPage.path(code), .erased) }
    for (path, file) in site.lists.files { add(path, .list(file)) }
    for (table, format) in outline.statisticsFiles {
      add(table.path(format), .statistics(table, format))
    }
    for page in outline.pages { add(page.path, .page(page)) }
    for part in 0..<site.certificateSitemaps {
      add(SitemapPaths.certificates(part), .sitemap(part))
    }
    for list in StatusListFile.all(
      for: site.certificateFiles, count: site.ledger.statusListCount)
    {
      add(list.path, .statusList(list))
    }
    for language in outline.feedLanguages {
      for format in FeedFormat.allCases {
        add(
          project.configuration.feedPath(format, in: language), .feed(format, language: language))
      }
    }
    for file in outline.singleFiles { add(file.path, .single(file)) }
    for host in project.configuration.hosts { add(host.path, .host(host)) }
    let phases = Dictionary(grouping: files, by: \.phase)
    self.files = Phase.allCases.flatMap { phases[$0] ?? [] }
    self.log = log
    certificates = CertificateFamily(
      fingerprints: site.fingerprints, files: site.certificateFiles)
  }

  /// How many files the site has.
  package var count: Int { paths.count + certificates.count }

  /// The paths of all files but those of certificates.
  package var paths: [OutputPath] { files.flatMap(\.paths) + log.map(\.path) }

  /// What the manifest has of the site, in the order of `paths`, and then of the certificates.
  var manifestEntries: [OutputManifest.Entry] {
    var entries = paths.map { OutputManifest.Entry($0) }
    entries.reserveCapacity(entries.count + certificates.fingerprints.count)
    for ordinal in 0..<certificates.fingerprints.count {
      entries.append(
        OutputManifest.Entry(
          certificates.fingerprints[ordinal].code.folderBytes, files: certificates.files))
    }
    return entries
  }
}
