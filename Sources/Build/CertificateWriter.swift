import Files
import Layout
import Output
import Pages
import Project
import Proof
import Registry
import Synchronization

/// Renders and writes the certificates of a shard, passing over what is there already.
struct CertificateWriter: Sendable {
  let plan: SitePlan
  let output: OutputWriter
  let formats: CertificateFormats
  let templates: TemplateCache
  let reuse: Reuse
  /// The files that each certificate gets, in the order of writing.
  let files: [(kind: CertificateFiles, name: String)]

  /// What of the last build still holds.
  struct Reuse: Sendable {
    let cache: BuildCache?
    /// The joined signatures of the cache's certificates as they are now.
    let signatures: [StatSignature]
    /// Whether all pages would be made by the same templates.
    let holdsForPages: Bool
    /// Whether all credentials would be written and signed the same way.
    let holdsForCredentials: Bool
    /// The same of all badges.
    let holdsForBadges: Bool
  }

  struct Result: Sendable {
    var changes: [OutputWriter.Change] = []
    var news: [FileChange] = []
    var entries: [CertificateTable.Entry] = []
  }

  /// Room for the files of one certificate, taken again for the next.
  private struct Buffers {
    var record: [UInt8] = []
    var credential: [UInt8] = []
    var page: [UInt8] = []
    /// Whether the page is this certificate's already.
    var hasPage = false
  }

  /// What a certificate's files are made from, and what is known of them.
  private struct Work {
    let ordinal: Int
    let code: CertificateCode
    let logIndex: Int
    /// Of what registry and log say of it beside its record.
    let inputs: UInt64
    /// What the last build made its files from, where nobody touched them since and nothing but the
    /// template can have changed.
    let before: CertificateTable.Entry?
  }

  /// - Parameter worker: tells concurrent writers apart.
  func write(_ shard: Registry.Shard, worker: Int) throws -> Result {
    let work = try shard.ordinals.map(work)
    var result = Result()
    if work.allSatisfy(holdsWhole) {
      for item in work { keep(item, &result) }
      return result
    }
    // A worker keeps the templates it met, so it asks the cache once for each variant.
    var known: [PageVariant: CertificateTemplate] = [:]
    var buffers = Buffers()
    let certificates = plan.site.project.registry.certificates(in: shard)
    // By position, since a copy of a certificate counts all that it holds.
    for position in certificates.indices {
      let item = work[position]
      // No template is made for what stays.
      if holdsWhole(item) {
        keep(item, &result)
        continue
      }
      let variant = templates.pages.variant(of: certificates[position])
      let template: CertificateTemplate
      if let found = known[variant] {
        template = found
      } else {
        template = templates.template(for: variant)
        known[variant] = template
      }
      try write(
        certificates[position], item, template: template, worker: worker, &buffers, &result)
    }
    return result
  }

  private func work(_ ordinal: Int) throws -> Work {
    let entry = plan.site.fingerprints.entries[ordinal]
    let index = plan.site.ledger.index(ofOrdinal: ordinal)
    let successor = plan.site.project.registry.successor(of: ordinal).map {
      plan.site.fingerprints[$0].code
    }
    let inputs = StatSignature(
      joining: [entry.remarks, UInt64(index), successor?.high ?? 0, successor?.low ?? 0]
        .map { StatSignature(value: $0) }
    ).value
    let code = entry.fingerprint.code
    var before: CertificateTable.Entry?
    if let table = reuse.cache?.certificates, let position = table.position(of: code) {
      let entry = table.entries[position]
      if entry.inputs == inputs, entry.signature == reuse.signatures[position] { before = entry }
    }
    return Work(ordinal: ordinal, code: code, logIndex: index, inputs: inputs, before: before)
  }

  /// Whether all files of a certificate are still what they have to be.
  private func holdsWhole(_ work: Work) -> Bool {
    reuse.holdsForPages && reuse.holdsForCredentials && reuse.holdsForBadges
      && work.before != nil
  }

  /// Leaves all files of a certificate as they are.
  private func keep(_ work: Work, _ result: inout Result) {
    guard let before = work.before else { return }
    result.entries.append(before)
    for _ in files { result.changes.append(.unchanged) }
  }

  private func write(
    _ certificate: Certificate, _ work: Work, template: CertificateTemplate, worker: Int,
    _ buffers: inout Buffers, _ result: inout Result
  ) throws {
    let folder = work.code.folderBytes
    formats.records.write(certificate, into: &buffers.record)
    buffers.hasPage = false
    let present =
      work.before == nil ? [] : try output.signatures(of: work.code, names: files.map(\.name))
    // Somebody may have touched them since they were looked at.
    let before = work.before.flatMap { $0.signature == StatSignature(joining: present) ? $0 : nil }
    var signatures: [StatSignature] = []
    for (position, file) in files.enumerated() {
      if let before, holds(file.kind, before, template) {
        signatures.append(present[position])
        result.changes.append(.unchanged)
        continue
      }
      let bytes = try bytes(of: file.kind, certificate, work, template: template, &buffers)
      let written = try output.write(
        OutputPath(folder: folder, name: file.name), bytes, worker: worker,
        isFirst: position == 0)
      signatures.append(written.signature)
      result.changes.append(written.change)
      if let news = written.news { result.news.append(news) }
    }
    result.entries.append(
      CertificateTable.Entry(
        code: work.code, inputs: work.inputs,
        template: template.digest, signature: StatSignature(joining: signatures)))
  }

  /// Makes a file in the buffers, where the record is already.
  private func bytes(
    of kind: CertificateFiles, _ certificate: Certificate, _ work: Work,
    template: CertificateTemplate, _ buffers: inout Buffers
  ) throws -> [UInt8] {
    switch kind {
    case .record: return buffers.record
    case .credential:
      try formats.credentials.write(
        certificate, fingerprint: plan.site.fingerprints[work.ordinal], index: work.logIndex,
        into: &buffers.credential)
      return buffers.credential
    case .badge:
      return try formats.badges?.bytes(
        of: certificate, fingerprint: plan.site.fingerprints[work.ordinal], index: work.logIndex)
        ?? []
    default: break
    }
    if !buffers.hasPage {
      try templates.pages.write(
        certificate, record: buffers.record,
        salt: formats.records.salt(in: buffers.record, of: certificate), logIndex: work.logIndex,
        template: template, into: &buffers.page)
      buffers.hasPage = true
    }
    return switch kind {
    case .pageGzip: try Compression.gzip.compress(buffers.page)
    case .pageBrotli: try Compression.brotli.compress(buffers.page)
    default: buffers.page
    }
  }

  /// Whether a file that nobody touched since the last build is still what it has to be.
  private func holds(
    _ kind: CertificateFiles, _ before: CertificateTable.Entry, _ template: CertificateTemplate
  ) -> Bool {
    switch kind {
    // Its path is the hash of its bytes.
    case .record: true
    case .credential: reuse.holdsForCredentials
    case .badge: reuse.holdsForBadges
    default: reuse.holdsForPages || before.template == template.digest
    }
  }
}

/// The templates of all variants met so far.
///
/// Two workers that meet a variant at the same moment both render it: that costs less than if one waited
/// for the other.
final class TemplateCache: Sendable {
  let pages: CertificatePages
  private let templates = Mutex<[PageVariant: CertificateTemplate]>([:])

  init(pages: CertificatePages) {
    self.pages = pages
  }

  func template(for variant: PageVariant) -> CertificateTemplate {
    if let known = templates.withLock({ $0[variant] }) { return known }
    let made = pages.template(for: variant)
    templates.withLock { $0[variant] = made }
    return made
  }
}
