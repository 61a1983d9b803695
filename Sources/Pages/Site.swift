package import Layout
package import Project
package import Proof
import Registry

/// What pages and lists are made from: the project, what the proof needs of its certificates, and the
/// ledger as this build leaves it.
package struct Site: Sendable {
  package let project: Project
  package let fingerprints: Fingerprints
  package let ledger: Ledger
  /// The directory of artisans, and the batches.
  package let lists: RegistryLists
  /// Certificates that were published and then erased.
  package let erased: [CertificateCode]
  /// What browsers search in, by language.
  package let search: [String: SearchIndex]
  /// Pictures for sharing; nil without a program that makes them.
  package let sharePictures: SharePictures?
  /// The ordinals of the certificates that search engines are told: those in force whose holders
  /// agreed to be listed.
  package let certificatesForSearchEngines: [Int]

  /// - Parameter maker: makes the pictures for sharing; without it pages show the common one.
  package init(
    _ project: Project, fingerprints: Fingerprints, ledger: Ledger, pictures maker: PictureMaker?
  ) {
    self.init(
      project: project, fingerprints: fingerprints, ledger: ledger,
      lists: RegistryLists(project.registry, configuration: project.configuration),
      erased: ledger.erasedCertificates,
      sharePictures: maker.flatMap { SharePictures(project, maker: $0) },
      certificatesForSearchEngines: project.registry.listed.entries.lazy.filter {
        $0.expires >= project.today && fingerprints.entries[$0.ordinal].status == .valid
      }.map(\.ordinal))
  }

  private init(
    project: Project, fingerprints: Fingerprints, ledger: Ledger, lists: RegistryLists,
    erased: [CertificateCode], sharePictures: SharePictures?, certificatesForSearchEngines: [Int]
  ) {
    self.project = project
    self.fingerprints = fingerprints
    self.ledger = ledger
    self.lists = lists
    self.erased = erased
    search = SearchIndex.all(project)
    self.sharePictures = sharePictures
    self.certificatesForSearchEngines = certificatesForSearchEngines
  }

  /// The same certificates and log with other texts or templates, for a preview.
  package func with(_ project: Project) -> Site {
    Site(
      project: project, fingerprints: fingerprints, ledger: ledger, lists: lists, erased: erased,
      sharePictures: sharePictures.flatMap { $0.showing(project) },
      certificatesForSearchEngines: certificatesForSearchEngines)
  }

  /// Where links to certificates lead.
  package var certificates: CertificateAddresses {
    CertificateAddresses(
      registry: project.registry, fingerprints: fingerprints,
      areTrusted: project.hasTextsAlone)
  }

  /// The files that each certificate has.
  package var certificateFiles: CertificateFiles { project.configuration.certificateFiles }

  /// The sitemaps of certificates, each of at most `SitemapPaths.limit` addresses.
  package var certificateSitemaps: Int {
    (certificatesForSearchEngines.count + SitemapPaths.limit - 1) / SitemapPaths.limit
  }
}
