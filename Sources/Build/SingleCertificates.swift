import Layout
import Pages
import Project
import Proof
import Registry

/// Makes the files of single certificates, each by itself; `CertificateWriter` makes them all.
struct SingleCertificates: Sendable {
  private let site: Site
  private let pages: CertificatePages
  private let format: RecordFormat
  private let credentials: CredentialFormat

  init(_ site: Site, pages: CertificatePages) {
    let project = site.project
    self.site = site
    self.pages = pages
    format = RecordFormat(registry: project.registry, secret: project.secret)
    credentials = CredentialFormat(
      registry: project.registry, addresses: project.credentialAddresses, keys: project.keys)
  }

  /// A file of the certificate at a place in the registry.
  func bytes(of kind: CertificateFiles, ordinal: Int) throws -> [UInt8] {
    let certificate = site.project.registry.certificate(ordinal: ordinal)
    let record = format.bytes(of: certificate)
    let logIndex = site.ledger.index(ofOrdinal: ordinal)
    func page() throws -> [UInt8] {
      try pages.page(
        certificate, record: record, salt: format.salt(in: record, of: certificate),
        logIndex: logIndex, template: pages.template(for: pages.variant(of: certificate)))
    }
    return switch kind {
    case .record: record
    case .credential:
      try credentials.bytes(
        of: certificate, fingerprint: site.fingerprints[ordinal], index: logIndex)
    case .pageGzip: try Compression.gzip.compress(page())
    case .pageBrotli: try Compression.brotli.compress(page())
    default: try page()
    }
  }
}
