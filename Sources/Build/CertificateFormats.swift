import Diagnostics
import Layout
import Pages
import Project
import Proof
import Registry

/// Writes the files of certificates that are no pages.
struct CertificateFormats: Sendable {
  let records: RecordFormat
  let credentials: CredentialFormat
  /// nil for a site without badges.
  let badges: BadgeFormat?

  /// - Throws: when an address of the site cannot stand in a badge.
  init(_ site: Site) throws(MachineFailure) {
    let project = site.project
    let configuration = project.configuration
    records = RecordFormat(registry: project.registry, secret: project.secret)
    credentials = CredentialFormat(
      registry: project.registry, addresses: project.credentialAddresses, keys: project.keys)
    guard site.certificateFiles.contains(.badge) else {
      badges = nil
      return
    }
    do {
      badges = try BadgeFormat(
        registry: project.registry, addresses: project.credentialAddresses, keys: project.keys
      ) { configuration.address("schemes/\($0.slug)/", in: configuration.languages[0]) }
    } catch {
      throw MachineFailure("make badges", reason: "\(error)")
    }
  }
}
