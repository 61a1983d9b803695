import Diagnostics
import Layout
import Pages
import Project
import Proof
import Registry

/// Makes the files of single certificates, each by itself; `CertificateWriter` makes them all.
struct SingleCertificates: Sendable {
  private let site: Site
  private let pages: CertificatePages
  private let formats: CertificateFormats

  init(_ site: Site, pages: CertificatePages) throws(MachineFailure) {
    self.site = site
    self.pages = pages
    formats = try CertificateFormats(site)
  }

  /// A file of the certificate at a place in the registry.
  func bytes(of kind: CertificateFiles, ordinal: Int) throws -> [UInt8] {
    let certificate = site.project.registry.certificate(ordinal: ordinal)
    let record = formats.records.bytes(of: certificate)
    let logIndex = site.ledger.index(ofOrdinal: ordinal)
    func page() throws -> [UInt8] {
      try pages.page(
        certificate, record: record, salt: formats.records.salt(in: record, of: certificate),
        logIndex: logIndex, template: pages.template(for: pages.variant(of: certificate)))
    }
    return switch kind {
    case .record: record
    case .credential:
      try formats.credentials.bytes(
        of: certificate, fingerprint: site.fingerprints[ordinal], index: logIndex)
    case .badge:
      try formats.badges?.bytes(
        of: certificate, fingerprint: site.fingerprints[ordinal], index: logIndex) ?? []
    case .pageGzip: try Compression.gzip.compress(page())
    case .pageBrotli: try Compression.brotli.compress(page())
    default: try page()
    }
  }
}
